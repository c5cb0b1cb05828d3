"""Reference rows, dated and sourced: what a country is worth, and the figures of the rule; and copies of what others say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.dated import FigureRow, MethodRow
from chassis.bare.message import Fact, new_id
from contracts.payments import ASSISTANCE_METHODS, DISTANCE_METHODS, AssistanceMethodAdded, FigureAdded, RateAdded
from contracts.payments.refusals import RateNotBackdated
from services.payments.assistance import DECIDED_BASE, PAYING_OFFICER, Figure, Method, Place, Rules
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
        if valid_from < at.date():
            raise RateNotBackdated
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


class RuleFigure(FigureRow, Base):
    """One figure of the rule (days, kilometres, per cent, cents), from a day on."""

    __tablename__ = "rule_figure"
    announced_as: ClassVar = FigureAdded


class RuleMethod(MethodRow, Base):
    """One method of the rule, from a day on."""

    __tablename__ = "rule_method"
    announced_as: ClassVar = AssistanceMethodAdded

    @property
    def meaning(self) -> str:
        """What the method does, in words."""
        return ASSISTANCE_METHODS[self.name][self.value]


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
    """The reference rows that hold on one day: rates by what they apply to, figures by name, and how distances are measured."""

    rates: dict[str, Figure]
    figures: dict[str, Figure]
    distance_method: str
    distance_source: str

    def rules(self) -> Rules:
        """The figures that the arithmetic needs."""
        names = ("halving_days", "halving_km", "reduced_percent", "ceiling", "minimum_working_days", "payment_days")
        return Rules(**{name: self.figures[name] for name in names})

    def measured(self) -> Method:
        """How distances are measured, in words, and where that comes from."""
        return Method(DISTANCE_METHODS[self.distance_method], self.distance_source)

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
