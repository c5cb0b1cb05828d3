"""Limits for load, per process and address: how many writes somebody without a session may send in a minute.

Guessing passwords is limited in identity, for all gateways together; this only keeps one address from filling lists and mailboxes.
"""

from __future__ import annotations

import time
from collections import deque

from chassis.bare.refusals import Forbidden

WINDOW_S = 60
MOST_ADDRESSES = 20_000


class TooManyRequests(Forbidden):
    """Too many requests came from your address; wait {retry_after} seconds and go on."""


class Limits:
    """Counts writes per address; `most` in a minute, 0 for no limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: dict[str, deque[float]] = {}

    def count(self, address: str) -> None:
        """Count one write; raises TooManyRequests."""
        if not self._most:
            return
        now = time.monotonic()
        times = self._of(address)
        while times and now - times[0] > WINDOW_S:
            times.popleft()
        if len(times) >= self._most:
            raise TooManyRequests(retry_after=int(WINDOW_S - (now - times[0])) + 1)
        times.append(now)

    def _of(self, address: str) -> deque[float]:
        if len(self._times) >= MOST_ADDRESSES:
            # Better forgotten early than remembered without bound.
            self._times.clear()
        return self._times.setdefault(address, deque())
