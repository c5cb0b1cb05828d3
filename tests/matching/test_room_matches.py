"""Matches on a real database: proposed, confirmed, brought in from outside, and followed as exchanges go on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from chassis.bare.message import Fact
from chassis.bare.refusals import MoveNotYours, Refusal
from contracts.agreements.events import (
    ExchangeCancelled,
    ExchangeEnded,
    ExchangeOpened,
    ExchangeReady,
    ExchangeRefused,
    ExchangeStarted,
    ExchangeTerminated,
    NoShowRecorded,
)
from contracts.matching import (
    AcceptContact,
    BringInPriorAgreement,
    CloseContact,
    ConfirmMatch,
    ProposeMatch,
    RefuseProposal,
    WithdrawProposal,
)
from contracts.matching.refusals import (
    HostFull,
    SameCountry,
    VisitConsumed,
    VisitorHasExchange,
)
from services.matching.model import Contact, Match
from services.matching.queries import contacts
from tests.builders import representative
from tests.matching.conftest import REASON, MatchingRoom
from tests.matching.contacts import host_person, visitor_person
from tests.matching.profiles import an_id, host_profile, visitor_profile
from tests.matching.test_room_contacts import read, types


def follow(matching: MatchingRoom, event: Any, contact: dict[str, Any], **data: Any) -> None:
    """Have agreements say something of the contact's exchange."""
    fact: Fact = matching.room.facts("match_agreed")[-1]
    known = event.read(event.example) | {"exchange_id": contact["exchange_id"]}
    parties = {side: fact.data[side] for side in ("visitor", "host")}
    matching.room.hear(event.of(contact["exchange_id"], **known | parties | data))


def test_a_match_is_proposed_by_one_and_confirmed_by_the_other(matching: MatchingRoom) -> None:
    """The exchange's id is minted, and both partnerships hear of it."""
    proposed = matching.move(ProposeMatch, visitor_person(), matching.accepted())
    assert (proposed["state"], proposed["proposed_by"]) == ("proposed", "visitor")
    with pytest.raises(MoveNotYours):
        matching.move(ConfirmMatch, visitor_person(), proposed)
    matched = matching.move(ConfirmMatch, host_person(), proposed)
    (fact,) = matching.room.facts("match_agreed")
    assert (matched["state"], fact.subject) == ("matched", f"exchange/{matched['exchange_id']}")
    assert fact.data["visitor"]["person_id"] == str(an_id("visitor person"))
    assert set(fact.audience) == {str(an_id("visitor partnership")), str(an_id("host partnership"))}


def test_a_proposal_can_be_taken_back_or_refused_and_the_contact_goes_on(matching: MatchingRoom) -> None:
    """Then either may propose again, or end the contact."""
    contact = matching.move(ProposeMatch, visitor_person(), matching.accepted())
    assert matching.move(WithdrawProposal, visitor_person(), contact)["state"] == "accepted"
    matching.move(ProposeMatch, host_person(), contact)
    assert matching.move(RefuseProposal, visitor_person(), contact)["state"] == "accepted"
    assert matching.move(CloseContact, host_person(), contact)["state"] == "closed"
    assert types(matching)[-3:] == ["match_proposed", "proposal_refused", "contact_closed"]


def test_a_visitors_second_open_match_is_refused(matching: MatchingRoom) -> None:
    """Asked before the first match, proposed after it: refused at the proposal, and at the confirmation of one proposed before."""
    matching.accept(host_profile("other"))
    matching.accept(host_profile("third"))
    other, third = (representative(an_id(f"{name} organisation")) for name in ("other", "third"))
    waiting = matching.move(AcceptContact, other, matching.request(host="other"))
    proposed = matching.move(ProposeMatch, third, matching.move(AcceptContact, third, matching.request(host="third")))
    matching.matched()
    with pytest.raises(VisitorHasExchange):
        matching.move(ProposeMatch, visitor_person(), waiting)
    with pytest.raises(VisitorHasExchange):
        matching.move(ConfirmMatch, visitor_person(), proposed)
    assert len(matching.room.facts("match_agreed")) == 1


def test_a_host_has_no_more_matches_than_places(matching: MatchingRoom) -> None:
    """With one place the second visitor is refused; with two it is not."""
    matching.accept(visitor_profile("second", country="FR"))
    second = representative(an_id("second organisation"))
    contact = matching.move(AcceptContact, host_person(), matching.request(second, visitor="second"))
    matching.matched()
    with pytest.raises(HostFull):
        matching.move(ProposeMatch, host_person(), contact)
    matching.change(host_profile(capacity=2), 2)
    matching.move(ConfirmMatch, second, matching.move(ProposeMatch, host_person(), contact))
    assert len(matching.room.facts("match_agreed")) == 2


@pytest.mark.parametrize("event", [ExchangeRefused, ExchangeCancelled, NoShowRecorded])
def test_an_exchange_that_did_not_come_about_reopens_both(matching: MatchingRoom, event: Any) -> None:
    """The two may agree anew; the host has its place again, the visitor its visit."""
    contact = matching.matched()
    if event is not ExchangeRefused:
        follow(matching, ExchangeOpened, contact)
    follow(matching, event, contact)
    assert read(matching, visitor_person(), contact)["state"] == "accepted"
    again = matching.move(ConfirmMatch, host_person(), matching.move(ProposeMatch, visitor_person(), contact))
    assert again["exchange_id"] != contact["exchange_id"]


