"""Matching's reads, by noun: participants, catalogue, contacts, conversations, matches, changes."""
