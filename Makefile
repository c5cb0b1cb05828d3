# The only way to do anything; `make` lists it all.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python

.PHONY: help
help: ## list everything that can be done
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {print "\n" substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## bring what the machine lacks: Debian's packages, .venv from requirements.lock (instant when all is there)
	@deploy/local/setup.sh
