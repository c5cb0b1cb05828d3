"""The doors of payments, by noun."""
