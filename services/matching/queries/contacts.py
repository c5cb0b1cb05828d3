"""Contacts and matches: found by those who may see them, and as they are shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.matching.refusals import ContactNotFound, VisitorHasExchange
from services.matching.model import Contact, Conversation, Match, Participant
from services.matching.model.base import CONTACT_POINT_PERMISSIONS, HOST, VISITOR
from services.matching.model.contact_lifecycle import OPEN_STATES, UNMATCHED_STATES, WAITING_STATES
from services.matching.model.conversation import OF_CONTACT
from services.matching.model.participant import ENDED_STATES
from services.matching.queries import standing

SHOWN_OF_SIDE = ("participation_id", "organisation_id", "partnership_id", "person_id", "legal_name", "organisation_type", "country")


def contact(unit: Unit, contact_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Contact:
    """A contact with both participants, if that principal may see it; raises ContactNotFound."""
    statement = _contacts().where(Contact.id == contact_id, visible_to(seen_by))
    return unit.one(statement.with_for_update(of=Contact) if to_change else statement, ContactNotFound)


def own_contact(unit: Unit, contact_id: UUID) -> Contact | None:
    """A contact to change it, for this service itself."""
    return unit.session.scalar(_contacts().where(Contact.id == contact_id).with_for_update(of=Contact))


def left_open_by(unit: Unit, participation_id: UUID) -> list[Contact]:
    """The contacts to change that a participation left open when it ended; none of one that goes on. Locked in one order."""
    sides = [
        and_(
            getattr(Contact, f"{side}_participation_id") == participation_id,
            getattr(Contact, side).has(Participant.state.in_(ENDED_STATES)),
        )
        for side in (VISITOR, HOST)
    ]
    statement = _contacts().where(or_(*sides), Contact.state.in_(UNMATCHED_STATES)).order_by(Contact.id)
    return list(unit.session.scalars(statement.with_for_update(of=Contact)))


def open_between(unit: Unit, one: UUID, other: UUID) -> list[Contact]:
    """The contacts to change of two organisations from which no exchange has come yet. Locked in one order."""
    two = [
        and_(Contact.visitor_organisation_id == visitor, Contact.host_organisation_id == host)
        for visitor, host in ((one, other), (other, one))
    ]
    statement = _contacts().where(or_(*two), Contact.state.in_(UNMATCHED_STATES)).order_by(Contact.id)
    return list(unit.session.scalars(statement.with_for_update(of=Contact)))


def contacts(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the contacts somebody may see, the newest first."""
    statement = _contacts().where(visible_to(who), *_filters(who, request))
    page = unit.page(statement, (Contact.requested_at.desc(), Contact.id.desc()), request)
    return {"items": shown(unit, page["items"], who), "next": page["next"]}


def shown(unit: Unit, contacts: list[Contact], who: Principal) -> list[dict[str, Any]]:
    """Contacts as somebody sees them, with what they may do."""
    answers = standing.responsiveness(
        unit.session, {each for of in contacts for each in (of.visitor_participation_id, of.host_participation_id)}
    )
    talks = _conversations(unit, contacts)
    return [
        _columns(each)
        | {"contact_id": each.id, "moves": each.moves_for(who), "conversation_id": talks.get(each.id)}
        | {side: _side(getattr(each, side), getattr(each, f"{side}_party"), answers) for side in (VISITOR, HOST)}
        for each in contacts
    ]


def visible_to(who: Principal) -> ColumnElement[bool]:
    """Both organisations see a contact; both contact points and auditors once it became a match; the support office always."""
    if who.has("support_officer"):
        return true()
    organisations = who.places("representative")
    mine = or_(Contact.visitor_organisation_id.in_(organisations), Contact.host_organisation_id.in_(organisations))
    return or_(mine, and_(became_match(), concerns_partnership_of(who)))


def concerns_partnership_of(who: Principal) -> ColumnElement[bool]:
    """Whether somebody is contact point of one of the two partnerships; auditors read as if of all."""
    if who.has("auditor"):
        return true()
    partnerships = {place for permission in CONTACT_POINT_PERMISSIONS for place in who.places(permission)}
    return or_(Contact.visitor_partnership_id.in_(partnerships), Contact.host_partnership_id.in_(partnerships))


def became_match() -> ColumnElement[bool]:
    """Whether the contact led to a match at some time."""
    return exists().where(Match.contact_id == Contact.id)


