"""Secrets that are handed out once and kept only as their hash."""

import hashlib
import secrets


def new_secret() -> str:
    """A fresh secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is kept of a secret: its SHA-256, which suffices because the secret itself cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
