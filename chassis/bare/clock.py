"""The domain clock: real time in production, movable in development.

The offset lives in one small file that every process reads at each look, so a moved clock has arrived everywhere as soon as the
file is replaced. Tokens, deadlines and logs use real time and never this clock.
"""

from __future__ import annotations

import fcntl
import os
import re
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
            # Without the layers of a text file, for this is looked at in every unit.
            descriptor = os.open(self._file, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return timedelta()
        try:
            return timedelta(seconds=float(os.read(descriptor, 100)))
        finally:
            os.close(descriptor)

    def now(self) -> datetime:
        """Domain time, aware, in UTC."""
        return datetime.now(UTC) + self.offset()


UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


def advance(file: Path, by: timedelta) -> datetime:
    """Move domain time on for every process that reads this file, and return what it is then; two at once both count.

    Raises ValueError for a time that no calendar has: a file that says so would stop every process.
    """
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lead = Clock(file).offset() + by
        try:
            _ = datetime.now(UTC) + lead
        except OverflowError as error:
            raise ValueError("the calendar ends before that") from error
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_text(f"{lead.total_seconds():.0f}")
        os.replace(fresh, file)
    return Clock(file).now()


def duration(text: str) -> timedelta:
    """Read 2w, 10d, 3h or 90m, and sums of them such as 1d12h; raises ValueError for anything else, going back included."""
    if not re.fullmatch(r"(\d{1,5}[wdhm])+", text):
        raise ValueError(f"{text!r} is not like 10d, 2w, 3h, 90m or 1d12h")
    return sum((timedelta(**{UNITS[unit]: int(count)}) for count, unit in re.findall(r"(\d+)([wdhm])", text)), timedelta())


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
