"""The figures that registrations go by: dated, sourced rows, and what they say on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from chassis.bare.dated import FigureRow
from contracts.registry.rules import RegistrationFigureAdded
from services.registry.model.base import Base


class RuleFigure(FigureRow, Base):
    """One figure (points, months, days), from a day on."""

    __tablename__ = "rule_figure"
    announced_as: ClassVar = RegistrationFigureAdded


@dataclass(frozen=True)
class Rules:
    """The figures that hold on one day, by their names."""

    ecosystem_points: int
    country_points: int
    seat_points: int
    interest_every_months: int
    interest_answer_days: int
    desk_answer_days: int
