"""Password hashing: argon2id with 19 MiB and two passes (source: OWASP), a few at a time, beside the event loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.bare.refusals import Unavailable
from chassis.running.threads import in_thread

MOST_AT_ONCE = 2
MOST_WAITING = 4
"""With those at work fewer than a process has workers, so that logging in never holds up those who are logged in."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_places = threading.BoundedSemaphore(MOST_AT_ONCE)
_line = threading.BoundedSemaphore(MOST_AT_ONCE + MOST_WAITING)
_NOBODY = _hasher.hash("a password that opens nothing")


@contextmanager
def in_line() -> Iterator[None]:
    """A place in the line for hashing; raises Unavailable when the line is full. Taken before an attempt is counted."""
    if not _line.acquire(blocking=False):
        raise Unavailable("Too many passwords are being checked just now.")
    try:
        yield
    finally:
        _line.release()


def hash_password(password: str) -> str:
    """The hash that is stored; raises Unavailable when too many wait already."""
    with in_line(), _places:
        return in_thread(_hasher.hash, password)


def is_password(password: str, stored: str | None) -> bool:
    """Whether the password fits; an unknown account costs the same work as a known one. Asked `in_line`."""
    with _places:
        fits = in_thread(_verify, password, stored or _NOBODY)
    return fits and stored is not None


def _verify(password: str, stored: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
