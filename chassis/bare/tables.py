"""The tables every service has beside its own: journal, heard, waiting, answered, due, jobs."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, Index, Integer, MetaData, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from chassis.bare.message import new_id
from chassis.bare.personal import personal

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

TRAIL = personal(
    "knowing who did what", "accounting for public money (GDPR 6(1)(c)); an id, which names nobody once erased", "as long as the journal"
)
REPEAT = personal(
    "answering a repeated command the same", "carrying out what the person asked for (GDPR 6(1)(b))", "30 days, or until erased"
)

Moment = DateTime(timezone=True)
TYPES: dict[Any, Any] = {datetime: Moment, dict[str, Any]: JSONB, list[str]: ARRAY(Text), str: Text}


class Table(DeclarativeBase):
    """The base of every mapped class of the chassis; each service has a base of its own, made the same way."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


class Versioned:
    """Rows that two people may edit: `version` counts changes, is the ETag, and a concurrent change is refused by the database."""

    version: Mapped[int] = mapped_column(Integer, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class JournalRow(Table):
    """One fact: written in the transaction that made it true, never changed but for `published_at`, never erased.

    Rows of one subject are numbered from 1 and chained by hash, so that a missing or altered row shows.
    """

    __tablename__ = "journal"
    __table_args__ = (
        UniqueConstraint("subject", "subject_version"),
        Index("ix_journal_unpublished", "position", postgresql_where="published_at IS NULL"),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=new_id)
    type: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120))
    subject_version: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120), info=TRAIL)
    audience: Mapped[list[str]]
    data: Mapped[dict[str, Any]] = mapped_column(info=TRAIL)
    correlation_id: Mapped[str] = mapped_column(String(120))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    def seal(self, previous_hash: str) -> None:
        """Chain this row to the one before it of the same subject ('' for the first)."""
        self.previous_hash = previous_hash
        self.hash = self.computed_hash()

    def as_written(self) -> dict[str, Any]:
        """What is written; the position is the database's to give."""
        return {column.key: getattr(self, column.key) for column in self.__table__.columns if column.key != "position"}

    def computed_hash(self) -> str:
        """The SHA-256 over everything the row says and the previous hash."""
        content = [
            str(self.id), self.type, self.subject, self.subject_version, self.at.isoformat(), self.actor,
            self.audience, self.data, self.correlation_id, self.previous_hash,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class HeardRow(Table):
    """Which event each listener has already applied."""

    __tablename__ = "heard"

    listener: Mapped[str] = mapped_column(String(120), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class WaitingRow(Table):
    """An event whose precondition is not there yet; it is applied when it is."""

    __tablename__ = "waiting"
    __table_args__ = (UniqueConstraint("listener", "event_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    listener: Mapped[str] = mapped_column(String(120))
    event_id: Mapped[UUID]
    event: Mapped[dict[str, Any]] = mapped_column(info=TRAIL)
    reason: Mapped[str]
    since: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(index=True)


class AnsweredRow(Table):
    """A command that was carried out: its key, its content's hash and the answer it got."""

    __tablename__ = "answered"

    actor: Mapped[str] = mapped_column(String(120), primary_key=True, info=REPEAT)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request: Mapped[str] = mapped_column(String(80))
    content_hash: Mapped[str] = mapped_column(String(64))
    reply: Mapped[dict[str, Any]] = mapped_column(info=REPEAT)
    at: Mapped[datetime] = mapped_column(index=True)


class DueRow(Table):
    """Work at a date: done once, by whichever process is free."""

    __tablename__ = "due"
    __table_args__ = (Index("ix_due_open", "at", postgresql_where="done_at IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120), index=True)
    arguments: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(40))
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]


class JobRow(Table):
    """Long work in a worker process, with its progress: queued, running, done or failed."""

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("kind", "event_id"), Index("ix_job_open", "next_try_at", postgresql_where="finished_at IS NULL"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(80))
    event_id: Mapped[UUID]
    subject: Mapped[str] = mapped_column(String(120), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(info=TRAIL)
    audience: Mapped[list[str]]
    actor: Mapped[str] = mapped_column(String(120), info=TRAIL)
    subject_version: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    correlation_id: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20), default="queued")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
