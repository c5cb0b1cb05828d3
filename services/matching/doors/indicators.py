"""The door to contacts in figures."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Units
from contracts.matching import CountContacts
from services.matching.queries import indicators


class IndicatorDoors:
    """Contacts counted."""

    unit = Units()

    @answers(CountContacts)
    def count_contacts(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How far they came."""
        with self.unit() as unit:
            return unit.reply(indicators.counts(unit, who, request))
