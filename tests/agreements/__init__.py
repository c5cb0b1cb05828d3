"""Tests of the agreements service."""
