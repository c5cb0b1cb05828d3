"""Doors to the figures that contacts and lists go by."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.running.dated import add_row, page_of_rows
from chassis.running.doors import answers, listens
from chassis.running.unit import Units
from contracts.agreements.rules import ExchangeFigureAdded
from contracts.matching import AddMatchingFigure, ListMatchingFigures
from services.matching.model import Setting
from services.matching.queries import changes


class RuleDoors:
    """Reading and adding dated rows. The database counts each as a change that lists may depend on."""

    unit = Units()

    @answers(ListMatchingFigures)
    def list_matching_figures(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The figures."""
        with self.unit() as unit:
            return unit.reply(page_of_rows(unit, Setting, request))

    @answers(AddMatchingFigure)
    def add_matching_figure(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A new figure."""
        with self.unit() as unit:
            return unit.reply(add_row(unit, Setting, request))

    @listens(ExchangeFigureAdded)
    def note_exchange_figure(self, event: Heard) -> None:
        """Keep the shortest stay as exchanges go by it: nobody should be shown a partner with whom no stay would be long enough."""
        with self.unit() as unit:
            if event.data["name"] in changes.FOLLOWED:
                unit.session.add(Setting.followed(event.data, event.at))
