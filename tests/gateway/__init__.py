"""The gateway's tests, and the walk over all its routes."""
