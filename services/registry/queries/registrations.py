"""Reads of registrations: one, lists, the queue."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Select, Uuid, and_, any_, bindparam, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import joinedload, selectinload

from chassis.bare.principal import Principal
from chassis.running.lists import Lists
from chassis.running.unit import Unit
from contracts.registry import OrganisationNotFound, RegistrationNotFound
from services.registry.model import Organisation, Participation
from services.registry.model.registration import ENDED, HOSTING_STATES
from services.registry.queries import reference

READS_ALL = ("support_officer", "auditor")
RECENT = 50
ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": (Participation.begun_at.desc(), Participation.id.desc()),
    "oldest": (func.coalesce(Participation.submitted_at, Participation.begun_at), Participation.id),
}

# Made once, and told each time who looks: to build a statement anew takes as long as to carry it out.
_PLACES = ARRAY(Uuid)
IS_OF = or_(
    Participation.person_id == bindparam("person", type_=Uuid()),
    Participation.organisation_id == any_(bindparam("represents", type_=_PLACES)),
)
"""The registrations that a person began, and those of organisations the person represents."""
SEES = or_(
    IS_OF,
    and_(
        Participation.submitted_at.is_not(None),
        or_(bindparam("reads_all", type_=Boolean()), Participation.partnership_id == any_(bindparam("assesses", type_=_PLACES))),
    ),
)
"""Who may see a registration: its organisation; once submitted, its contact point, the support office and auditors."""
ONE = (
    select(Participation)
    .where(Participation.id == bindparam("participation_id", type_=Uuid()))
    .options(joinedload(Participation.organisation, innerjoin=True))
)
ONE_TO_CHANGE = ONE.with_for_update(of=Participation)
SEEN, SEEN_TO_CHANGE = ONE.where(SEES), ONE_TO_CHANGE.where(SEES)


def participation(unit: Unit, participation_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Participation:
    """A registration that this person may see, with all its answers; locked to change it; raises RegistrationNotFound."""
    return _whole(unit, SEEN_TO_CHANGE if to_change else SEEN, participation_id=participation_id, **_eyes(seen_by))


def participation_to_assess(unit: Unit, participation_id: UUID, who: Principal) -> Participation:
    """A submitted registration of a partnership whose registrations this person assesses, locked; raises RegistrationNotFound."""
    theirs = and_(Participation.submitted_at.is_not(None), Participation.partnership_id.in_(who.places("registrations")))
    return _whole(unit, ONE_TO_CHANGE.where(theirs), participation_id=participation_id)


def participation_due(unit: Unit, participation_id: UUID) -> Participation:
    """A registration for work that fell due, locked."""
    return _whole(unit, ONE_TO_CHANGE, participation_id=participation_id)


def submitted_participation(unit: Unit, participation_id: UUID) -> Participation:
    """A registration that was submitted, for another service; raises OrganisationNotFound."""
    try:
        return _whole(unit, ONE.where(Participation.submitted_at.is_not(None)), participation_id=participation_id)
    except RegistrationNotFound as refused:
        raise OrganisationNotFound from refused


def takes_part(unit: Unit, organisation_id: UUID) -> bool:
    """Whether the organisation has a registration that has not ended."""
    going_on = (Participation.organisation_id == organisation_id, Participation.state.not_in(ENDED))
    return unit.session.scalar(select(Participation.id).where(*going_on)) is not None


def registrations(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the registrations that this person may see, in the order asked for."""
    statement = select(Participation).join(Participation.organisation).options(joinedload(Participation.organisation))
    kinds = reference.kinds_to_approve(unit)
    statement = statement.where(IS_OF if request["mine"] else SEES, *_filters(request, kinds)).params(**_eyes(who))
    if request["pile"]:
        statement = statement.where(piles(kinds)[request["pile"]], lies_at(who))
    page = unit.page(statement, ORDERS[request["order"]], request)
    for each in page["items"]:
        each.hosting_waiting = each.hosting_waits(kinds)
    return page


def hosting_waits(unit: Unit, participation: Participation) -> bool:
    """Whether its hosting has to be approved first; asked for hosts alone."""
    return "host" in participation.roles and participation.hosting_waits(reference.kinds_to_approve(unit))


