"""Reads of registrations: one, lists, the queue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.registry import OrganisationNotFound, RegistrationNotFound
from services.registry.model import Organisation, Participation
from services.registry.model.registration import ENDED

READS_ALL = ("support_officer", "auditor")
RECENT = 50


def participation(unit: Unit, participation_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Participation:
    """A registration that this person may see, with all its answers; locked to change it; raises RegistrationNotFound."""
    statement = whole().where(Participation.id == participation_id, sees(seen_by))
    return unit.one(statement.with_for_update(of=Participation) if to_change else statement, RegistrationNotFound)


def participation_to_assess(unit: Unit, participation_id: UUID, who: Principal) -> Participation:
    """A submitted registration of a partnership whose registrations this person assesses, locked; raises RegistrationNotFound."""
    theirs = and_(Participation.submitted_at.is_not(None), Participation.partnership_id.in_(who.places("registrations")))
    statement = whole().where(Participation.id == participation_id, theirs)
    return unit.one(statement.with_for_update(of=Participation), RegistrationNotFound)


def participation_due(unit: Unit, participation_id: UUID) -> Participation:
    """A registration for work that fell due, locked."""
    return unit.one(whole().where(Participation.id == participation_id).with_for_update(of=Participation), RegistrationNotFound)


def submitted_participation(unit: Unit, participation_id: UUID) -> Participation:
    """A registration that was submitted, for another service; raises OrganisationNotFound."""
    return unit.one(whole().where(Participation.id == participation_id, Participation.submitted_at.is_not(None)), OrganisationNotFound)


def takes_part(unit: Unit, organisation_id: UUID) -> bool:
    """Whether the organisation has a registration that has not ended."""
    going_on = (Participation.organisation_id == organisation_id, Participation.state.not_in(ENDED))
    return unit.session.scalar(select(Participation.id).where(*going_on)) is not None


def registrations(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the registrations that this person may see, the newest first."""
    statement = select(Participation).join(Participation.organisation).options(joinedload(Participation.organisation))
    statement = statement.where(is_of(who) if request["mine"] else sees(who), *_filters(request))
    return unit.page(statement, (Participation.begun_at.desc(), Participation.id.desc()), request)


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


def sees(who: Principal) -> ColumnElement[bool]:
    """Who may see a registration: its organisation; once submitted, its contact point, the support office and auditors."""
    if any(who.has(role) for role in READS_ALL):
        theirs: ColumnElement[bool] = true()
    else:
        theirs = Participation.partnership_id.in_(who.places("registrations"))
    return or_(is_of(who), and_(Participation.submitted_at.is_not(None), theirs))


def is_of(who: Principal) -> ColumnElement[bool]:
    """The registrations that a person began, and those of organisations the person represents."""
    return or_(Participation.person_id == who.person, Participation.organisation_id.in_(who.places("representative")))


def whole() -> Select[Participation]:
    """Registrations with all their answers."""
    rows = (Participation.languages, Participation.availability, Participation.consents)
    return select(Participation).options(joinedload(Participation.organisation), *(selectinload(each) for each in rows))


def _filters(request: dict[str, Any]) -> list[ColumnElement[bool]]:
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
    return filters


def _usual_days(unit: Unit, partnership_id: UUID | None) -> float | None:
    # A later decision about a change stands in `decided_at` too: of what was accepted, the acceptance counts.
    decided_at = func.coalesce(Participation.accepted_at, Participation.decided_at)
    delay = func.extract("epoch", decided_at - Participation.submitted_at) / 86400
    decided = (Participation.partnership_id == partnership_id, decided_at >= Participation.submitted_at)
    recent = select(delay.label("days")).where(*decided).order_by(decided_at.desc()).limit(RECENT).subquery()
    median = unit.session.scalar(select(func.percentile_cont(0.5).within_group(recent.c.days)))
    return None if median is None else round(float(median), 1)