def open_contact_id(unit: Unit, visitor_id: UUID, host_id: UUID) -> UUID | None:
    """The contact these two are in about this visit, if any."""
    two = (Contact.visitor_participation_id == visitor_id, Contact.host_participation_id == host_id)
    return unit.session.scalar(select(Contact.id).where(*two, Contact.state.in_(OPEN_STATES)))


def last_declined_at(unit: Unit, visitor_id: UUID, host_id: UUID, asked_by: str) -> datetime | None:
    """When the other side last declined a request of that side."""
    two = (Contact.visitor_participation_id == visitor_id, Contact.host_participation_id == host_id, Contact.asked_by == asked_by)
    return unit.session.scalar(select(func.max(Contact.answered_at)).where(*two, Contact.state == "declined"))


def counts_of_requests(unit: Unit, participation_id: UUID) -> dict[str, int]:
    """How many requests a participation made within a day, and how many of its requests wait for an answer."""
    as_visitor = and_(Contact.asked_by == VISITOR, Contact.visitor_participation_id == participation_id)
    as_host = and_(Contact.asked_by == HOST, Contact.host_participation_id == participation_id)
    mine = select(func.count()).select_from(Contact).where(or_(as_visitor, as_host))
    today = unit.session.scalar(mine.where(Contact.requested_at > unit.now - timedelta(days=1)))
    waiting = unit.session.scalar(mine.where(Contact.state.in_(WAITING_STATES)))
    return {"made_within_a_day": today or 0, "waiting": waiting or 0}


def reasons_to_others(unit: Unit, participation_id: UUID, partner_id: UUID, days: int) -> list[str]:
    """With which words a participation asked others within so many days; prior agreements are no requests."""
    since = (Contact.requested_at > unit.now - timedelta(days=days), Contact.origin == "request")
    to_others = [
        and_(Contact.asked_by == side, mine == participation_id, theirs != partner_id)
        for side, mine, theirs in (
            (VISITOR, Contact.visitor_participation_id, Contact.host_participation_id),
            (HOST, Contact.host_participation_id, Contact.visitor_participation_id),
        )
    ]
    return list(unit.session.scalars(select(Contact.reason).where(or_(*to_others), *since)))


def match(unit: Unit, exchange_id: UUID) -> Match | None:
    """The match of an exchange, to change it."""
    return unit.session.get(Match, exchange_id, with_for_update=True)


def keep_match(unit: Unit, match: Match) -> None:
    """Store a match agreed; raises VisitorHasExchange when one of the same organisation was agreed at the same moment."""
    try:
        with unit.session.begin_nested():
            unit.session.add(match)
    except IntegrityError as error:
        raise VisitorHasExchange from error


def _contacts() -> Select[Contact]:
    return select(Contact).options(joinedload(Contact.visitor, innerjoin=True), joinedload(Contact.host, innerjoin=True))


def _filters(who: Principal, request: dict[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if request["states"]:
        found.append(Contact.state.in_(request["states"]))
    if (participation := request["participation_id"]) is not None:
        found.append(or_(Contact.visitor_participation_id == participation, Contact.host_participation_id == participation))
    if (partnership := request["partnership_id"]) is not None:
        found.append(or_(Contact.visitor_partnership_id == partnership, Contact.host_partnership_id == partnership))
    if request["direction"]:
        made = _asked_by(who.places("representative"))
        found.append(made if request["direction"] == "made" else ~made)
    return found


def _asked_by(organisations: set[UUID]) -> ColumnElement[bool]:
    as_visitor = and_(Contact.asked_by == VISITOR, Contact.visitor_organisation_id.in_(organisations))
    return or_(as_visitor, and_(Contact.asked_by == HOST, Contact.host_organisation_id.in_(organisations)))


def _conversations(unit: Unit, contacts: list[Contact]) -> dict[UUID, UUID]:
    of_contacts = (Conversation.contact_id.in_([each.id for each in contacts]), Conversation.kind == OF_CONTACT)
    return dict(unit.session.execute(select(Conversation.contact_id, Conversation.id).where(*of_contacts)).all())


def _columns(of: Contact) -> dict[str, Any]:
    return {column.key: getattr(of, column.key) for column in Contact.__mapper__.column_attrs}


def _side(participant: Participant, party: dict[str, UUID], answers: dict[UUID, dict[str, Any]]) -> dict[str, Any]:
    about = {name: getattr(participant, name) for name in SHOWN_OF_SIDE} | party
    answered = answers.get(participant.participation_id, standing.NEVER_ASKED)
    return about | {"town": participant.profile["town"], "responsiveness": answered}
