"""Doors to the figures and methods that exchanges go by."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.dated import add_row, page_of_rows
from chassis.running.doors import answers
from contracts.agreements import AddExchangeFigure, AddExchangeMethod, ListExchangeFigures, ListExchangeMethods
from services.agreements.doors.frame import Doors
from services.agreements.model import RuleFigure, RuleMethod


class RuleDoors(Doors):
    """Reading and adding dated rows."""

    @answers(ListExchangeFigures)
    def list_exchange_figures(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The figures."""
        with self.unit() as unit:
            return unit.reply(page_of_rows(unit, RuleFigure, request))

    @answers(AddExchangeFigure)
    def add_exchange_figure(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A new figure."""
        with self.unit() as unit:
            return unit.reply(add_row(unit, RuleFigure, request))

    @answers(ListExchangeMethods)
    def list_exchange_methods(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The methods."""
        with self.unit() as unit:
            return unit.reply(page_of_rows(unit, RuleMethod, request))

    @answers(AddExchangeMethod)
    def add_exchange_method(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Another method."""
        with self.unit() as unit:
            return unit.reply(add_row(unit, RuleMethod, request))
