"""Secrets of partnership systems: handed out once, kept only as the salted hash that RabbitMQ takes for a password.

One hash serves both ways in, AMQP and HTTP. A fast one is enough: nobody guesses 192 random bits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

SALT_BYTES = 4
"""As many as RabbitMQ's rabbit_password_hashing_sha256 has: base64(salt + SHA-256(salt + secret))."""


def new_secret() -> str:
    """A fresh secret of 192 bits; letters and digits only, so that it fits into any address and file."""
    return secrets.token_hex(24)


def hashed(secret: str, salt: bytes | None = None) -> str:
    """What is kept of a secret."""
    salt = salt or secrets.token_bytes(SALT_BYTES)
    return base64.b64encode(salt + hashlib.sha256(salt + secret.encode()).digest()).decode()


def fits(secret: str, kept: str | None) -> bool:
    """Whether the secret is the one behind the hash; where there is none, the same work is done in vain."""
    wanted = kept or NOBODY
    salt = base64.b64decode(wanted)[:SALT_BYTES]
    return hmac.compare_digest(hashed(secret, salt), wanted) and kept is not None


NOBODY = hashed(new_secret())
