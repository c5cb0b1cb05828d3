# The only way to do anything; `make` lists it all.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
# What is said on the command line (make run PORT=9000) reaches the commands through their environment.
export HEADED CHROMIUM PORT STATE AMQP_URI AMQP_MANAGEMENT_URI CALL_QUEUES DATABASE_URL DEMO ADVANCE SERVICE EMAIL N C SAVE show replay drop REASON PARTNERSHIP ROTATE REVOKE SHOW BUSY SEED EXCHANGES TO FROM ERASED FILE WEIGHTS JSON

.PHONY: help
help: ## list everything that can be done
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {print "\n" substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Run

.PHONY: setup
setup: ## bring what the machine lacks: Debian's packages, .venv from requirements.lock (instant when all is there)
	@deploy/local/setup.sh

.PHONY: web
web: setup ## build the pages into web/dist, if anything in web/ has changed
	@deploy/local/web.sh

.PHONY: run
run: setup web ## start everything; PORT=8080, STATE=.state, AMQP_URI, AMQP_MANAGEMENT_URI, DATABASE_URL, DEMO=1; Ctrl-C stops it
	@setpriv --pdeathsig TERM $(PYTHON) -m deploy.local.run

.PHONY: reset
reset: setup ## throw the data of the private broker and database away
	@$(PYTHON) -m deploy.local.reset

.PHONY: backup
backup: setup ## copy what runs, as it stands at one moment: TO=/backups/monday (holds keys and passwords)
	@$(PYTHON) -m deploy.local.backup

.PHONY: restore
restore: setup ## make a backup into an empty STATE, for make run to start: FROM=/backups/monday; ERASED=file a newer register
	@$(PYTHON) -m deploy.local.restore

.PHONY: status
status: setup ## which processes run, and whether each is healthy
	@$(PYTHON) -m deploy.local.status

.PHONY: audit
audit: setup ## whether every promise is kept (chains, states, events, money, files): 1 broken, 2 unreadable; BUSY=1 while much goes on
	@$(PYTHON) -m deploy.local.audit

.PHONY: index-check
index-check: setup ## whether the index in each process of matching is what a fresh one would be: 1 when one is not
	@$(PYTHON) -m deploy.local.index_check

.PHONY: scale
scale: setup ## so many processes of a service, now and from now on: matching=3 (also 0; identity, registry-work, ...)
	@$(PYTHON) -m deploy.local.scale $(MAKEOVERRIDES)

.PHONY: logs
logs: ## follow what all processes say; SERVICE=identity for one
	@tail -n 20 -F $(or $(STATE),.state)/logs/$(or $(SERVICE),)*.log

.PHONY: clock
clock: setup ## move the domain clock on: ADVANCE=10d (2w, 3h, 90m)
	@$(PYTHON) -m deploy.local.clock

.PHONY: exchange
exchange: setup ## play one whole exchange as the six people in it; N=100 C=8 many at once; SAVE=folder keeps what they could download
	@$(PYTHON) -m deploy.local.exchange

.PHONY: administrator
administrator: setup ## make the first administrator's account: EMAIL=you@example.org
	@$(PYTHON) -m deploy.local.by_hand administrator

.PHONY: partner-access
partner-access: setup ## give a partnership's system its login and queue: PARTNERSHIP=BLUES; ROTATE=1 a new secret, REVOKE=1, SHOW=1
	@$(PYTHON) -m deploy.local.by_hand partner-access

.PHONY: sandbox-events
sandbox-events: setup ## an example of every event for partnerships, for the partnership SANDBOX alone
	@$(PYTHON) -m deploy.local.by_hand sandbox-events

.PHONY: psql
psql: setup ## a prompt on a service's database, with its rights: SERVICE=identity
	@$(PYTHON) -m deploy.local.by_hand psql

.PHONY: parked
parked: setup ## messages that failed too often; show=ID one whole, replay=ID (or all) puts back, drop=ID REASON='...' throws away
	@$(PYTHON) -m deploy.local.parked

.PHONY: evaluate
evaluate: setup ## how good ranked lists are, by the log of what came of them; FILE=decisions.csv, WEIGHTS=learning=300,topics=0, SAVE=, JSON=1
	@$(if $(FILE),$(PYTHON) -W ignore -m services.matching.evaluation,$(PYTHON) -m deploy.local.by_hand evaluate)

.PHONY: env
env: setup ## what a service is told, for eval in a shell: SERVICE=identity
	@$(PYTHON) -m deploy.local.by_hand environment

##@ Work on it

.PHONY: test
test: setup ## every test, with a private broker and database of its own; ONLY=tests/matching for a part
ifdef ONLY
	@$(PYTHON) -m pytest $(ONLY)
else
	@$(PYTHON) -m tests.parts
endif

.PHONY: test-browser
test-browser: setup web ## people in a browser: a whole exchange, every page, keyboard, broken lines (part of make test); HEADED=1 shows it
	@deploy/local/setup.sh browser
	@$(PYTHON) -m pytest $(or $(ONLY),tests/web tests/browser)

.PHONY: test-pages
test-pages: setup web ## look at every page for everybody who may see it: barriers, sizes, calls, words (part of make test)
	@deploy/local/setup.sh browser
	@$(PYTHON) -m pytest tests/browser/test_pages.py

.PHONY: test-crash-points
test-crash-points: setup ## end a real process at every point of every door, and repeat what it did; PART=2/6, ONLY=registry/call:, SAMPLE=20 SEED=7
	@$(PYTHON) -W ignore -m tests.faults.crash_points $(if $(ONLY),--only $(ONLY)) $(if $(PART),--part $(PART)) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

.PHONY: test-repeats
test-repeats: setup ## deliver every call and event five times, at once and late; ONLY=registry/call:, SEED=7 (part of make test, a sample)
	@$(PYTHON) -W ignore -m tests.faults.repeats $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED))

