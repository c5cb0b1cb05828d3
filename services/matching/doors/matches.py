"""Doors of matches: proposed, confirmed, and followed as their exchanges go on."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.bare.refusals import MoveNotAllowed
from chassis.running.doors import NotYet, answers, listens
from chassis.running.unit import Unit, Units
from contracts.agreements.events import (
    ExchangeCancelled,
    ExchangeEnded,
    ExchangeOpened,
    ExchangeRated,
    ExchangeReady,
    ExchangeRefused,
    ExchangeStarted,
    ExchangeTerminated,
    NoShowRecorded,
    ReportSubmitted,
)
from contracts.matching.contacts import ConfirmMatch, ProposeMatch, RefuseProposal, WithdrawProposal
from services.matching.doors.contacts import answered, close_all, plan_parting
from services.matching.doors.searches import plan_news
from services.matching.doors.talk import open_conversation
from services.matching.model import Contact, Match
from services.matching.model.base import HOST, VISITOR
from services.matching.queries import blocks, changes, contacts, logged, participants


class MatchDoors:
    """Matches, from the proposal to the end of the exchange."""

    unit = Units()

    @answers(ProposeMatch)
    def propose_match(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Propose a match that could be agreed now."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who, to_change=True)
            unit.announce(contact.propose_match(by=who))
            # What was answered outside has had no conversation until now.
            open_conversation(unit, contact)
            participants.pair(unit, contact.visitor_participation_id, contact.host_participation_id).check()
            return answered(unit, contact, who)

    @answers(WithdrawProposal)
    def withdraw_proposal(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take one's proposal back."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who, to_change=True)
            unit.announce(contact.withdraw_proposal(by=who))
            return answered(unit, contact, who)

    @answers(RefuseProposal)
    def refuse_proposal(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Do not agree to the other side's proposal."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who, to_change=True)
            unit.announce(contact.refuse_proposal(by=who, at=unit.now))
            return answered(unit, contact, who)

    @answers(ConfirmMatch)
    def confirm_match(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Agree: the exchange's id is minted, its conversation opened with both contact points in it."""
        with self.unit() as unit:
            contact = contacts.contact(unit, request["contact_id"], seen_by=who, to_change=True)
            unit.announce(contact.confirm_match(by=who, at=unit.now))
            participants.pair(unit, contact.visitor_participation_id, contact.host_participation_id).check()
            match, fact = Match.agree(contact, unit.now)
            contacts.keep_match(unit, match)
            unit.announce(fact)
            open_conversation(unit, contact, match.exchange_id)
            return answered(unit, contact, who)

    @listens(ExchangeOpened)
    def note_exchange_opened(self, event: Heard) -> None:
        """Agreements took the match up."""
        self._follow(event, "open_exchange")

    @listens(ExchangeReady)
    def note_exchange_ready(self, event: Heard) -> None:
        """All has been signed."""
        self._follow(event, "make_ready")

    @listens(ExchangeStarted)
    def note_exchange_started(self, event: Heard) -> None:
        """The visit is consumed."""
        self._follow(event, "start")

    @listens(ExchangeEnded)
    def note_exchange_ended(self, event: Heard) -> None:
        """The host's place is free again."""
        self._follow(event, "end")

    @listens(ExchangeTerminated)
    def note_exchange_terminated(self, event: Heard) -> None:
        """The exchange was broken off."""
        self._follow(event, "terminate")

    @listens(ExchangeRefused)
    def note_exchange_refused(self, event: Heard) -> None:
        """The match did not become an exchange: both are free again."""
        self._follow(event, "refuse")

    @listens(ExchangeCancelled)
    def note_exchange_cancelled(self, event: Heard) -> None:
        """The exchange was called off: both are free again."""
        self._follow(event, "cancel")

    @listens(NoShowRecorded)
    def note_no_show(self, event: Heard) -> None:
        """The visitor never came: both are free again."""
        self._follow(event, "record_no_show")

    @listens(ExchangeRated)
    def note_exchange_rated(self, event: Heard) -> None:
        """The host said how useful it was."""
        self._note_rating(event, HOST)

    @listens(ReportSubmitted)
    def note_report_submitted(self, event: Heard) -> None:
        """The visitor said so in its report."""
        self._note_rating(event, VISITOR)

    def _note_rating(self, event: Heard, side: str) -> None:
        with self.unit() as unit:
            logged.rating(unit, event.data["exchange_id"], side).hear(event.data["usefulness"], event.subject_version)

    def _follow(self, event: Heard, move: str) -> None:
        with self.unit() as unit:
            match = contacts.match(unit, event.data["exchange_id"])
            if match is None:
                raise NotYet("There is no match of this exchange yet.")
            if match.is_over and move not in match.open_moves():
                # What came late of an exchange that is over changes nothing any more.
                return
            was_over = match.is_over
            _move(match, move, unit, event)
            if match.is_over and not was_over:
                _free(unit, match, contacts.own_contact(unit, match.contact_id))
                for each in (match.visitor_participation_id, match.host_participation_id):
                    plan_news(unit, each)
            changes.count_change(unit, match.visitor_participation_id, match.host_participation_id)


def _move(match: Match, move: str, unit: Unit, event: Heard) -> None:
    try:
        getattr(match, move)(by=unit.who, at=event.at)
    except MoveNotAllowed as refusal:
        raise NotYet(refusal.sentence) from refusal


def _free(unit: Unit, match: Match, contact: Contact | None) -> None:
    if contact is None or contact.exchange_id != match.exchange_id:
        return
    if not match.is_released:
        unit.announce(contact.finish(by=unit.who))
        return
    if blocks.stands_between(unit, contact.visitor_organisation_id, contact.host_organisation_id):
        close_all(unit, [contact])
        return
    unit.announce(contact.reopen(by=unit.who))
    # A prior agreement brought in had no conversation of its own until now.
    open_conversation(unit, contact)
    for side in (contact.visitor, contact.host):
        plan_parting(unit, side)
