"""The catalogue: search, counts, one entry."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.matching.refusals import NotAcceptedYet, ParticipationNotFound
from services.matching.model import Participant, Partnership
from services.matching.model.base import CONTACT_POINT_PERMISSIONS
from services.matching.queries import blocks, standing
from services.matching.queries.changes import data_version
from services.matching.queries.participants import accepted_partnerships, is_visible_to
from services.matching.ranking.candidate import HOST, VISITOR
from services.matching.ranking.tokens import plain

BROWSING_ROLES = {*CONTACT_POINT_PERMISSIONS, "support_officer", "administrator"}
BY_VALUE: dict[str, Any] = {
    "countries": Participant.country,
    "organisation_types": Participant.organisation_type,
    "sizes": Participant.size,
}
BY_LIST: dict[str, Any] = {
    "ecosystems": Participant.ecosystems,
    "nace": Participant.nace,
    "activity_types": Participant.activity_types,
    "languages": Participant.languages,
    "topics": Participant.topics,
}


def catalogue(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the participants that fit the search, with counts over all that do; raises NotAcceptedYet."""
    fitting = and_(_shown_to(unit, who), *_criteria(request))
    order = (Participant.legal_name.asc(), Participant.participation_id.asc())
    page = unit.page(select(Participant).where(fitting), order, request)
    total = unit.session.scalar(select(func.count()).select_from(Participant).where(fitting))
    entries = _entries(unit, page["items"])
    return {"items": entries, "next": page["next"], "total": total, "counts": _counts(unit, fitting), "data_version": data_version(unit)}


def entry(unit: Unit, who: Principal, participation_id: UUID) -> dict[str, Any]:
    """One participant as the catalogue shows it; raises NotAcceptedYet or ParticipationNotFound."""
    statement = select(Participant).where(_shown_to(unit, who), Participant.participation_id == participation_id)
    return _entries(unit, [unit.one(statement, ParticipationNotFound)])[0]


def places_left(participant: Participant, hosted: int) -> int:
    """How many guests more it takes at present."""
    return max(0, participant.capacity - hosted) if participant.takes_part_as(HOST) and participant.is_hosting else 0


def _shown_to(unit: Unit, who: Principal) -> ColumnElement[bool]:
    browses = bool(BROWSING_ROLES & who.role_names())
    partnerships = accepted_partnerships(unit, who)
    if not browses and not partnerships:
        raise NotAcceptedYet
    free = or_(standing.is_free_as(VISITOR), standing.is_free_as(HOST))
    unblocked = blocks.none_with(who.places("representative"))
    return and_(standing.is_listed(), free, unblocked, is_visible_to(partnerships, contact_point=browses))


def _criteria(request: dict[str, Any]) -> list[ColumnElement[bool]]:
    wanted = request | {"topics": [plain(topic) for topic in request["topics"]]}
    found: list[ColumnElement[bool]] = [column.in_(wanted[name]) for name, column in BY_VALUE.items() if wanted[name]]
    found += [column.overlap(wanted[name]) for name, column in BY_LIST.items() if wanted[name]]
    if request["role"]:
        found.append(standing.is_free_as(request["role"]))
    if request["partnership_id"]:
        found.append(Participant.partnership_id == request["partnership_id"])
    if request["text"]:
        found.append(_has_words(request["text"]))
    return [*found, *_period(request)]


def _has_words(text: str) -> ColumnElement[bool]:
    # Beginnings of words are enough; only letters and digits go into the search, so nothing in it is an operator.
    words = re.findall(r"[^\W_]+", plain(text))
    return Participant.search.bool_op("@@")(func.to_tsquery("simple", " & ".join(f"{word}:*" for word in words)))


def _period(request: dict[str, Any]) -> list[ColumnElement[bool]]:
    start, end = request["start"], request["end"]
    if not start and not end:
        return []
    # Days are written year first, so they compare as text. No windows mean: available at any time.
    window = func.jsonb_array_elements(Participant.profile["availability"]).table_valued("value").alias("window")
    day = lambda name: func.jsonb_extract_path_text(window.c.value, name)  # noqa: E731
    overlaps = [day("end") >= start.isoformat()] if start else []
    overlaps += [day("start") <= end.isoformat()] if end else []
    no_windows = func.jsonb_array_length(Participant.profile["availability"]) == 0
    return [or_(no_windows, exists(select(literal(1)).select_from(window).where(*overlaps).correlate(Participant)))]


def _counts(unit: Unit, fitting: ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = BY_VALUE | {"ecosystems": func.unnest(Participant.ecosystems)}
    return [
        {"criterion": name, "value": value, "count": count}
        for name, column in columns.items()
        for value, count in unit.session.execute(_grouped(column, fitting))
    ]


def _grouped(column: Any, fitting: ColumnElement[bool]) -> Select[Any]:
    values = select(column.label("value")).select_from(Participant).where(fitting).subquery()
    return select(values.c.value, func.count()).group_by(values.c.value).order_by(func.count().desc(), values.c.value)


def _entries(unit: Unit, participants: list[Participant]) -> list[dict[str, Any]]:
    ids = [each.participation_id for each in participants]
    answers, version = standing.responsiveness(unit.session, ids), data_version(unit)
    acronyms = dict(unit.session.execute(select(Partnership.partnership_id, Partnership.acronym)).all())
    rows = select(Participant.participation_id, standing.is_free_as(VISITOR), standing.hosted()).where(
        Participant.participation_id.in_(ids)
    )
    free = {each: (may_visit, hosted) for each, may_visit, hosted in unit.session.execute(rows)}
    return [
        {
            "profile": each.public_profile,
            "partnership": acronyms.get(each.partnership_id),
            "responsiveness": answers.get(each.participation_id, standing.NEVER_ASKED),
            "may_still_visit": free[each.participation_id][0],
            "places_left": places_left(each, free[each.participation_id][1]),
            "data_version": version,
        }
        for each in participants
    ]
