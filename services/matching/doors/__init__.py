"""Matching's doors, one module per noun."""
