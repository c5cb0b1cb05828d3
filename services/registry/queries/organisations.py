"""Reads of organisations, of what looks like one of them, and of requests to join."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Uuid, and_, bindparam, exists, or_, select

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.registry import JoiningNotFound, OrganisationNotFound
from services.registry.model import Joining, Organisation, Participation
from services.registry.model.likeness import name_key, number_key, web_domain
from services.registry.model.registration import ENDED

MOST_DUPLICATES = 10

_O, _P = Organisation.__table__.c, Participation.__table__.c
ALIKE = {
    "registration_number": _O.number_key == bindparam("number_key", type_=String()),
    "name": and_(_O.name_key == bindparam("name_key", type_=String()), _O.country == bindparam("country", type_=String())),
    "web_domain": _O.web_domain == bindparam("web_domain", type_=String()),
}
"""What makes an organisation like the one whose keys are given."""


def organisation_to_register(unit: Unit, organisation_id: UUID, who: Principal) -> Organisation:
    """An organisation that this person represents, locked; raises OrganisationNotFound."""
    if not who.has("representative", organisation_id):
        raise OrganisationNotFound
    return unit.one(select(Organisation).where(Organisation.id == organisation_id).with_for_update(), OrganisationNotFound)


def organisation_to_join(unit: Unit, organisation_id: UUID) -> Organisation:
    """An organisation that somebody may ask to join (its registration was submitted), locked; raises OrganisationNotFound."""
    known = select(Organisation).where(Organisation.id == organisation_id, _is_known())
    return unit.one(known.with_for_update(), OrganisationNotFound)


def likely_duplicates(unit: Unit, like: dict[str, Any], other_than: UUID | None = None) -> list[dict[str, Any]]:
    """Organisations with a submitted registration that share a register number, name and country, or web domain.

    Drafts are nobody's business but their author's, so they are not shown.
    """
    keys = {
        "number_key": number_key(like["registration_number"], like["country"]),
        "name_key": name_key(like["legal_name"]),
        "web_domain": web_domain(like["website"]),
    }
    if not any(keys.values()):
        return []
    rows = unit.session.execute(_alikes(), keys | {"country": like["country"], "other_than": other_than}).all()
    return [_duplicate(row, [name for name in ALIKE if getattr(row, f"is_{name}")]) for row in rows]


def duplicates_of(unit: Unit, organisation: Organisation) -> list[dict[str, Any]]:
    """The likely duplicates of an organisation that is here."""
    like = {name: getattr(organisation, name) for name in ("legal_name", "country", "registration_number", "website")}
    return likely_duplicates(unit, like, other_than=organisation.id)


def represents_already(unit: Unit, organisation_id: UUID, who: Principal) -> bool:
    """Whether the person represents the organisation, began its registration, or has an open request to join it."""
    began = exists().where(Participation.organisation_id == organisation_id, Participation.person_id == who.person)
    mine = (Joining.organisation_id == organisation_id, Joining.person_id == who.person)
    asked = exists().where(*mine, Joining.state.in_(("asked", "accepted")))
    return who.has("representative", organisation_id) or bool(unit.session.scalar(select(or_(began, asked))))


def partnership_of(unit: Unit, organisation_id: UUID) -> UUID | None:
    """The partnership that takes care of the organisation, where its registration was submitted to one."""
    going_on = (Participation.organisation_id == organisation_id, Participation.state.not_in(ENDED))
    return unit.session.scalar(select(Participation.partnership_id).where(*going_on, Participation.submitted_at.is_not(None)))


def joining(unit: Unit, joining_id: UUID, *, seen_by: Principal) -> Joining:
    """A request to join that this person may see, locked; raises JoiningNotFound."""
    return unit.one(select(Joining).where(Joining.id == joining_id, _sees_joining(seen_by)).with_for_update(), JoiningNotFound)


def joinings(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the requests to join that this person may see, the newest first."""
    statement = select(Joining).where(_sees_joining(who))
    if request["organisation_id"]:
        statement = statement.where(Joining.organisation_id == request["organisation_id"])
    if request["state"]:
        statement = statement.where(Joining.state.in_(request["state"]))
    if request["to_decide"]:
        return unit.page(statement.where(*to_decide(who)), (Joining.asked_at, Joining.id), request)
    return unit.page(statement, (Joining.asked_at.desc(), Joining.id.desc()), request)


def to_decide(who: Principal) -> tuple[ColumnElement[bool], ...]:
    """Which requests wait for this person's decision; whoever asks never decides."""
    theirs = or_(Joining.organisation_id.in_(who.places("representative")), Joining.partnership_id.in_(who.places("registrations")))
    return (Joining.state == "asked", Joining.person_id != who.person, theirs)


def names(unit: Unit, organisation_ids: set[UUID]) -> dict[UUID, str]:
    """The legal names of organisations."""
    rows = unit.session.execute(select(Organisation.id, Organisation.legal_name).where(Organisation.id.in_(organisation_ids)))
    return {row.id: row.legal_name or "" for row in rows}


def _sees_joining(who: Principal) -> ColumnElement[bool]:
    return or_(
        Joining.person_id == who.person,
        Joining.organisation_id.in_(who.places("representative")),
        Joining.partnership_id.in_(who.places("registrations")),
    )


def _is_known() -> ColumnElement[bool]:
    submitted = (_P.submitted_at.is_not(None), _P.state.not_in(("rejected", "withdrawn")))
    return exists().where(_P.organisation_id == _O.id, *submitted)


@cache
def _alikes() -> Select[*tuple[Any, ...]]:
    """What is unknown of an organisation is NULL, and like nothing."""
    # A column that is NULL is not alike, not unknown; in the WHERE this would keep the indexes from being used.
    columns = [condition.is_(True).label(f"is_{name}") for name, condition in ALIKE.items()]
    others = _O.id.is_distinct_from(bindparam("other_than", type_=Uuid()))
    shown = select(_O.id, _O.legal_name, _O.town, _O.country, *columns)
    return shown.where(or_(*ALIKE.values()), _is_known(), others).order_by(_O.founded_at, _O.id).limit(MOST_DUPLICATES)


def _duplicate(organisation: Any, likenesses: list[str]) -> dict[str, Any]:
    return {
        "organisation_id": organisation.id,
        "legal_name": organisation.legal_name,
        "town": organisation.town,
        "country": organisation.country,
        "likenesses": likenesses,
    }