def test_an_exchange_that_started_consumes_the_visit_and_its_end_frees_the_place(matching: MatchingRoom) -> None:
    """No second visit; the host can have another visitor."""
    contact = matching.matched()
    for event in (ExchangeOpened, ExchangeReady, ExchangeStarted, ExchangeEnded):
        follow(matching, event, contact)
    assert read(matching, visitor_person(), contact)["state"] == "finished"
    with pytest.raises(VisitConsumed):
        matching.request()
    matching.accept(visitor_profile("second", country="FR"))
    assert matching.request(representative(an_id("second organisation")), visitor="second")["state"] == "pending"


def test_a_terminated_exchange_has_consumed_the_visit_also_when_its_start_is_heard_last(matching: MatchingRoom) -> None:
    """Order across retries is not promised; the effect is."""
    contact = matching.matched()
    for event in (ExchangeOpened, ExchangeTerminated, ExchangeStarted):
        follow(matching, event, contact)
    with pytest.raises(VisitConsumed):
        matching.request()


def test_what_agreements_says_too_early_waits(matching: MatchingRoom) -> None:
    """An end before its start is kept; an exchange not known here is waited for; what comes after the end changes nothing."""
    contact = matching.matched()
    follow(matching, ExchangeOpened, contact)
    follow(matching, ExchangeEnded, contact)
    assert len(matching.room.waiting()) == 1
    follow(matching, ExchangeStarted, contact)
    assert matching.room.try_waiting() == 1
    follow(matching, ExchangeReady, contact)
    assert (read(matching, visitor_person(), contact)["state"], matching.room.waiting()) == ("finished", [])
    matching.room.hear(ExchangeOpened.of(an_id("unknown"), **ExchangeOpened.read(ExchangeOpened.example)))
    assert len(matching.room.waiting()) == 1


def bring_in(matching: MatchingRoom, **fields: Any) -> dict[str, Any]:
    """The visitor brings in what it agreed with the host outside."""
    two = {"participation_id": an_id("visitor participation"), "partner_participation_id": an_id("host participation")}
    return matching.room.ask(BringInPriorAgreement, visitor_person(), **({"reason": REASON, "as": "visitor"} | two | fields))


def test_a_match_agreed_outside_is_brought_in_and_confirmed(matching: MatchingRoom) -> None:
    """Also with a partner that the catalogue hides; the other side hears of it as of a proposal."""
    matching.change(host_profile(visibility="hidden"), 2)
    contact = bring_in(matching)
    assert (contact["state"], contact["origin"], contact["moves"]) == ("brought_in", "outside", ["withdraw_proposal"])
    assert types(matching) == ["match_proposed"]
    assert read(matching, host_person(), contact)["host_person"] is None
    assert matching.move(ConfirmMatch, host_person(), contact)["state"] == "matched"
    assert "match_agreed" in types(matching)


def test_a_prior_agreement_can_be_withdrawn_refused_or_expire(matching: MatchingRoom) -> None:
    """Refused, it ends the contact; unanswered, it expires after reminders."""
    assert matching.move(WithdrawProposal, visitor_person(), bring_in(matching))["state"] == "withdrawn"
    assert matching.move(RefuseProposal, host_person(), bring_in(matching))["state"] == "declined"
    contact = bring_in(matching)
    matching.room.clock.advance(days=14)
    matching.room.run_due()
    assert read(matching, visitor_person(), contact)["state"] == "expired"


@pytest.mark.parametrize(("refusal", "change"), [(SameCountry, {"country": "ES"}), (HostFull, {"capacity": 0})])
def test_an_impossible_prior_agreement_is_refused(matching: MatchingRoom, refusal: type[Refusal], change: dict[str, Any]) -> None:
    """Agreed outside or not, the rules hold."""
    matching.change(host_profile(**change), 2)
    with pytest.raises(refusal):
        bring_in(matching)


def test_two_confirmations_at_the_same_moment_make_one_match(matching: MatchingRoom) -> None:
    """Two hosts confirm the same visitor's proposals at once: one is agreed, the other told why not."""
    hosts = [host_person(), representative(an_id("other organisation"))]
    matching.accept(host_profile("other"))
    proposed = []
    for name, who in zip(("host", "other"), hosts, strict=True):
        contact = matching.move(AcceptContact, who, matching.request(host=name))
        proposed.append(matching.move(ProposeMatch, visitor_person(), contact))

    def confirm(number: int) -> str:
        try:
            return str(matching.move(ConfirmMatch, hosts[number], proposed[number])["state"])
        except VisitorHasExchange as refusal:
            return refusal.code()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(confirm, range(2))) == ["matched", "visitor_has_exchange"]
    assert len(matching.room.facts("match_agreed")) == 1


def test_one_organisation_visiting_through_two_participations_has_one_open_exchange(matching: MatchingRoom) -> None:
    """The visit is the organisation's, however often it takes part."""
    matching.accept(visitor_profile("again", organisation_id=str(an_id("visitor organisation"))))
    matching.accept(host_profile("other"))
    matching.matched()
    with pytest.raises(VisitorHasExchange):
        matching.request(visitor="again", host="other")


def test_of_two_matches_stored_at_once_the_second_is_refused(matching: MatchingRoom) -> None:
    """Where two participations of one organisation race, the database decides, and the refusal has its name."""
    contact = matching.matched()
    with matching.room.unit() as unit:
        again = Match.agree(unit.session.get_one(Contact, UUID(contact["contact_id"])), unit.now)[0]
        with pytest.raises(VisitorHasExchange):
            contacts.keep_match(unit, again)
