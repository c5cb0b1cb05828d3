"""Doors of saved searches: keeping them, running them again, and telling who newly fits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.running.doors import answers, due, listens
from chassis.running.occasions import Due
from chassis.running.unit import Unit, Units
from contracts.identity.events import RoleRevoked
from contracts.matching.criteria import CatalogueCriteria
from contracts.matching.searches import (
    ChangeSavedSearch,
    DeleteSavedSearch,
    ListSavedSearches,
    ReadSavedSearch,
    RunSavedSearch,
    SaveSearch,
)
from services.matching.doors.indexed import Indexed
from services.matching.doors.steady import catch_up, steadily
from services.matching.index.live import Live
from services.matching.model import SavedSearch
from services.matching.model.search import NONE
from services.matching.queries import searches
from services.matching.queries.catalogue import Looker

LOOK, NEWCOMER = "saved_search_look", "saved_search_newcomer"


class SearchDoors:
    """What somebody looks for again and again."""

    unit = Units()
    index = Indexed()

    @answers(SaveSearch)
    def save_search(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Save a search; whoever fits now is known."""
        index = self.index()
        return steadily(self.unit, lambda unit: unit.reply(_save(unit, index, who, request)))

    @answers(ChangeSavedSearch)
    def change_saved_search(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Change what is said of it; with other criteria, whoever fits now is known."""
        index = self.index()
        return steadily(self.unit, lambda unit: unit.reply(_change(unit, index, who, request)))

    @answers(DeleteSavedSearch)
    def delete_saved_search(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Delete it with all that was known of it."""
        with self.unit() as unit:
            search = searches.own(unit, request["saved_search_id"], who, to_change=True)
            unit.unplan(LOOK, search.id)
            unit.session.delete(search)
            return unit.reply({})

    @answers(ListSavedSearches)
    def list_saved_searches(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show one's saved searches."""
        with self.unit() as unit:
            return unit.reply(searches.of_person(unit, who, request))

    @answers(ReadSavedSearch)
    def read_saved_search(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show one of them."""
        with self.unit() as unit:
            return unit.reply(searches.own(unit, request["saved_search_id"], who))

    @answers(RunSavedSearch)
    def run_saved_search(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show whom it finds now."""
        catch_up(self.unit, request["at_least"])
        index = self.index()

        def run(unit: Unit) -> dict[str, Any]:
            search = searches.own(unit, request["saved_search_id"], who)
            return unit.reply(searches.run(unit, index, search, who, request))

        return steadily(self.unit, run)

    @due(LOOK)
    def look_again(self, work: Due) -> None:
        """Look whether somebody newly fits a search, and when to look next."""
        index = self.index()
        steadily(self.unit, lambda unit: _look(unit, index, work.subject_id))

    @due(NEWCOMER)
    def look_at_newcomer(self, work: Due) -> None:
        """Look which searches somebody newly fits of those that want to know at once."""
        with self.unit(steady=True) as unit:
            for search in searches.newly_fitted(unit, work.subject_id):
                # Only those are locked that are told of; one that was changed since this unit began has it begin anew.
                if (held := searches.to_look_at(unit, search.id)) is not None:
                    _tell(unit, held, [work.subject_id])

    @listens(RoleRevoked)
    def narrow_searches(self, event: Heard) -> None:
        """Tell a person no more than it may see by the roles it is left with."""
        with self.unit() as unit:
            for search in searches.all_of(unit, event.data["person_id"]):
                search.lose(event.data["role"], event.data["place"])


def plan_news(unit: Unit, participation_id: UUID) -> None:
    """A participation came in, changed or is free again: have it looked at whether it newly fits what somebody wants to know at once."""
    if searches.is_awaited(unit):
        unit.plan(NEWCOMER, participation_id, unit.now)


def _said(request: dict[str, Any]) -> dict[str, Any]:
    same = {name: request[name] for name in ("name", "sort", "for_participation_id", "alert")}
    return same | {"role": request["as"], "criteria": CatalogueCriteria.write(request["criteria"])}


def _plan_look(unit: Unit, search: SavedSearch) -> None:
    if (at := search.next_look(unit.now)) is not None:
        unit.plan(LOOK, search.id, at)


def _tell(unit: Unit, search: SavedSearch, newcomers: list[UUID]) -> None:
    if newcomers:
        searches.remember(unit, search, newcomers, unit.now)
        unit.announce(search.tell(len(newcomers), unit.now))


def _save(unit: Unit, index: Live, who: Principal, request: dict[str, Any]) -> SavedSearch:
    Looker(unit, who, request)
    search = SavedSearch.save(who, _said(request), so_far=searches.count_of(unit, who), at=unit.now)
    unit.session.add(search)
    _begin_to_look(unit, index, search)
    return search


def _change(unit: Unit, index: Live, who: Principal, request: dict[str, Any]) -> SavedSearch:
    search = searches.own(unit, request["saved_search_id"], who, to_change=True)
    unit.expect(search)
    Looker(unit, who, request)
    search.see_as(who)
    unit.unplan(LOOK, search.id)
    if search.change(_said(request)):
        searches.forget_untold(unit, search)
        _begin_to_look(unit, index, search)
    else:
        _plan_look(unit, search)
    return search


def _begin_to_look(unit: Unit, index: Live, search: SavedSearch) -> None:
    if search.alert != NONE:
        fitting = searches.all_that_fit(unit, index, search)
        search.check_width(len(fitting))
        searches.remember(unit, search, fitting, None)
        _plan_look(unit, search)


def _look(unit: Unit, index: Live, saved_search_id: UUID) -> None:
    if (search := searches.to_look_at(unit, saved_search_id)) is not None:
        _tell(unit, search, searches.unknown(unit, search, searches.all_that_fit(unit, index, search)))
        _plan_look(unit, search)
