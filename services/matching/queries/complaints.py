"""Complaints: what can be complained of by whom, and as they are shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true

from chassis.bare.principal import Principal
from chassis.bare.refusals import NotFound
from chassis.running.unit import Unit
from contracts.matching.events import MEASURES
from contracts.matching.refusals import ComplainedBefore, ComplaintNotFound, NotAcceptedYet, NothingToComplainOf
from services.matching.model import Complaint, Contact, Message, Participant, Partnership
from services.matching.model.base import HOST, VISITOR, other_side
from services.matching.model.complaint import RECEIVED
from services.matching.model.contact_lifecycle import UNMATCHED_STATES
from services.matching.queries import catalogue, contacts, conversations

IDS = {"message": "message_id", "conversation": "conversation_id", "contact": "contact_id", "participation": "participation_id"}


def subject(unit: Unit, kind: str, subject_id: UUID, who: Principal) -> dict[str, Any]:
    """What somebody complaints, with whose it is; raises NothingToComplainOf where there is no such thing, it is not seen, or it is one's own."""
    try:
        found: dict[str, Any] = FINDERS[kind](unit, subject_id, who)
    except (NotFound, NotAcceptedYet) as error:
        raise NothingToComplainOf from error
    if found.get("about_organisation_id") in who.places("representative"):
        raise NothingToComplainOf
    return found | {"kind": kind}


def check_not_waiting(unit: Unit, about: dict[str, Any], who: Principal) -> None:
    """Raise ComplainedBefore when the same person's complaint of the same thing waits for the office."""
    name = IDS[about["kind"]]
    same = (
        Complaint.person_id == who.person,
        Complaint.kind == about["kind"],
        getattr(Complaint, name) == about[name],
        Complaint.state == RECEIVED,
    )
    if unit.session.scalar(select(Complaint.id).where(*same)) is not None:
        raise ComplainedBefore


def complaint(unit: Unit, complaint_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Complaint:
    """A complaint that somebody may see; raises ComplaintNotFound."""
    statement = select(Complaint).where(Complaint.id == complaint_id, _sees(seen_by))
    return unit.one(statement.with_for_update() if to_change else statement, ComplaintNotFound)


def complaints(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the complaints that somebody may see, the newest first."""
    statement = select(Complaint).where(_sees(who))
    if request["state"]:
        statement = statement.where(Complaint.state.in_(request["state"]))
    page = unit.page(statement, (Complaint.received_at.desc(), Complaint.id.desc()), request)
    return {"items": shown(unit, page["items"], who), "next": page["next"]}


def shown(unit: Unit, complaints: list[Complaint], who: Principal) -> list[dict[str, Any]]:
    """Complaints as somebody sees them; the words complained of are shown to the support office alone."""
    office = who.has("support_officer")
    said = _messages(unit, complaints) if office else {}
    ending = _can_be_ended(unit, complaints) if office else set()
    return [
        {column.key: getattr(each, column.key) for column in Complaint.__mapper__.column_attrs}
        | {"complaint_id": each.id, "message": said.get(each.message_id)}
        | _open_to(each, who, fitting(each, ending))
        for each in complaints
    ]


def fitting(complaint: Complaint, can_be_ended: set[UUID]) -> list[str]:
    """The measures that this complaint allows."""
    fits = {
        "warning": complaint.about_organisation_id is not None,
        "message_hidden": complaint.message_id is not None,
        "contact_closed": complaint.contact_id in can_be_ended,
    }
    return [measure for measure in MEASURES if fits[measure]]


def measures(unit: Unit, complaint: Complaint) -> list[str]:
    """The same, looked up."""
    return fitting(complaint, _can_be_ended(unit, [complaint]))


def message(unit: Unit, message_id: UUID) -> Message:
    """A message, to hide it."""
    return unit.session.get_one(Message, message_id, with_for_update=True)


def _sees(who: Principal) -> ColumnElement[bool]:
    return true() if who.has("support_officer") else Complaint.person_id == who.person


def _open_to(complaint: Complaint, who: Principal, fits: list[str]) -> dict[str, list[str]]:
    """The moves somebody may make now: none upholds a complaint about which nothing can be done."""
    moves = [move for move in complaint.moves_for(who) if fits or move != "uphold"]
    return {"moves": moves, "measures": fits if "uphold" in moves else []}


def _messages(unit: Unit, complaints: list[Complaint]) -> dict[UUID | None, str]:
    ids = [each.message_id for each in complaints if each.message_id]
    return dict(unit.session.execute(select(Message.id, Message.text).where(Message.id.in_(ids))).all())


def _can_be_ended(unit: Unit, complaints: list[Complaint]) -> set[UUID]:
    ids = [each.contact_id for each in complaints if each.contact_id]
    return set(unit.session.scalars(select(Contact.id).where(Contact.id.in_(ids), Contact.state.in_(UNMATCHED_STATES))))


def _of_message(unit: Unit, message_id: UUID, who: Principal) -> dict[str, Any]:
    found = unit.one(select(Message).where(Message.id == message_id), NothingToComplainOf)
    if found.person_id == who.person:
        raise NothingToComplainOf
    talk = conversations.conversation(unit, found.conversation_id, seen_by=who)
    ids = {"message_id": found.id, "conversation_id": talk.id, "contact_id": talk.contact_id}
    return ids | _whose(unit, talk.contact, found.side)


def _of_conversation(unit: Unit, conversation_id: UUID, who: Principal) -> dict[str, Any]:
    talk = conversations.conversation(unit, conversation_id, seen_by=who)
    return {"conversation_id": talk.id, "contact_id": talk.contact_id} | _other(unit, talk.contact, who)


def _of_contact(unit: Unit, contact_id: UUID, who: Principal) -> dict[str, Any]:
    found = contacts.contact(unit, contact_id, seen_by=who)
    return {"contact_id": found.id} | _other(unit, found, who)


def _of_participation(unit: Unit, participation_id: UUID, who: Principal) -> dict[str, Any]:
    """One that the catalogue shows, or with which somebody is in contact."""
    mine = who.places("representative")
    met = select(Contact.id).where(
        or_(Contact.visitor_organisation_id.in_(mine), Contact.host_organisation_id.in_(mine)),
        or_(Contact.visitor_participation_id == participation_id, Contact.host_participation_id == participation_id),
    )
    if unit.session.scalar(met.limit(1)) is None:
        catalogue.check_seen(unit, who, participation_id)
    found = unit.session.get_one(Participant, participation_id)
    whose = {"about_organisation_id": found.organisation_id, "about_name": found.legal_name}
    return {"participation_id": participation_id} | whose


def _other(unit: Unit, contact: Contact, who: Principal) -> dict[str, Any]:
    """Whose it is when one of the two complaints: the other's; when somebody else does, that of both."""
    if side := contact.side_of(who):
        return _whose(unit, contact, other_side(side))
    return {"about_organisation_id": None, "about_name": f"{contact.visitor.legal_name} – {contact.host.legal_name}"}


def _whose(unit: Unit, contact: Contact, side: str) -> dict[str, Any]:
    if side in (VISITOR, HOST):
        return {"about_organisation_id": getattr(contact, f"{side}_organisation_id"), "about_name": getattr(contact, side).legal_name}
    partnership = unit.session.get(Partnership, getattr(contact, f"{side}_id"))
    return {"about_organisation_id": None, "about_name": partnership.acronym if partnership else ""}


FINDERS: dict[str, Any] = {
    "message": _of_message,
    "conversation": _of_conversation,
    "contact": _of_contact,
    "participation": _of_participation,
}
