"""The catalogue: search and counts, one entry, those alike, some side by side."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from chassis.bare.principal import Principal
from chassis.bare.refusals import InvalidFields
from chassis.running.unit import Unit
from contracts.matching.browsing import SHARED
from contracts.matching.refusals import NotAcceptedYet, ParticipationNotFound, RoleNotTaken
from services.matching.index import Index
from services.matching.index.catalogued import catalogued
from services.matching.index.live import Live
from services.matching.index.search import Found, Query
from services.matching.index.search.asked import asked
from services.matching.index.search.entry import kilometres
from services.matching.model import Participant, Partnership
from services.matching.model.search import BROWSING_ROLES
from services.matching.queries import best, blocks, standing
from services.matching.queries.changes import data_version
from services.matching.queries.following import look
from services.matching.queries.participants import accepted_partnerships, is_visible_to, own, own_copy
from services.matching.ranking import Fit
from services.matching.ranking.candidate import HOST, VISITOR
from services.matching.ranking.tokens import plain

MOST_POINTS = 500


class Looker:
    """Whoever looks at the catalogue: what is seen, and the participation and role for which is looked."""

    def __init__(self, unit: Unit, who: Principal, request: dict[str, Any]) -> None:
        """Raises NotAcceptedYet, or ParticipationNotFound and RoleNotTaken where a participation is named."""
        self.unit = unit
        self.browses = bool(BROWSING_ROLES & who.role_names())
        self.seen_in, self.organisations = accepted_partnerships(unit, who), who.places("representative")
        if not self.browses and not self.seen_in:
            raise NotAcceptedYet
        named = request["for_participation_id"]
        self.one, self.role = own(unit, named, who) if named else None, request["as"]
        if self.one and self.role and not self.one.takes_part_as(self.role):
            raise RoleNotTaken(side="Your organisation", role=self.role)

    @property
    def partnerships(self) -> frozenset[str] | None:
        """As a search wants to know it."""
        return None if self.browses else frozenset(str(each) for each in self.seen_in)

    @property
    def blocked(self) -> frozenset[UUID]:
        """With whom a block stands."""
        return blocks.blocked_with(self.unit, self.organisations)

    def sees(self) -> ColumnElement[bool]:
        """Whom this one sees, as SQL."""
        free = or_(standing.is_free_as(VISITOR), standing.is_free_as(HOST))
        seen = is_visible_to(self.seen_in, contact_point=self.browses)
        return and_(standing.is_listed(), free, blocks.none_with(self.organisations), seen)

    def place(self, request: dict[str, Any]) -> tuple[float, float] | None:
        """From where distances are counted: the place named, or that of the own participation."""
        if request.get("latitude") is not None:
            return request["latitude"], request["longitude"]
        return (self.one.profile["latitude"], self.one.profile["longitude"]) if self.one else None

    def fits(self, among: Iterable[UUID]) -> dict[UUID, Fit]:
        """How well those fit the own participation in its role who are possible partners."""
        return best.fits_among(self.unit, self.one, self.role, among) if self.one and self.role else {}


def catalogue(unit: Unit, live: Live, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the participants that fit the search, with what is counted; raises as `Looker`, InvalidFields for a bad cursor, or Past."""
    return found_by(Looker(unit, who, request), live, request, request)


def found_by(looker: Looker, live: Live, criteria: dict[str, Any], page: dict[str, Any]) -> dict[str, Any]:
    """What these criteria find, in that order and from that cursor on; raises Past."""
    unit, place = looker.unit, looker.place(criteria)
    query = asked(
        criteria, partnerships=looker.partnerships, place=place, sort=page["sort"], facets=tuple(page["facets"]), limit=page["limit"],
        most_values=page["most_values"], most_points=MOST_POINTS if page["points"] else 0, after=_read_cursor(page["after"], page["sort"]),
    )  # fmt: skip
    scored = best.scored(unit, looker.one, looker.role) if page["sort"] == "match" and looker.one and looker.role else None
    found, ids = look(live, unit, partial(_found, query=query, blocked=looker.blocked, scored=scored))
    return _answer(found, query) | {"items": entries(looker, ids, place), "data_version": data_version(unit)}


def _found(index: Index, query: Query, blocked: frozenset[UUID], scored: best.Scorer | None) -> tuple[Found, list[UUID]]:
    asked_for = replace(query, without=frozenset(index.slots_of(list(blocked))), scores=scored(index) if scored else None)
    found = catalogued(index).find(asked_for)
    return found, [index.slots.id_at(slot) for slot in found.numbers]


