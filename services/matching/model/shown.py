"""The log of ranked lists shown, and the count of changes applied."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, String
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
    at: Mapped[datetime]
    data_version: Mapped[int] = mapped_column(BigInteger)
    partners: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """In order: {"participation_id", "position", "score"}."""


class DataVersion(Base):
    """One row: how many changes that lists depend on were applied. Its lock makes the count follow the order of commits."""

    __tablename__ = "data_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(BigInteger)
