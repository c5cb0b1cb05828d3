"""Saved searches: a person's own, what they find, and who newly fits them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import ARRAY, Uuid, delete, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from chassis.bare.principal import Principal
from chassis.running.threads import in_thread
from chassis.running.unit import Unit
from contracts.matching.criteria import USUAL_FACETS, CatalogueCriteria
from contracts.matching.refusals import SavedSearchNotFound
from services.matching.index import Index
from services.matching.index.catalogued import Catalogued, catalogued
from services.matching.index.live import Live
from services.matching.index.search import Query
from services.matching.index.search.asked import asked
from services.matching.index.slots import named
from services.matching.model import KnownFit, Participant, SavedSearch
from services.matching.model.participant import ACCEPTED
from services.matching.model.search import AT_ONCE
from services.matching.queries import blocks, entries
from services.matching.queries.catalogue import Looker, found_by
from services.matching.queries.following import look
from services.matching.queries.portions import gently, ids_of

FEW = 100
"""So many searches are read at once: each has all its criteria with it."""
AT_ONCE_WRITTEN = 1_000


class Own(NamedTuple):
    """An accepted participation of somebody who looks: for what it sees, and from where."""

    participation_id: UUID
    organisation_id: UUID
    partnership_id: UUID
    latitude: float
    longitude: float


def own(unit: Unit, saved_search_id: UUID, who: Principal, *, to_change: bool = False) -> SavedSearch:
    """One of somebody's saved searches; raises SavedSearchNotFound."""
    statement = select(SavedSearch).where(SavedSearch.id == saved_search_id, SavedSearch.person_id == who.person)
    return unit.one(statement.with_for_update() if to_change else statement, SavedSearchNotFound)


