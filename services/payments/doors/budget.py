"""The door to the budget in figures."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from contracts.payments import ReadBudget
from services.payments.budget import budget
from services.payments.doors.frame import Doors


class BudgetDoors(Doors):
    """Money added up."""

    @answers(ReadBudget)
    def read_budget(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """By partnership and month."""
        with self.unit() as unit:
            return unit.reply({"items": budget(unit, who, request)})
