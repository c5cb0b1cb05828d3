"""Doors of the reference data: public reads."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Units
from contracts.registry import ReadConsentNotices, ReadEligibilityRules, ReadReference
from services.registry.queries import reference


class ReferenceDoors:
    """Closed lists and dated rules."""

    unit = Units()

    @answers(ReadReference)
    def read_reference(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """One list as it holds on a day."""
        with self.unit() as unit:
            rows = reference.terms(unit, request["kind"], request["on"] or unit.now.date())
            return unit.reply({"kind": request["kind"], "items": rows})

    @answers(ReadEligibilityRules)
    def read_eligibility_rules(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Who may visit and host on a day."""
        with self.unit() as unit:
            return unit.reply({"items": reference.eligibility_rules(unit, request["on"] or unit.now.date())})

    @answers(ReadConsentNotices)
    def read_consent_notices(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The notices to consent to."""
        with self.unit() as unit:
            return unit.reply({"items": reference.notices(unit, unit.now.date())})