def of_person(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of somebody's saved searches, by name."""
    statement = select(SavedSearch).where(SavedSearch.person_id == who.person)
    return unit.page(statement, (SavedSearch.name.asc(), SavedSearch.id.asc()), request)


def count_of(unit: Unit, who: Principal) -> int:
    """How many somebody has saved."""
    return unit.session.scalar(select(func.count()).where(SavedSearch.person_id == who.person)) or 0


def all_of(unit: Unit, person_id: UUID) -> list[SavedSearch]:
    """All that a person saved, to be changed."""
    return list(
        unit.session.scalars(select(SavedSearch).where(SavedSearch.person_id == person_id).order_by(SavedSearch.id).with_for_update())
    )


def to_look_at(unit: Unit, saved_search_id: UUID) -> SavedSearch | None:
    """A search to be looked at for news, if it is still there; nobody else looks at it meanwhile."""
    return unit.session.get(SavedSearch, saved_search_id, with_for_update=True)


def is_awaited(unit: Unit) -> bool:
    """Whether anybody wants to know of news at once."""
    return bool(unit.session.scalar(select(exists().where(SavedSearch.alert == AT_ONCE))))


def newly_fitted(unit: Unit, participation_id: UUID) -> list[SavedSearch]:
    """The searches of which news are told at once that somebody fits whom their persons may see, do not represent and do not know.

    However many there are, nobody waits for the index meanwhile, and no change that it takes in makes this begin anew.
    """
    rows, one = entries.rows(unit.session, [participation_id]), unit.session.get(Participant, participation_id)
    if one is None or not rows:
        return []
    known = select(KnownFit.saved_search_id).where(KnownFit.participation_id == participation_id)
    awaiting = select(SavedSearch.id).where(SavedSearch.alert == AT_ONCE, SavedSearch.id.not_in(known)).order_by(SavedSearch.id)
    searches = _read(unit, [each for (each,) in gently(unit.session, awaiting)])
    blocked = blocks.organisations_blocked_with(unit, {one.organisation_id})
    mine = _accepted_of(unit, {each for search in searches for each in search.organisations})
    others = [search for search in searches if not {one.organisation_id, *blocked}.intersection(search.organisations)]
    return in_thread(_fitted, rows[0], others, mine)


def run(unit: Unit, live: Live, search: SavedSearch, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """What a saved search finds now, a page at a time, with who on it was told of; raises as the catalogue does."""
    looker = Looker(unit, who, {"for_participation_id": search.for_participation_id, "as": search.role})
    page = request | {"sort": search.sort, "facets": USUAL_FACETS, "most_values": 100, "points": False}
    found = found_by(looker, live, criteria_of(search), page)
    ids = [UUID(str(each["profile"]["participation_id"])) for each in found["items"]]
    told = select(KnownFit).where(KnownFit.saved_search_id == search.id, KnownFit.participation_id.in_(ids), KnownFit.told_at.is_not(None))
    return found | {"told": list(unit.session.scalars(told.order_by(KnownFit.told_at.desc(), KnownFit.participation_id)))}


def criteria_of(search: SavedSearch) -> dict[str, Any]:
    """What is searched for, loaded. Codes that were there when it was saved stay as they are."""
    return CatalogueCriteria.read(search.criteria)


def all_that_fit(unit: Unit, live: Live, search: SavedSearch) -> list[UUID]:
    """Everybody who fits now, of those whom its person may see and does not represent; raises Past."""
    mine, blocked = _accepted_of(unit, search.organisations), blocks.blocked_with(unit, search.organisations)
    query, without = _query(search, mine), blocked | {each.participation_id for each in mine}
    # Everybody may fit: they are named outside of the index, for which others wait.
    return in_thread(named, look(live, unit, partial(_all_that_fit, query=query, without=without))) if query else []


def unknown(unit: Unit, search: SavedSearch, fitting: Iterable[UUID]) -> list[UUID]:
    """Those who are not known yet."""
    known = ids_of(unit.session, select(KnownFit.participation_id).where(KnownFit.saved_search_id == search.id))
    return [each for each in fitting if each not in known]


def remember(unit: Unit, search: SavedSearch, fitting: list[UUID], told_at: datetime | None) -> None:
    """Write down whom the person knows from now on."""
    unit.session.flush()
    for begin in range(0, len(fitting), AT_ONCE_WRITTEN):
        some = func.unnest(literal(fitting[begin : begin + AT_ONCE_WRITTEN], ARRAY(Uuid)))
        rows = select(literal(search.id, Uuid), some, literal(told_at, KnownFit.told_at.type))
        unit.session.execute(
            insert(KnownFit).from_select(["saved_search_id", "participation_id", "told_at"], rows).on_conflict_do_nothing()
        )
        time.sleep(0)


def forget_gone(unit: Unit, participation_id: UUID) -> None:
    """Whoever has withdrawn for good need not be known any more."""
    unit.session.execute(delete(KnownFit).where(KnownFit.participation_id == participation_id))


def forget_untold(unit: Unit, search: SavedSearch) -> None:
    """Forget whom the person knows from the saving alone: it asks for others now."""
    unit.session.execute(delete(KnownFit).where(KnownFit.saved_search_id == search.id, KnownFit.told_at.is_(None)))


def _all_that_fit(index: Index, query: Query, without: frozenset[UUID]) -> np.ndarray:
    return index.slots.ids[catalogued(index).all_that_fit(replace(query, without=frozenset(index.slots_of(list(without)))))]


def _fitted(row: entries.Row, searches: list[SavedSearch], accepted: list[Own]) -> list[SavedSearch]:
    """Whether somebody fits hangs on nobody else: it is looked for where it stands alone."""
    alone, entry = Catalogued(), row.entry()
    if entry is None:
        return []
    alone.put(0, entry)
    by_organisation: dict[UUID, list[Own]] = {}
    for each in accepted:
        by_organisation.setdefault(each.organisation_id, []).append(each)
    queries = (
        (search, _query(search, [one for each in search.organisations for one in by_organisation.get(each, ())])) for search in searches
    )
    return [search for search, query in queries if query and alone.search.fits(0, query)]


def _read(unit: Unit, ids: Sequence[UUID]) -> list[SavedSearch]:
    found: list[SavedSearch] = []
    for begin in range(0, len(ids), FEW):
        some = select(SavedSearch).where(SavedSearch.id.in_(ids[begin : begin + FEW])).order_by(SavedSearch.id)
        found += unit.session.scalars(some)
        time.sleep(0)
    return found


def _accepted_of(unit: Unit, organisations: Iterable[UUID]) -> list[Own]:
    """The accepted participations of these organisations."""
    place = (Participant.profile[name].as_float() for name in ("latitude", "longitude"))
    theirs = select(Participant.participation_id, Participant.organisation_id, Participant.partnership_id, *place)
    theirs = theirs.where(Participant.organisation_id.in_(set(organisations)), Participant.state == ACCEPTED)
    return [Own(*row) for row in gently(unit.session, theirs)]


def _query(search: SavedSearch, accepted: Iterable[Own]) -> Query | None:
    """What to search for as its person, whose accepted participations these are, sees it; None while the person sees nothing.

    Nor is anybody near a participation that takes no part at present: to leave the distance out would tell of everybody.
    """
    mine = {each.participation_id: each for each in accepted}
    criteria = criteria_of(search)
    place = _place(criteria, mine.get(search.for_participation_id))  # type: ignore[arg-type]
    if not (mine or search.browses) or (criteria["within_km"] is not None and place is None):
        return None
    partnerships = None if search.browses else frozenset(str(each.partnership_id) for each in mine.values())
    return asked(criteria, partnerships=partnerships, place=place)


def _place(criteria: dict[str, Any], one: Own | None) -> tuple[float, float] | None:
    if criteria["latitude"] is not None:
        return criteria["latitude"], criteria["longitude"]
    return (one.latitude, one.longitude) if one else None