def entry(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """One participant as the catalogue shows it; raises as `Looker`, and ParticipationNotFound."""
    looker = Looker(unit, who, _of_today(unit, who, request))
    return entries(looker, [_seen(looker, request["participation_id"])], looker.place(request))[0]


def _of_today(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """The request without what holds no longer: a link of before a pause, or before the role was given up, still shows its entry."""
    if not request["for_participation_id"]:
        return request
    one = own_copy(unit, request["for_participation_id"], who)
    role = request["as"] if one.is_active and one.takes_part_as(request["as"]) else None
    return request | {"for_participation_id": one.participation_id if one.is_active else None, "as": role}


def alike(unit: Unit, live: Live, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """Those most like one; raises as `Looker`, ParticipationNotFound, or Past."""
    looker = Looker(unit, who, request)
    _seen(looker, request["participation_id"])
    likeness = look(
        live, unit, partial(_alike, to=request["participation_id"], looker=looker, limit=request["limit"], blocked=looker.blocked)
    )
    model, *items = entries(looker, [request["participation_id"], *likeness], looker.place(request))
    shown = [
        {
            "entry": each,
            "likeness": likeness[UUID(str(each["profile"]["participation_id"]))],
            "shared": shared([model["profile"], each["profile"]]),
        }
        for each in items
    ]
    return {"items": shown, "data_version": data_version(unit)}


def _alike(index: Index, to: UUID, looker: Looker, limit: int, blocked: frozenset[UUID]) -> dict[UUID, int]:
    without = frozenset(index.slots_of(list(blocked)))
    ranked = catalogued(index).like(index.slots.find(to), looker.partnerships, limit, without)
    return {index.slots.id_at(slot): much for slot, much in ranked}


def comparison(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """Some side by side, in the order asked for, without those that are not seen; raises as `Looker`."""
    looker = Looker(unit, who, request)
    seen = unit.session.scalars(
        select(Participant.participation_id).where(looker.sees(), Participant.participation_id.in_(request["participations"]))
    )
    there = set(seen)
    items = entries(looker, [each for each in request["participations"] if each in there], looker.place(request))
    return {"items": items, "common": shared([each["profile"] for each in items]), "data_version": data_version(unit)}


def entries(looker: Looker, ids: list[UUID], place: tuple[float, float] | None) -> list[dict[str, Any]]:
    """These participants as the catalogue shows them, in this order."""
    unit, acronyms = looker.unit, dict(looker.unit.session.execute(select(Partnership.partnership_id, Partnership.acronym)).all())
    answers, version, fits = standing.responsiveness(unit.session, ids), data_version(unit), looker.fits(ids)
    rows = select(Participant, standing.is_free_as(VISITOR), standing.hosted()).where(Participant.participation_id.in_(ids))
    found = {row[0].participation_id: row for row in unit.session.execute(rows)}
    return [
        {
            "profile": one.public_profile,
            "partnership": acronyms.get(one.partnership_id),
            "responsiveness": answers.get(one.participation_id, standing.NEVER_ASKED),
            "may_still_visit": may_visit,
            "places_left": places_left(one, hosted),
            "listed_at": one.listed_at,
            "match": _match(fits.get(one.participation_id)),
            "distance_km": kilometres(place, (one.profile["latitude"], one.profile["longitude"])) if place else None,
            "data_version": version,
        }
        for one, may_visit, hosted in (found[each] for each in ids if each in found)
    ]


def places_left(participant: Participant, hosted: int) -> int:
    """How many guests more it takes at present."""
    return max(0, participant.capacity - hosted) if participant.takes_part_as(HOST) and participant.is_hosting else 0


def shared(profiles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What all of these profiles have in common, by criterion, in the first one's words."""
    if len(profiles) < 2:
        return []
    told = [_told(each) for each in profiles]
    common = {name: [word for key, word in told[0][name].items() if all(key in each[name] for each in told[1:])] for name in SHARED}
    return [{"criterion": name, "values": values} for name, values in common.items() if values]


def _told(profile: dict[str, Any]) -> dict[str, dict[str, str]]:
    wishes = [profile[f"{role}_preferences"] or {} for role in (HOST, VISITOR)]
    values = {name: profile[name] for name in ("ecosystems", "nace", "topics", "technologies")}
    values |= {"organisation_types": [profile["organisation_type"]], "sizes": [profile["size"]]}
    values |= {"activity_types": [each for wish in wishes for each in wish.get("activity_types", ())]}
    values |= {"languages": [skill["language"] for skill in profile["languages"]]}
    return {name: {plain(each): each for each in found} for name, found in values.items()}


def check_seen(unit: Unit, who: Principal, participation_id: UUID) -> None:
    """Refuse what the catalogue does not show somebody; raises NotAcceptedYet or ParticipationNotFound."""
    _seen(Looker(unit, who, {"for_participation_id": None, "as": None}), participation_id)


def _seen(looker: Looker, participation_id: UUID) -> UUID:
    statement = select(Participant.participation_id).where(looker.sees(), Participant.participation_id == participation_id)
    return looker.unit.one(statement, ParticipationNotFound)


def _answer(found: Found, query: Query) -> dict[str, Any]:
    return {
        "next": _write_cursor(found, query.sort),
        "total": found.total,
        "counts": [{"criterion": name, "value": value, "count": count} for name, values in found.counts.items() for value, count in values],
        "points": [dict(zip(("country", "town", "latitude", "longitude", "count"), each, strict=True)) for each in found.points],
        "corrected": [{"word": word, "taken_as": words} for word, words in found.corrected.items()],
    }


def _match(fit: Fit | None) -> dict[str, int] | None:
    return {"score": fit.score, "visitor_score": fit.visitor.points, "host_score": fit.host.points} if fit else None


def _write_cursor(found: Found, sort: str) -> str | None:
    if found.after is None:
        return None
    number, name = found.after
    return base64.urlsafe_b64encode(json.dumps([sort, number, name.hex()]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None, sort: str) -> tuple[int, bytes] | None:
    """Where the page before ended; raises InvalidFields for anything that is no cursor of this order."""
    if cursor is None:
        return None
    try:
        of, number, name = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if of != sort or not isinstance(number, int) or not 0 <= number < 2**31:
            raise ValueError("of another order")
        return number, bytes.fromhex(name)
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidFields(fields={"after": ["Not a cursor of this list; leave it out to begin again."]}) from error
