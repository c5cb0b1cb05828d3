"""Notices in the tool and the mails that carry them out of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import new_id
from services.identity.model.base import Base, personal


class Notice(Base):
    """What one person is told about one event, once."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("event_id", "person_id"), Index("ix_notice_mine", "person_id", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), info=personal("telling the person what concerns them"))
    event_id: Mapped[UUID]
    at: Mapped[datetime]
    type: Mapped[str] = mapped_column(String(80))
    days: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    """Those that the text names; the words themselves are said in the language of whoever reads."""
    link: Mapped[str] = mapped_column(String(200))
    read_at: Mapped[datetime | None]

    def read(self, at: datetime) -> None:
        """Mark as read; the first time counts."""
        self.read_at = self.read_at or at


class Mail(Base):
    """A mail to be sent, and when it was; a refused one says why."""

    __tablename__ = "mail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True, info=personal("writing to the person"))
    e_mail: Mapped[str] = mapped_column(String(254), info=personal("writing to the person"))
    title: Mapped[str] = mapped_column(String(200), info=personal("writing to the person"))
    # Some mails carry the secret of a link, which an open session alone must not get at.
    text: Mapped[str] = mapped_column(info={**personal("writing to the person"), "secret": True})
    language: Mapped[str] = mapped_column(String(8), info=personal("writing to the person"))
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    refused: Mapped[str | None] = mapped_column(String(300), info=personal("knowing why a mail did not arrive"))

    def close(self, refused: str | None, at: datetime) -> None:
        """Note that it was sent, or why the relay refused it."""
        self.refused, self.sent_at = refused, None if refused else at

    @property
    def is_open(self) -> bool:
        """Whether it is still to be sent."""
        return self.sent_at is None and self.refused is None
