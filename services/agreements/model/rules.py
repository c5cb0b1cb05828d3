"""The figures and the method that exchanges go by: dated, sourced rows, and what they say on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from chassis.bare.dated import FigureRow, MethodRow
from contracts.agreements import EXCHANGE_METHODS, ExchangeFigureAdded, ExchangeMethodAdded
from services.agreements.model.base import Base


class RuleFigure(FigureRow, Base):
    """One figure (days, months, times), from a day on."""

    __tablename__ = "rule_figure"
    announced_as: ClassVar = ExchangeFigureAdded


class RuleMethod(MethodRow, Base):
    """One method, from a day on."""

    __tablename__ = "rule_method"
    announced_as: ClassVar = ExchangeMethodAdded

    @property
    def meaning(self) -> str:
        """What the method does, in words."""
        return EXCHANGE_METHODS[self.name][self.value]


@dataclass(frozen=True)
class Rules:
    """What holds on one day: the figures by their names, and how working days are counted, with the source of that."""

    least_working_days: int
    longest_stay_months: int
    farthest_ahead_days: int
    arrival_reminder_days: int
    arrival_second_reminder_days: int
    arrival_escalation_days: int
    automatic_end_days: int
    report_days: int
    report_reminder_days: int
    report_reminders: int
    working_days_method: str
    working_days_source: str

    @property
    def arrival_asked_after(self) -> tuple[int, ...]:
        """Days after the planned first day when the arrival is asked for; the last time the support office is told, too."""
        return self.arrival_reminder_days, self.arrival_second_reminder_days, self.arrival_escalation_days
