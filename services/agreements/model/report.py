"""The visitor's closing report."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.tables import Versioned
from contracts.agreements import Report, ReportIncomplete
from services.agreements.model.base import Base, personal

NEEDED = ("as_planned", "first_day", "last_day", "days_present", "contacts_made", "usefulness", "publish")
ANSWERS = tuple(Report._declared_fields)


class ClosingReport(Versioned, Base):
    """The answers of the visiting organisation, and whether its partnership accepted them."""

    __tablename__ = "closing_report"

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), primary_key=True)
    as_planned: Mapped[bool | None]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    days_present: Mapped[int | None]
    deviations: Mapped[str] = mapped_column(default="", info=personal("the visitor's own account"))
    outcomes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, info=personal("the visitor's own account"))
    contacts_made: Mapped[int | None]
    follow_ups: Mapped[list[str]] = mapped_column(default=list)
    follow_up_details: Mapped[str] = mapped_column(default="", info=personal("the visitor's own account"))
    usefulness: Mapped[int | None]
    publish: Mapped[bool | None]
    comments: Mapped[str] = mapped_column(default="", info=personal("saying what to change"))
    submitted_at: Mapped[datetime | None]
    validated_at: Mapped[datetime | None]

    def write(self, answers: dict[str, Any]) -> None:
        """Replace what is written by a loaded Report."""
        for name in ANSWERS:
            setattr(self, name, answers[name])

    def missing(self, objectives: list[str]) -> list[str]:
        """What must still be answered, given the objectives of the plan: an outcome of each; deviations where not as planned."""
        missing = [name for name in NEEDED if getattr(self, name) is None]
        if not set(objectives) <= {each["objective"] for each in self.outcomes}:
            missing.append("outcomes")
        if self.as_planned is False and not self.deviations:
            missing.append("deviations")
        return missing

    def complete(self, objectives: list[str]) -> None:
        """Raise ReportIncomplete naming what is missing, if anything is."""
        if missing := self.missing(objectives):
            raise ReportIncomplete(missing=", ".join(missing), fields={name: ["Missing."] for name in missing})
