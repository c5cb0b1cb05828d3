"""Tests are sentences; one folder per room."""
