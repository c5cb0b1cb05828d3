"""Tests of what matching keeps in memory."""
