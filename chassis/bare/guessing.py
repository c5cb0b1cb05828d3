"""Guessing limits: failures make the next attempt wait, ever longer, and nobody is ever locked out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.personal import personal
from chassis.bare.refusals import TooManyAttempts


class Guessing:
    """How often something failed under one key, whose first word says of what kind it is; all in real time."""

    key: Mapped[str] = mapped_column(
        String(800),
        primary_key=True,
        info=personal("making whoever guesses wait", "keeping accounts from being guessed (GDPR 6(1)(f))", "until erased"),
    )
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]

    FREE: ClassVar[dict[str, int]] = {}
    """Failures of each kind that cost no waiting."""
    SHARED: ClassVar[frozenset[str]] = frozenset({"address"})
    """Kinds of keys that many stand behind: one that is let in takes back no failure but the count of its own attempt."""
    LONGEST_WAIT: ClassVar = timedelta(minutes=15)
    FORGOTTEN_AFTER: ClassVar = timedelta(hours=1)

    def check(self, at: datetime) -> None:
        """Raise TooManyAttempts while the wait lasts."""
        left = self.last_at + self.wait() - at
        if left > timedelta():
            raise TooManyAttempts(retry_after=int(left.total_seconds()) + 1)

    def wait(self) -> timedelta:
        """The pause after the failures so far: 1, 2, 4 ... seconds from the first that is not free."""
        beyond = self.failures - self.FREE[self.kind]
        return min(timedelta(seconds=2 ** min(beyond - 1, 12)), self.LONGEST_WAIT) if beyond > 0 else timedelta()

    def attempt(self, at: datetime) -> None:
        """Count an attempt before its outcome is known, so that many at once are many; an hour without any begins anew.

        Raises TooManyAttempts while the wait of the earlier ones lasts.
        """
        self.check(at)
        self.failures = 1 if at - self.last_at > self.FORGOTTEN_AFTER else self.failures + 1
        self.last_at = at

    def succeed(self) -> None:
        """Forget the failures; those of an address only for this attempt, or one good account would cover any number of guesses."""
        self.failures = max(self.failures - 1, 0) if self.kind in self.SHARED else 0

    @property
    def kind(self) -> str:
        """What the key counts: its first word."""
        return self.key.partition(" ")[0]
