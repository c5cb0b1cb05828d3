"""The life of a contact, as a full matrix of state, move and whoever tries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.bare.message import Fact
from contracts.matching.contacts import CONTACT_STATES
from services.matching.model import Contact
from services.matching.model.base import ITSELF
from services.matching.model.contact_lifecycle import LIFECYCLE, UNMATCHED_STATES, WAITING_STATES
from tests.builders import A_MONDAY
from tests.matching.contacts import ITSELF as THE_SERVICE
from tests.matching.contacts import contact, everybody, host_person, visitor_person
from tests.matching.profiles import an_id
from tests.matrix import Matrix, held

ARGUMENTS: dict[str, dict[str, Any]] = {
    "accept": {"at": A_MONDAY},
    "answer_elsewhere": {"at": A_MONDAY, "way": "telephone"},
    "decline": {"at": A_MONDAY, "reason": "no_time", "text": None},
    "refuse_proposal": {"at": A_MONDAY},
    "confirm_match": {"at": A_MONDAY},
}


def roles_expected(who: str, asked_by: str, proposed_by: str | None) -> set[str]:
    """What the actor called `who` should be to a contact, said without asking the contact."""
    if who == "itself":
        return {ITSELF}
    if who not in ("visitor", "host"):
        return set()
    roles = {"asker" if who == asked_by else "asked"}
    return roles | ({"proposer" if who == proposed_by else "invited"} if proposed_by else set())


def asked_by(side: str) -> Matrix:
    """The matrix of contacts for which that side asked."""

    def subject(state: str, move: str) -> Contact:
        proposed_by = {"proposed": "host", "brought_in": side}.get(state)
        return contact(state=state, asked_by=side, proposed_by=proposed_by)

    return Matrix(
        LIFECYCLE,
        subject,
        people=lambda of: {name: (who, roles_expected(name, of.asked_by, of.proposed_by)) for name, who in everybody().items()},
        make=lambda of, move, who: getattr(of, move)(by=who, **ARGUMENTS.get(move, {})),
        kept=lambda of: (of.proposed_by, of.answered_at, of.expires_at),
    )


test_a_contact_moves_as_its_table_says_and_no_other_way = held(asked_by("visitor"), asked_by("host"))


def test_the_states_promised_are_the_states_there_are() -> None:
    """The contract lists exactly the table's states."""
    assert set(CONTACT_STATES) == set(LIFECYCLE.states)


@pytest.mark.parametrize("who", everybody())
def test_moves_shown_are_moves_that_succeed(who: str) -> None:
    """What a reader is told it may do follows from the same table."""
    made = contact(state="proposed", proposed_by="visitor")
    expected = {"visitor": ["withdraw_proposal"], "host": ["refuse_proposal", "confirm_match"], "itself": ["close"]}
    assert made.moves_for(everybody()[who]) == expected.get(who, [])


def test_a_decline_says_why_in_its_fact() -> None:
    """The reason's code travels, the text does not."""
    made = contact()
    fact = made.decline(by=host_person(), reason="out_of_date", text="We moved.", at=A_MONDAY)
    assert isinstance(fact, Fact)
    assert (fact.type, fact.data["reason"]) == ("contact_declined", "out_of_date")
    assert "We moved." not in str(fact.data)
    assert (made.decline_text, made.answered_at, made.expires_at) == ("We moved.", A_MONDAY, None)


def test_facts_name_both_parties_and_reach_both_partnerships() -> None:
    """Whoever hears of a contact knows both sides by id."""
    fact = contact().accept(by=host_person(), at=A_MONDAY)
    assert fact.data["visitor"]["participation_id"] == str(an_id("visitor participation"))
    assert fact.data["host"]["person_id"] == str(an_id("host person"))
    assert set(fact.audience) == {str(an_id("visitor partnership")), str(an_id("host partnership"))}


def test_only_who_still_has_to_answer_is_reminded() -> None:
    """After the answer a reminder is nothing."""
    made = contact()
    reminder = made.remind()
    assert reminder is not None
    assert reminder.type == "contact_reminded"
    made.accept(by=host_person(), at=A_MONDAY + timedelta(hours=1))
    assert made.remind() is None


@pytest.mark.parametrize("asked_by", ["visitor", "host"])
@pytest.mark.parametrize("leaving", ["visitor", "host"])
@pytest.mark.parametrize("state", UNMATCHED_STATES)
def test_a_side_that_takes_part_no_more_ends_the_contact(state: str, leaving: str, asked_by: str) -> None:
    """Its own request is taken back; a request made to it, and what was accepted, is closed; nothing expires any more."""
    made = contact(state=state, asked_by=asked_by)
    fact = made.end_without(an_id(f"{leaving} participation"), by=THE_SERVICE)
    own_request = state in WAITING_STATES and leaving == asked_by
    assert (made.state, fact.type) == (("withdrawn", "contact_withdrawn") if own_request else ("closed", "contact_closed"))
    assert made.expires_at is None


def test_a_proposal_withdrawn_can_be_made_by_the_other_side() -> None:
    """Who proposes is kept with the proposal only."""
    made = contact(state="accepted")
    made.propose_match(by=visitor_person())
    made.withdraw_proposal(by=visitor_person())
    assert made.proposed_by is None
    assert made.propose_match(by=host_person()).data["by"] == "host"
    made.confirm_match(by=visitor_person(), at=A_MONDAY)
    assert made.state == "matched"


def test_a_contact_reopened_forgets_the_exchange_that_did_not_come_about() -> None:
    """The two may agree anew."""
    made = contact(state="matched", proposed_by="visitor")
    made.exchange_id = an_id("exchange")
    assert made.reopen(by=THE_SERVICE).type == "contact_reopened"
    assert (made.state, made.exchange_id, made.proposed_by) == ("accepted", None, None)