def queue_place(unit: Unit, participation: Participation) -> dict[str, Any] | None:
    """The place of a submitted registration in its partnership's queue, and the usual delay there in days."""
    if participation.state != "submitted":
        return None
    ahead = select(func.count()).where(
        Participation.partnership_id == participation.partnership_id,
        Participation.state == "submitted",
        Participation.submitted_at < participation.submitted_at,
    )
    return {"position": (unit.session.scalar(ahead) or 0) + 1, "usual_days": _usual_days(unit, participation.partnership_id)}


def whole() -> Select[Participation]:
    """Registrations with all their answers, where they are many."""
    rows = (Participation.languages, Participation.availability, Participation.consents)
    return select(Participation).options(joinedload(Participation.organisation), *(selectinload(each) for each in rows))


def _whole(unit: Unit, statement: Select[Participation], **parameters: Any) -> Participation:
    found = unit.session.scalar(statement, parameters)
    if found is None:
        raise RegistrationNotFound
    _lists().fill(unit.session, found)
    return found


@cache
def _lists() -> Lists:
    # At the first look, for only then are all mapped classes known.
    return Lists(Participation.languages, Participation.availability, Participation.consents)


def _eyes(who: Principal) -> dict[str, Any]:
    """The parameters of IS_OF and SEES for this person."""
    return {
        "person": who.person,
        "represents": list(who.places("representative")),
        "assesses": list(who.places("registrations")),
        "reads_all": any(who.has(role) for role in READS_ALL),
    }


def _filters(request: dict[str, Any], to_approve: Collection[tuple[str, bool]]) -> list[ColumnElement[bool]]:
    columns: dict[str, Any] = {
        "state": Participation.state,
        "country": Organisation.country,
        "organisation_type": Organisation.organisation_type,
    }
    filters = [column.in_(request[name]) for name, column in columns.items() if request[name]]
    if request["partnership_id"]:
        filters.append(Participation.partnership_id == request["partnership_id"])
    if request["text"]:
        filters.append(Organisation.legal_name.icontains(request["text"], autoescape=True))
    if request["flagged"] is not None:
        filters.append(Participation.flagged == request["flagged"])
    if request["change_waiting"] is not None:
        filters.append(Participation.proposed_change.is_not(None) == request["change_waiting"])
    if request["hosting_waiting"] is not None:
        filters.append(hosting_waits_there(to_approve) == request["hosting_waiting"])
    return filters


def piles(to_approve: Collection[tuple[str, bool]]) -> dict[str, ColumnElement[bool]]:
    """What lies on each pile of registrations; the organisation is joined."""
    return {
        "registrations": Participation.state == "submitted",
        "hosting": hosting_waits_there(to_approve),
        "changes": Participation.proposed_change.is_not(None),
    }


def lies_at(who: Principal) -> ColumnElement[bool]:
    """Whether a registration lies at this contact point's desk, whatever else the person may see."""
    return and_(Participation.partnership_id.in_(who.places("registrations")), Participation.submitted_at.is_not(None))


def hosting_waits_there(kinds: Collection[tuple[str, bool]]) -> ColumnElement[bool]:
    """What `Participation.hosting_waits` says, for the database; its organisation is joined."""
    kind = tuple_(func.coalesce(Organisation.organisation_type, ""), func.coalesce(Organisation.cluster_member, False))
    is_open = (Participation.state.in_(HOSTING_STATES), Participation.hosting_approved.is_(False))
    return and_(*is_open, Participation.roles.contains(["host"]), kind.in_(sorted(kinds)))


def _usual_days(unit: Unit, partnership_id: UUID | None) -> float | None:
    # A later decision about a change stands in `decided_at` too: of what was accepted, the acceptance counts.
    decided_at = func.coalesce(Participation.accepted_at, Participation.decided_at)
    delay = func.extract("epoch", decided_at - Participation.submitted_at) / 86400
    decided = (Participation.partnership_id == partnership_id, decided_at >= Participation.submitted_at)
    recent = select(delay.label("days")).where(*decided).order_by(decided_at.desc()).limit(RECENT).subquery()
    median = unit.session.scalar(select(func.percentile_cont(0.5).within_group(recent.c.days)))
    return None if median is None else round(float(median), 1)
