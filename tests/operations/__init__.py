"""Each service at work, as administrators see it."""
