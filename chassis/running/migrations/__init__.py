"""The migrations environment all services share, and the chassis' own tables."""
