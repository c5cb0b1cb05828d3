"""The plan of an exchange while it is written: the draft of the commitment to quality."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Date

from chassis.bare.tables import Versioned
from contracts.agreements import Plan, PlanIncomplete
from contracts.words import TOOL_LANGUAGES
from services.agreements.model.base import Base, personal
from services.agreements.model.dates import working_days

NEEDED = ("start", "end", "travellers", "objectives", "action_plan", "expected_outcomes")


class Draft(Versioned, Base):
    """The plan as it stands on the writing desk of visitor and host; its version is what If-Match names."""

    __tablename__ = "draft"

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), primary_key=True)
    start: Mapped[date | None]
    end: Mapped[date | None]
    travel_days: Mapped[list[date]] = mapped_column(ARRAY(Date), default=list)
    travellers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, info=personal("who travels"))
    objectives: Mapped[list[str]] = mapped_column(default=list)
    action_plan: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    expected_outcomes: Mapped[str] = mapped_column(default="")
    visitor_responsibilities: Mapped[str] = mapped_column(default="")
    host_responsibilities: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default=TOOL_LANGUAGES[0])
    amendment_reason: Mapped[str] = mapped_column(default="")
    amendment_explanation: Mapped[str] = mapped_column(default="", info=personal("saying why it is amended"))

    @classmethod
    def blank(cls) -> Draft:
        """A plan with nothing in it."""
        draft = cls(amendment_reason="", amendment_explanation="")
        draft.write(Plan.read({}))
        return draft

    def write(self, plan: dict[str, Any]) -> None:
        """Replace what is written by a loaded Plan."""
        plain = Plan.write(plan)
        self.start, self.end, self.travel_days = plan["start"], plan["end"], sorted(plan["travel_days"])
        self.travellers, self.action_plan = plain["travellers"], plain["action_plan"]
        self.objectives, self.expected_outcomes = plan["objectives"], plan["expected_outcomes"]
        self.visitor_responsibilities = plan["responsibilities"]["visitor"]
        self.host_responsibilities = plan["responsibilities"]["host"]
        self.place, self.language = plan["place"], plan["language"]

    @property
    def responsibilities(self) -> dict[str, str]:
        """What each side takes on."""
        return {"visitor": self.visitor_responsibilities, "host": self.host_responsibilities}

    @property
    def plan(self) -> dict[str, Any]:
        """The plan as the contract loads it."""
        return Plan.read(self.plain)

    @property
    def plain(self) -> dict[str, Any]:
        """The plan in plain JSON, as the contract writes it."""
        return {name: getattr(self, name) for name in ("travellers", "objectives", "action_plan", "responsibilities")} | {
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "travel_days": [day.isoformat() for day in self.travel_days],
            "expected_outcomes": self.expected_outcomes,
            "place": self.place,
            "language": self.language,
        }

    @property
    def missing(self) -> list[str]:
        """What must still be filled in before it can be submitted."""
        sides = [f"responsibilities.{side}" for side, words in self.responsibilities.items() if not words]
        return [name for name in NEEDED if not getattr(self, name)] + sides

    def working_days_in(self, country: str, method: str) -> int | None:
        """The full working days of the dates as written, in the host's country, so counted; None while dates are missing."""
        if self.start is None or self.end is None or (self.end - self.start).days > 366:
            return None
        return working_days(self.start, self.end, self.travel_days, country, method)

    def complete(self) -> tuple[date, date]:
        """First and last day of a complete plan; raises PlanIncomplete naming what is missing."""
        if self.missing or self.start is None or self.end is None:
            raise PlanIncomplete(missing=", ".join(self.missing), fields={name: ["Missing."] for name in self.missing})
        return self.start, self.end
