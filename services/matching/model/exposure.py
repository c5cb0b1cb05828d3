"""How often participants are shown in ranked lists: to whom within a week, and the counts that the order for exposure goes by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.matching.model.base import Base
from services.matching.ranking.fairness import SETTINGS


@dataclass(frozen=True)
class Fairness:
    """The figures of the day: to how many a host is shown within a week, and how far the order for exposure goes."""

    host_shown_per_week: int
    exposure_order: int

    @property
    def setting(self) -> str:
        """Off, gentle or strong."""
        return SETTINGS[self.exposure_order]


class Showing(Base):
    """Somebody was shown to a participant in that week, as host or as visitor; the same list seen again is no further showing."""

    __tablename__ = "showing"
    __table_args__ = (Index("ix_showing_at", "at"),)

    week: Mapped[date] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(primary_key=True)
    to_participation_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class ShownInWeek(Base):
    """To how many participants a host was shown in a week. Its lock lets nobody pass the cap; reaching it raises the data version."""

    __tablename__ = "shown_in_week"
    __table_args__ = (Index("ix_shown_in_week_week", "week", "count"),)

    week: Mapped[date] = mapped_column(primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(primary_key=True)
    count: Mapped[int]


class Exposure(Base):
    """To how many participants somebody was shown in the days before the last count; lists go by this, and never by what came since."""

    __tablename__ = "exposure"

    role: Mapped[str] = mapped_column(String(10), primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(primary_key=True)
    shown: Mapped[int]


class ExposureCount(Base):
    """One count of exposure, planned for a day and made on it: one more data version. What the lists of its days reached and gave up."""

    __tablename__ = "exposure_count"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    counted_at: Mapped[datetime | None] = mapped_column(index=True)
    usual: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    """By role, how often those were shown on average who were shown at all."""
    hosts: Mapped[int] = mapped_column(default=0)
    hosts_shown: Mapped[int] = mapped_column(default=0)
    gini: Mapped[int] = mapped_column(default=0)
    lists: Mapped[int] = mapped_column(default=0)
    best_total: Mapped[int] = mapped_column(BigInteger, default=0)
    given_up: Mapped[int] = mapped_column(BigInteger, default=0)