.PHONY: test-cluster
test-cluster: setup ## three broker nodes whose machines die and whose network is cut, while exchanges run; needs root
	@$(PYTHON) -m pytest -s tests/cluster

.PHONY: bench
bench: setup ## measure on a quiet machine and write docs/benchmarks.md (half an hour); QUICK=1 only tries it, PARTS=requests,facts a part
	@$(PYTHON) -W ignore -m tests.load

.PHONY: bench-matching
bench-matching: setup ## measure the index of matching beside other engines and write its part of docs/benchmarks.md; N=100000 one size alone
	@$(PYTHON) -W ignore -m tests.matching_load

.PHONY: test-overload
test-overload: setup ## ten times too many callers for a minute, and a service that stands still (part of make test, shorter)
	@OVERLOAD_S=$${OVERLOAD_S:-60} $(PYTHON) -m pytest -s tests/faults/test_overload.py

.PHONY: test-broker-gone
test-broker-gone: setup ## three minutes without a broker, and what was committed meanwhile is delivered (part of make test, shorter); BROKER_GONE_S=600
	@BROKER_GONE_S=$${BROKER_GONE_S:-180} $(PYTHON) -m pytest -s tests/faults/test_outages.py -k broker_gone

.PHONY: test-faults
test-faults: setup ## play 50 exchanges while everything is killed at random, then audit; SEED=1 EXCHANGES=50
	@$(PYTHON) -m pytest tests/faults/test_kills.py

.PHONY: check
check: setup ## format, lint, types, import walls, contracts up to date, quick tests; in about a minute
	@$(PYTHON) -m tests.quick

.PHONY: check-web
check-web: setup ## types and accessibility of the pages' sources, and that every text is there in every language
	@deploy/local/web.sh check

.PHONY: format
format: setup ## put the code into the one form
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix --quiet .

.PHONY: contracts
contracts: setup ## generate contracts/published from the contracts; says what was promised and is no more
	@$(PYTHON) -m gateway.publish

.PHONY: migration
migration: setup ## write a migration step from the difference to a service's model: SERVICE=registry MESSAGE="add waves"
	@$(PYTHON) -m deploy.local.migration "$(SERVICE)" "$(MESSAGE)"

.PHONY: lock
lock: setup ## pin requirements.lock anew from requirements.in, with hashes
	@.venv/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --output-file=requirements.lock requirements.in
