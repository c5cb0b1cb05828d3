"""How good lists were, held against what both sides decided: `make evaluate`, on an installation's log or on a file of decisions.

A room beside the service: no door leads here, and nothing that it finds changes a list.
"""
