"""The doors of the agreements service, by noun."""
