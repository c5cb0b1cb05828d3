"""The log of ranked lists shown, and the count of changes applied."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import new_id
from services.matching.model.base import Base


class ShownList(Base):
    """One ranked list as it was shown: later, what was accepted and declined is learnt from against it (domain, section 7)."""

    __tablename__ = "shown_list"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    participation_id: Mapped[UUID] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(index=True)
    data_version: Mapped[int] = mapped_column(BigInteger)
    partners: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """In order: {"participation_id", "position", "score"}."""
    weights: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    """The participation's own weights, if it has moved them; null: those of the day."""
    setting: Mapped[str | None] = mapped_column(String(10))
    """How far its order went by exposure; null before there was such an order."""
    best_total: Mapped[int | None]
    """What the scores of the best come to; `given_up` is how much less those shown have."""
    given_up: Mapped[int | None]


class OpenedEntry(Base):
    """An entry that one opened, and where it stood on the list that showed it last; both are null for whoever came by the catalogue."""

    __tablename__ = "opened_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    participation_id: Mapped[UUID] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(String(10))
    partner_participation_id: Mapped[UUID]
    at: Mapped[datetime]
    data_version: Mapped[int] = mapped_column(BigInteger)
    shown_list_id: Mapped[UUID | None] = mapped_column(ForeignKey("shown_list.id"))
    position: Mapped[int | None]


class Rating(Base):
    """How useful one side found the exchange, 1 to 5, as it last said."""

    __tablename__ = "rating"

    exchange_id: Mapped[UUID] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    usefulness: Mapped[int | None]
    heard_version: Mapped[int]

    def hear(self, usefulness: int | None, subject_version: int) -> None:
        """Take a newer rating over; an older one that came late is dropped."""
        if subject_version > self.heard_version:
            self.usefulness, self.heard_version = usefulness, subject_version


class DataVersion(Base):
    """One row: how many changes that lists depend on were applied. Its lock makes the count follow the order of commits."""

    __tablename__ = "data_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    """Whose count it is: two databases count their own changes, and an index of one is none of the other."""


class ParticipantChange(Base):
    """The data version at which something that lists depend on last changed for a participation.

    A row of its own, for only who holds the count writes here: nobody waits for a participant while others wait for the count.
    """

    __tablename__ = "participant_change"

    participation_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, index=True)
