"""Doors of the reference data: public reads, and the figures that administrators add."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.dated import add_row, page_of_rows
from chassis.running.doors import answers
from chassis.running.unit import Units
from contracts.registry import (
    AddEligibilityRule,
    AddRegistrationFigure,
    ListRegistrationFigures,
    ReadConsentNotices,
    ReadEcosystemActivities,
    ReadEligibilityRules,
    ReadReference,
)
from services.registry.model import RuleFigure
from services.registry.model.reference import suggested
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

    @answers(ReadEcosystemActivities)
    def read_ecosystem_activities(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Which divisions belong to which ecosystems on a day, and what the named ones suggest."""
        with self.unit() as unit:
            items = reference.ecosystem_activities(unit, request["nace"], request["on"] or unit.now.date())
            return unit.reply({"items": items, "suggested": suggested(items) if request["nace"] else []})

    @answers(ReadEligibilityRules)
    def read_eligibility_rules(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Who may visit and host on a day."""
        with self.unit() as unit:
            on = request["on"] or unit.now.date()
            return unit.reply(
                {"items": reference.every_eligibility_rule(unit) if request["all"] else reference.eligibility_rules(unit, on)}
            )

    @answers(AddEligibilityRule)
    def add_eligibility_rule(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A new rule of who may visit and host."""
        with self.unit() as unit:
            return unit.reply(reference.add_eligibility_rule(unit, request))

    @answers(ListRegistrationFigures)
    def list_registration_figures(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The figures that registrations go by."""
        with self.unit() as unit:
            return unit.reply(page_of_rows(unit, RuleFigure, request))

    @answers(AddRegistrationFigure)
    def add_registration_figure(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A new figure."""
        with self.unit() as unit:
            return unit.reply(add_row(unit, RuleFigure, request))

    @answers(ReadConsentNotices)
    def read_consent_notices(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The notices to consent to."""
        with self.unit() as unit:
            return unit.reply({"items": reference.notices(unit, unit.now.date(), request["language"])})
