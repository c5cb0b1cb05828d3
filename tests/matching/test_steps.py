"""Every line of the lifecycles of contact and match through the service's doors, by what people ask and agreements and the registry tell."""

from __future__ import annotations

from typing import Any

import pytest

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
from contracts.matching import AnswerElsewhere, ProposeMatch
from services.matching.model.contact_lifecycle import UNMATCHED_STATES
from services.matching.model.match import LIFECYCLE
from services.matching.queries import contacts
from tests.every_move import Step, steps
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import visitor_person
from tests.matching.test_room_contacts import ended, read
from tests.matching.test_room_matches import bring_in, follow

TOLD = {
    "open_exchange": ExchangeOpened, "make_ready": ExchangeReady, "start": ExchangeStarted, "end": ExchangeEnded,
    "terminate": ExchangeTerminated, "refuse": ExchangeRefused, "cancel": ExchangeCancelled, "record_no_show": NoShowRecorded,
}  # fmt: skip
WAYS: dict[str, tuple[Any, ...]] = {
    "agreed": (),
    "opened": (ExchangeOpened,),
    "ready": (ExchangeOpened, ExchangeReady),
    "running": (ExchangeOpened, ExchangeReady, ExchangeStarted),
    "terminated": (ExchangeOpened, ExchangeTerminated),
}


@pytest.mark.parametrize("step", sorted(steps("matching", LIFECYCLE)), ids=str)
def test_a_match_follows_its_exchange_in_whatever_order_it_hears_of_it(matching: MatchingRoom, step: Step) -> None:
    """A fact that failed at first comes after others."""
    contact = matching.matched()
    for event in WAYS[step.state]:
        follow(matching, event, contact)
    assert state_of(matching, contact) == step.state
    follow(matching, TOLD[step.move], contact)
    assert state_of(matching, contact) == LIFECYCLE.after(step.state, step.move, [step.role])


def state_of(matching: MatchingRoom, contact: dict[str, Any]) -> str:
    """The state of the contact's match, which nobody is shown."""
    with matching.room.unit() as unit:
        match = contacts.match(unit, contact["exchange_id"])
        assert match is not None
        return match.state


@pytest.mark.parametrize("who_leaves", ["visitor", "host"])
@pytest.mark.parametrize("state", UNMATCHED_STATES)
def test_an_open_contact_ends_with_the_participation_of_either_side(matching: MatchingRoom, state: str, who_leaves: str) -> None:
    """What the visitor asked for or brought in is taken back when it leaves; all else is closed."""
    contact = {
        "pending": matching.request,
        "brought_in": lambda: bring_in(matching),
        "accepted": matching.accepted,
        "answered_elsewhere": lambda: matching.move(AnswerElsewhere, visitor_person(), matching.request(), way="other"),
        "proposed": lambda: matching.move(ProposeMatch, visitor_person(), matching.accepted()),
    }[state]()
    assert contact["state"] == state
    ended(matching, who_leaves)
    own = who_leaves == "visitor" and state in ("pending", "brought_in")
    assert read(matching, visitor_person(), contact)["state"] == ("withdrawn" if own else "closed")
