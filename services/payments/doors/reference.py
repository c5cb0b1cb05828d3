"""Doors to the reference rates and the figures of the rule."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.dated import add_row, page_of_rows
from chassis.running.doors import answers
from contracts.payments import AddAssistanceMethod, AddFigure, AddRate, ListAssistanceMethods, ListFigures, ListRates
from contracts.payments.refusals import RateAlreadyThere
from services.payments import queries
from services.payments.doors.frame import Doors
from services.payments.model import Rate, RuleFigure, RuleMethod


class ReferenceDoors(Doors):
    """Reading and adding dated rows."""

    @answers(ListRates)
    def list_rates(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The rates."""
        with self.unit() as unit:
            return unit.reply(queries.rates(unit, request))

    @answers(AddRate)
    def add_rate(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A new rate."""
        with self.unit() as unit:
            applies_to, valid_from = request["applies_to"], request["valid_from"]
            if queries.has_rate(unit, applies_to, valid_from):
                raise RateAlreadyThere(applies_to=applies_to, valid_from=valid_from.isoformat())
            rate = Rate.add(applies_to, request["amount"]["minor"], valid_from, request["source"], unit.now)
            unit.session.add(rate)
            unit.announce(rate.added())
            return unit.reply(rate)

    @answers(ListFigures)
    def list_figures(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The figures of the rule."""
        with self.unit() as unit:
            return unit.reply(page_of_rows(unit, RuleFigure, request))

    @answers(AddFigure)
    def add_figure(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A new figure."""
        with self.unit() as unit:
            return unit.reply(add_row(unit, RuleFigure, request))

    @answers(ListAssistanceMethods)
    def list_assistance_methods(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The methods of the rule."""
        with self.unit() as unit:
            return unit.reply(page_of_rows(unit, RuleMethod, request))

    @answers(AddAssistanceMethod)
    def add_assistance_method(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Another method."""
        with self.unit() as unit:
            return unit.reply(add_row(unit, RuleMethod, request))
