"""The domain clock: real time in production, movable in development.

The offset lives in one small file that every process reads at each look, so a moved clock has arrived everywhere as soon as the
file is replaced. Tokens, deadlines and logs use real time and never this clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """Tells domain time; without a file it is real time."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    def offset(self) -> timedelta:
        """How far domain time is ahead of real time."""
        if self._file is None:
            return timedelta()
        try:
            return timedelta(seconds=float(self._file.read_text()))
        except FileNotFoundError:
            return timedelta()

    def now(self) -> datetime:
        """Domain time, aware, in UTC."""
        return datetime.now(UTC) + self.offset()


class StillClock(Clock):
    """A clock for tests: it stands where it was put until it is moved."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self._at = at

    def now(self) -> datetime:
        """The time it was put at."""
        return self._at

    def advance(self, **by: float) -> None:
        """Move on by a timedelta's keywords."""
        self._at += timedelta(**by)
