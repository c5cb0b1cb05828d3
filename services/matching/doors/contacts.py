"""Doors of contacts: the request, its answer, reminders and expiry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.bare.principal import Principal
from chassis.bare.refusals import Unavailable
from chassis.running.calls import Calls
from chassis.running.doors import answers, due
from chassis.running.occasions import Due
from chassis.running.unit import Unit, Units
from contracts.identity.accounts import ReadPersons
from contracts.matching.contact_history import ReadContactHistory
from contracts.matching.contacts import (
    AcceptContact,
    AnswerElsewhere,
    BringInPriorAgreement,
    CloseContact,
    DeclineContact,
    ListContacts,
    ReadContact,
    RequestContact,
    WithdrawContact,
)
from contracts.matching.refusals import AlreadyInContact
from services.matching.doors.searches import plan_news
from services.matching.doors.talk import open_conversation
from services.matching.model import Contact, Pair, Participant
from services.matching.model.base import HOST, VISITOR, other_side
from services.matching.queries import changes, contacts, participants

REMINDER, EXPIRY, PARTING = "contact_reminder", "contact_expiry", "contacts_parting"


class ContactDoors:
    """Contacts, from the request to the answer."""

    unit = Units()
    ask = Calls()

    @answers(RequestContact)
    def request_contact(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Ask a participant that lets itself be seen."""
        with self.unit() as unit:
            asker = participants.own(unit, request["participation_id"], who)
            partner = participants.partner(unit, request["partner_participation_id"], of=asker)
            pair = _checked_pair(unit, asker, partner, request["as"])
            limits, two = changes.limits(unit), (pair.visitor.participation_id, pair.host.participation_id)
            limits.check_asking_again(contacts.last_declined_at(unit, *two, request["as"]), unit.now)
            others = (asker.participation_id, partner.participation_id, limits.same_text_days)
            limits.check_text(request["reason"], contacts.reasons_to_others(unit, *others))
            return _begin(unit, who, pair, request, Contact.request)

    @answers(BringInPriorAgreement)
    def bring_in_prior_agreement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Name the partner of a match agreed outside, whether the catalogue shows it or not."""
        with self.unit() as unit:
            asker = participants.own(unit, request["participation_id"], who)
            partner = participants.partner(unit, request["partner_participation_id"], of=asker, seen=False)
            pair = _checked_pair(unit, asker, partner, request["as"])
            return _begin(unit, who, pair, request, Contact.bring_in)

    @answers(AcceptContact)
    def accept_contact(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Accept, and open the conversation."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who, to_change=True)
            unit.announce(contact.accept(by=who, at=unit.now))
            _note_answer(unit, contact, who)
            open_conversation(unit, contact)
            return answered(unit, contact, who)

    @answers(DeclineContact)
    def decline_contact(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Decline, with the reason."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who, to_change=True)
            unit.announce(contact.decline(by=who, reason=request["reason"], text=request["text"], at=unit.now))
            _note_answer(unit, contact, who)
            return answered(unit, contact, who)

    @answers(AnswerElsewhere)
    def answer_elsewhere(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Note that the request was answered by mail, by telephone or when they met."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who, to_change=True)
            unit.announce(contact.answer_elsewhere(by=who, way=request["way"], at=unit.now))
            _note_answer(unit, contact, who)
            return answered(unit, contact, who)

    @answers(WithdrawContact)
    def withdraw_contact(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take the request back."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who, to_change=True)
            unit.announce(contact.withdraw(by=who))
            return answered(unit, contact, who)

    @answers(CloseContact)
    def close_contact(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """End a contact that leads to nothing."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who, to_change=True)
            unit.announce(contact.close(by=who))
            return answered(unit, contact, who)

    @answers(ReadContact)
    def read_contact(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show a contact; whom to reach is asked of identity before the unit that answers."""
        persons = self._persons(who, request["contact_id"])
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who)
            known = persons if contact.is_accepted else {}
            whom = {f"{side}_person": known.get(str(getattr(contact, f"{side}_person_id"))) for side in ("visitor", "host")}
            return unit.reply(contacts.shown(unit, [contact], who)[0] | whom)

    @answers(ListContacts)
    def list_contacts(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show the contacts somebody may see."""
        with self.unit() as unit:
            return unit.reply(contacts.contacts(unit, who, request))

    @answers(ReadContactHistory)
    def read_contact_history(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show what happened to a contact: its journal."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who)
            page = unit.history_page(f"contact/{contact.id}", request)
            happened = [
                {"type": row.type, "at": row.at, "actor": row.actor, "by": contact.made_by(row.type, row.data)} for row in page["items"]
            ]
            return unit.reply({"items": happened, "next": page["next"]})

    @due(REMINDER)
    def remind(self, work: Due) -> None:
        """Remind whoever has not answered yet."""
        with self.unit() as unit:
            if (contact := contacts.own_contact(unit, work.subject_id)) is not None:
                unit.announce(contact.remind())

    @due(EXPIRY)
    def expire(self, work: Due) -> None:
        """Let a request expire that nobody answered."""
        with self.unit() as unit:
            contact = contacts.own_contact(unit, work.subject_id)
            if contact is not None and contact.awaits_answer:
                unit.announce(contact.expire(by=unit.who))
                _host_missed(unit, contact)
                contact.data_version = changes.count_change(unit, *contact.participations)

    @due(PARTING)
    def part(self, work: Due) -> None:
        """End what a participation left open: a unit of its own, as others lock a contact first and its participants then."""
        with self.unit() as unit:
            left = contacts.left_open_by(unit, work.subject_id)
            for contact in left:
                unit.announce(contact.end_without(work.subject_id, by=unit.who))
            _count_ended(unit, left)

    def _persons(self, who: Principal, contact_id: UUID) -> dict[str, Any]:
        with self.unit() as unit:
            contact = contacts.contact(unit, contact_id, seen_by=who)
        if not contact.is_accepted:
            return {}
        try:
            cards = self.ask(ReadPersons, person_ids=[contact.visitor_person_id, contact.host_person_id])
        except Unavailable:
            # The contact itself is worth showing while identity is away.
            return {}
        return {card["person_id"]: card for card in cards["items"]}


def _note_answer(unit: Unit, contact: Contact, who: Principal) -> None:
    """Whoever was asked answers faster or slower than before; what the other side says of it is no answer.

    A host that answers a visitor's request stands again where its score puts it.
    """
    if contact.side_of(who) == (asked := other_side(contact.asked_by)):
        plan_news(unit, getattr(contact, f"{asked}_participation_id"))
    if contact.asked_by == VISITOR and contact.side_of(who) == HOST:
        host = participants.copy(unit, contact.host_participation_id)
        unit.announce(host.answer_request(by=who) if host else None)


def _host_missed(unit: Unit, contact: Contact) -> None:
    if contact.asked_by == VISITOR and contact.is_request:
        host = participants.copy(unit, contact.host_participation_id)
        unit.announce(host.miss_request(by=unit.who, at=unit.now, silence=changes.silence(unit)) if host else None)


def answered(unit: Unit, contact: Contact, who: Principal) -> dict[str, Any]:
    """Reply with the contact as it is after a move; reminders and expiry are taken back once nothing is awaited."""
    if not contact.awaits_answer:
        _unplan(unit, contact)
    contact.data_version = changes.count_change(unit, *contact.participations)
    unit.session.flush()
    return unit.reply(contacts.shown(unit, [contact], who)[0])


def plan_parting(unit: Unit, participant: Participant) -> None:
    """See to the contacts of a participant whose participation has ended."""
    if participant.has_ended:
        unit.plan(PARTING, participant.participation_id, unit.now)


def end_for(unit: Unit, ended: list[Contact], organisation_id: UUID) -> None:
    """End contacts because one of the two organisations wants it: what that one asked for is taken back, anything else is closed."""
    for contact in ended:
        side = VISITOR if contact.visitor_organisation_id == organisation_id else other_side(VISITOR)
        unit.announce(contact.end_without(getattr(contact, f"{side}_participation_id"), by=unit.who))
    _count_ended(unit, ended)


def close_all(unit: Unit, ended: list[Contact]) -> None:
    """Close contacts, whoever asked."""
    for contact in ended:
        unit.announce(contact.close(by=unit.who))
    _count_ended(unit, ended)


def _count_ended(unit: Unit, ended: list[Contact]) -> None:
    for contact in ended:
        _unplan(unit, contact)
    if ended:
        version = changes.count_change(unit, *(each for contact in ended for each in contact.participations))
        for contact in ended:
            contact.data_version = version


def _unplan(unit: Unit, contact: Contact) -> None:
    unit.unplan(REMINDER, contact.id)
    unit.unplan(EXPIRY, contact.id)


def _checked_pair(unit: Unit, asker: Participant, partner: Participant, role: str) -> Pair:
    sides = {role: asker.participation_id, other_side(role): partner.participation_id}
    visitor_id, host_id = sides[VISITOR], sides[other_side(VISITOR)]
    pair = participants.pair(unit, visitor_id, host_id)
    pair.check()
    if (known := contacts.open_contact_id(unit, visitor_id, host_id)) is not None:
        raise AlreadyInContact(contact_id=str(known))
    return pair


def _begin(unit: Unit, who: Principal, pair: Pair, request: dict[str, Any], begin: Any) -> dict[str, Any]:
    limits = changes.limits(unit)
    limits.check_counts(**contacts.counts_of_requests(unit, request["participation_id"]))
    expires_at = limits.expiry(unit.now)
    contact, fact = begin(pair.visitor, pair.host, asked_by=request["as"], reason=request["reason"], expires_at=expires_at, at=unit.now)
    unit.session.add(contact)
    unit.announce(fact)
    for at in limits.reminders(unit.now):
        unit.plan(REMINDER, contact.id, at)
    unit.plan(EXPIRY, contact.id, expires_at)
    return answered(unit, contact, who)
