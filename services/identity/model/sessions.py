"""Sessions: what a log-in opens. They live in real time, like everything that guards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import Fact, new_id
from contracts.identity.events import LoggedOut
from contracts.identity.refusals import SessionEnded
from services.identity.model.base import Base, personal
from services.identity.model.secrets import hashed, new_secret


class Session(Base):
    """One log-in of one person; only the hash of its secret is kept."""

    __tablename__ = "session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True, info=personal("staying logged in"))
    began_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    LIFETIME: ClassVar = timedelta(hours=12)

    @classmethod
    def begin(cls, person_id: UUID, at: datetime) -> tuple[Session, str]:
        """A session and its secret."""
        secret = new_secret()
        session = cls(
            id=new_id(), secret_hash=hashed(secret), person_id=person_id, began_at=at, authenticated_at=at, expires_at=at + cls.LIFETIME
        )
        return session, secret

    def check(self, at: datetime) -> None:
        """Raise SessionEnded unless the session is open."""
        if self.ended_at is not None or at > self.expires_at:
            raise SessionEnded

    def confirm(self, at: datetime) -> None:
        """Note that the password was given again."""
        self.check(at)
        self.authenticated_at = at

    def log_out(self, at: datetime) -> list[Fact]:
        """Close the session, as its person wishes."""
        if self.ended_at is not None:
            return []
        self.end(at)
        return [LoggedOut.of(self.person_id, person_id=self.person_id, session_id=self.id)]

    def end(self, at: datetime) -> None:
        """Close the session; closing it again changes nothing."""
        self.ended_at = self.ended_at or at
