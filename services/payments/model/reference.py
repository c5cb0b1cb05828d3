"""Reference rows, dated and sourced: what a country is worth, and the figures of the rule; and copies of what others say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import Fact, new_id
from contracts.payments import FigureAdded, RateAdded
from contracts.payments.refusals import RateNotBackdated
from services.payments.assistance import DECIDED_BASE, PAYING_OFFICER, Figure, Place, Rules
from services.payments.assistance import Base as LumpBase
from services.payments.model.base import TRAIL, Base, money, personal

OUTERMOST, DISABILITY = "outermost_region", "disability"


class Rate(Base):
    """The whole lump sum, in cents, for hosts in a country (or a special case), from a day on."""

    __tablename__ = "reference_rate"
    __table_args__ = (UniqueConstraint("applies_to", "valid_from"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    applies_to: Mapped[str] = mapped_column(String(40))
    amount_minor: Mapped[int]
    valid_from: Mapped[date]
    source: Mapped[str]
    added_at: Mapped[datetime]

    @classmethod
    def add(cls, applies_to: str, amount_minor: int, valid_from: date, source: str, at: datetime) -> Rate:
        """A new row; raises RateNotBackdated, so that no amount already computed loses its ground."""
        _refuse_backdating(valid_from, at)
        return cls(id=new_id(), applies_to=applies_to, amount_minor=amount_minor, valid_from=valid_from, source=source, added_at=at)

    def added(self) -> Fact:
        """What follows from adding it."""
        data = {"rate_id": self.id, "applies_to": self.applies_to, "amount": money(self.amount_minor), "valid_from": self.valid_from}
        return RateAdded.of(self.id, **data)

    @property
    def rate_id(self) -> UUID:
        """The id as the contract calls it."""
        return self.id

    @property
    def amount(self) -> dict[str, Any] | None:
        """The lump sum as Money."""
        return money(self.amount_minor)


class RuleFigure(Base):
    """One figure of the rule (days, kilometres, per cent, cents), from a day on."""

    __tablename__ = "rule_figure"
    __table_args__ = (UniqueConstraint("name", "valid_from"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    value: Mapped[int]
    valid_from: Mapped[date]
    source: Mapped[str]
    added_at: Mapped[datetime]

    @classmethod
    def add(cls, name: str, value: int, valid_from: date, source: str, at: datetime) -> RuleFigure:
        """A new row; raises RateNotBackdated."""
        _refuse_backdating(valid_from, at)
        return cls(id=new_id(), name=name, value=value, valid_from=valid_from, source=source, added_at=at)

    def added(self) -> Fact:
        """What follows from adding it."""
        return FigureAdded.of(self.id, figure_id=self.id, name=self.name, value=self.value, valid_from=self.valid_from)

    @property
    def figure_id(self) -> UUID:
        """The id as the contract calls it."""
        return self.id


class Participation(Base):
    """A copy of what a participation's public profile says of its place and country."""

    __tablename__ = "participation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int]
    legal_name: Mapped[str]
    country: Mapped[str] = mapped_column(String(2))
    outermost_region: Mapped[bool]
    latitude: Mapped[float]
    longitude: Mapped[float]

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.latitude, self.longitude)


class Partnership(Base):
    """A copy of a partnership's names, of the fact numbered `heard_version`; its row is also the lock for numbering its payment lists."""

    __tablename__ = "partnership"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    acronym: Mapped[str]
    name: Mapped[str]
    heard_version: Mapped[int] = mapped_column(default=0)


class PayingOfficer(Base):
    """A copy of who is, or was (`is_one`), paying officer of a partnership, of identity's fact numbered `heard_version`."""

    __tablename__ = "paying_officer"

    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal("knowing whether there is a second person", TRAIL))
    is_one: Mapped[bool]
    heard_version: Mapped[int]


@dataclass(frozen=True)
class Tariff:
    """The reference rows that hold on one day: rates by what they apply to, figures by name."""

    rates: dict[str, Figure]
    figures: dict[str, Figure]

    def rules(self) -> Rules:
        """The figures that the arithmetic needs."""
        names = ("halving_days", "halving_km", "reduced_percent", "ceiling", "minimum_working_days")
        return Rules(**{name: self.figures[name] for name in names})

    def days(self, name: str) -> int:
        """A figure that counts days."""
        return self.figures[name].value

    def base(self, host_country: str, *, outermost: bool, decided: bool) -> LumpBase | None:
        """The base for a host's country, or None without a row; a decided base says only that it was decided."""
        if decided:
            return LumpBase(DECIDED_BASE, self.rates[DISABILITY].value, PAYING_OFFICER)
        applies_to = OUTERMOST if outermost else host_country
        rate = self.rates.get(applies_to)
        name = "base for an outermost region" if outermost else f"base for {host_country}"
        return None if rate is None else LumpBase(name, rate.value, rate.source)


def _refuse_backdating(valid_from: date, at: datetime) -> None:
    if valid_from < at.date():
        raise RateNotBackdated
