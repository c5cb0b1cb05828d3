"""Partnerships, and the copy of who their contact points are."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import Fact, new_id
from chassis.bare.principal import Principal
from chassis.bare.tables import Versioned
from contracts.registry import OF_CONTACT_POINTS, FieldsOfAdministrators, PartnershipChanged, PartnershipCreated, PartnershipNotYours
from contracts.words import CURRENCY
from services.registry.model.base import Base, personal
from services.registry.model.rules import Rules

INTEREST = ("interest_every_months", "interest_answer_days")


class Partnership(Versioned, Base):
    """A body of clusters that takes care of participants. Months and days are those of the question about continued interest."""

    __tablename__ = "partnership"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    acronym: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str]
    website: Mapped[str | None] = mapped_column(String(500))
    country: Mapped[str] = mapped_column(String(2))
    countries: Mapped[list[str]]
    ecosystems: Mapped[list[str]]
    wave: Mapped[int]
    budget_minor: Mapped[int] = mapped_column(BigInteger)
    open_for_registration: Mapped[bool]
    others_may_visit: Mapped[bool]
    interest_every_months: Mapped[int]
    interest_answer_days: Mapped[int]

    @classmethod
    def create(cls, content: Mapping[str, Any], rules: Rules) -> tuple[Partnership, Fact]:
        """A new partnership with the content of a request, and the fact of it; the rules say what it leaves open."""
        partnership = cls(id=new_id())
        left_open = {name: getattr(rules, name) for name in INTEREST if content.get(name) is None}
        partnership._set({**content, **left_open})
        return partnership, PartnershipCreated.of(partnership.id, audience=[partnership.id], **partnership._public())

    def revise(self, by: Principal, content: Mapping[str, Any]) -> Fact:
        """Change what the content names; raises PartnershipNotYours, and FieldsOfAdministrators for what is not a contact point's."""
        if not by.has("administrator"):
            self._check_contact_point(by, content)
        self._set(content)
        return PartnershipChanged.of(self.id, audience=[self.id], **self._public())

    @property
    def budget(self) -> dict[str, Any]:
        """The budget as an amount of money."""
        return {"minor": self.budget_minor, "currency": CURRENCY}

    @budget.setter
    def budget(self, amount: Mapping[str, Any]) -> None:
        self.budget_minor = amount["minor"]

    def suits(self, ecosystems: list[str], country: str | None, rules: Rules) -> dict[str, Any]:
        """How well it suits an organisation by sector and geography: points for each shared ecosystem, its countries, its seat."""
        shared = [each for each in ecosystems if each in self.ecosystems]
        covers = country in self.countries
        score = rules.ecosystem_points * len(shared) + rules.country_points * covers + rules.seat_points * (country == self.country)
        return {
            "partnership_id": self.id,
            "acronym": self.acronym,
            "name": self.name,
            "country": self.country,
            "shared_ecosystems": shared,
            "covers_country": covers,
            "score": score,
        }

    def asks_interest_at(self, since: datetime) -> datetime:
        """When continued interest is asked for next: so many months later, on the month's last day where the day is missing."""
        months = since.year * 12 + since.month - 1 + self.interest_every_months
        year, month = months // 12, months % 12 + 1
        return since.replace(year=year, month=month, day=min(since.day, calendar.monthrange(year, month)[1]))

    def _check_contact_point(self, by: Principal, content: Mapping[str, Any]) -> None:
        if not by.has("registrations", self.id):
            raise PartnershipNotYours
        others = sorted(set(content) - set(OF_CONTACT_POINTS))
        if others:
            raise FieldsOfAdministrators(fields=", ".join(others))

    def _set(self, content: Mapping[str, Any]) -> None:
        for name, value in content.items():
            setattr(self, name, value)

    def _public(self) -> dict[str, Any]:
        return {"partnership_id": self.id, "acronym": self.acronym, "name": self.name, "country": self.country}


class ContactPoint(Base):
    """One permission of one person at one partnership, as identity granted it."""

    __tablename__ = "contact_point"

    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(
        primary_key=True, info=personal("naming the people to turn to", retention="until the role is revoked")
    )
    permission: Mapped[str] = mapped_column(String(40), primary_key=True)
