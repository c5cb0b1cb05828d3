"""`make clock ADVANCE=10d`: move the domain clock on. Every process reads the file at each look, so when this returns all have it."""

import fcntl
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.local.files import write_atomically
from deploy.local.settings import read_settings
from deploy.local.unusable import Unusable, plainly

UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


class ClockFile:
    """The file with the domain clock's lead over real time, in seconds."""

    def __init__(self, state: Path) -> None:
        self.path = state / "clock"

    def make(self) -> None:
        """Start at real time, unless it was moved before."""
        if not self.path.exists():
            write_atomically(self.path, "0")

    def now(self) -> datetime:
        """Domain time."""
        return datetime.now(UTC) + timedelta(seconds=self._lead())

    def advance(self, by: timedelta) -> datetime:
        """Move domain time on, never back, and return what it is then."""
        if by < timedelta():
            raise Unusable("the domain clock only moves forward; `make reset` starts again at real time.")
        # Two at once must both count.
        with (self.path.parent / "clock.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            write_atomically(self.path, f"{self._lead() + by.total_seconds():.0f}")
        return self.now()

    def _lead(self) -> float:
        return float(self.path.read_text())


def length(text: str) -> timedelta:
    """Read 2w, 10d, 3h or 90m, and sums of them such as 1d12h."""
    if text.startswith("-"):
        raise Unusable("the domain clock only moves forward; `make reset` starts again at real time.")
    if not re.fullmatch(r"(\d{1,5}[wdhm])+", text):
        raise Unusable(f"ADVANCE is {text!r}; say it like 10d, 2w, 3h, 90m or 1d12h.")
    return sum((timedelta(**{UNITS[unit]: int(count)}) for count, unit in re.findall(r"(\d+)([wdhm])", text)), timedelta())


def main() -> None:
    """Move the clock by ADVANCE and print the new domain time."""
    clock = ClockFile(read_settings().state)
    if not clock.path.exists():
        raise Unusable("there is no domain clock yet; `make run` makes it.")
    print(f"domain time is {clock.advance(length(os.environ.get('ADVANCE', ''))):%Y-%m-%d %H:%M:%S} UTC")


if __name__ == "__main__":
    plainly(main)
