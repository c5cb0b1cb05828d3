"""Identity: accounts, sessions, roles, newsletters, and everything people are told."""
