"""Faults: what breaks around the system, and what it keeps nevertheless."""
