"""Tests of matching: ranking and rules without I/O, then the room on a real database."""
