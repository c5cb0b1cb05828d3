"""People at the system's door: they know its public addresses, the mails they get, and nothing of its insides."""
