"""Doors to the reference rates and the figures of the rule."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from contracts.payments import AddFigure, AddRate, ListFigures, ListRates
from contracts.payments.refusals import RateAlreadyThere
from services.payments import queries
from services.payments.doors.frame import Doors
from services.payments.model import Rate, RuleFigure


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
            return unit.reply(queries.figures(unit, request))

    @answers(AddFigure)
    def add_figure(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A new figure."""
        with self.unit() as unit:
            name, valid_from = request["name"], request["valid_from"]
            if queries.has_figure(unit, name, valid_from):
                raise RateAlreadyThere(applies_to=name, valid_from=valid_from.isoformat())
            figure = RuleFigure.add(name, request["value"], valid_from, request["source"], unit.now)
            unit.session.add(figure)
            unit.announce(figure.added())
            return unit.reply(figure)
