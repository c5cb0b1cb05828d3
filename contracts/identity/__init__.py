"""What identity promises: accounts, sessions, roles, notices, newsletters."""
