"""Rooms that answer like the real ones and do nothing: the runner is tested without the services."""
