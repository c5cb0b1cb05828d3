"""The entry points that the runner starts."""
