"""The door to registrations in figures."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Units
from contracts.registry import CountRegistrations
from services.registry.queries import indicators


class IndicatorDoors:
    """Registrations counted."""

    unit = Units()

    @answers(CountRegistrations)
    def count_registrations(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How far they came."""
        with self.unit() as unit:
            return unit.reply(indicators.counts(unit, who, request))
