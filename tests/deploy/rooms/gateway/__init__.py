"""An entrance that only says that it is healthy."""
