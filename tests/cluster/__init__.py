"""The system on a broker of three nodes whose machines die and whose network is cut. Needs root: `make test-cluster`."""
