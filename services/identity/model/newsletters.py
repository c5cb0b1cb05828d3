"""Newsletter subscriptions of bare addresses: double opt-in, one-step out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.model.base import LETTERS, Base, personal
from services.identity.model.secrets import hashed, new_secret


class Subscription(Base):
    """What an address asked for; it receives letters only once confirmed."""

    __tablename__ = "subscription"

    e_mail_key: Mapped[str] = mapped_column(
        String(762), primary_key=True, info=personal("sending letters that the person wants", LETTERS, "until the person leaves")
    )
    letters: Mapped[list[str]] = mapped_column(info=personal("sending letters that the person wants", LETTERS, "until the person leaves"))
    wanted: Mapped[list[str]] = mapped_column(info=personal("sending letters that the person wants", LETTERS, "until the person leaves"))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    @classmethod
    def ask(cls, e_mail_key: str, at: datetime) -> Subscription:
        """A subscription to nothing yet."""
        return cls(e_mail_key=e_mail_key, letters=[], wanted=[], secret_hash=hashed(new_secret()), asked_at=at)

    def want(self, letters: list[str], at: datetime) -> str:
        """Ask for letters; returns the secret of the confirming link."""
        secret = new_secret()
        self.wanted, self.secret_hash, self.asked_at = sorted({*self.letters, *letters}), hashed(secret), at
        return secret

    def confirm(self, at: datetime) -> None:
        """Begin to receive what was asked for; the link may be followed again without effect."""
        if self.confirmed_at is None or self.letters != self.wanted:
            self.letters, self.confirmed_at = self.wanted, at

    def leave(self, letters: list[str]) -> None:
        """Receive these letters no longer."""
        self.letters = self.wanted = [letter for letter in self.letters if letter not in letters]
