"""Password hashing: argon2id with 19 MiB and two passes (source: OWASP), a few at a time, beside the event loop."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.running.threads import in_thread

MOST_AT_ONCE = 2

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_places = threading.BoundedSemaphore(MOST_AT_ONCE)
_NOBODY = _hasher.hash("a password that opens nothing")


def hash_password(password: str) -> str:
    """The hash that is stored."""
    with _places:
        return in_thread(_hasher.hash, password)


def is_password(password: str, stored: str | None) -> bool:
    """Whether the password fits; an unknown account costs the same work as a known one."""
    with _places:
        fits = in_thread(_verify, password, stored or _NOBODY)
    return fits and stored is not None


def _verify(password: str, stored: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
