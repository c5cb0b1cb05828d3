"""The life of a contact: its states, who stands how to it, and every move."""

from __future__ import annotations

from chassis.bare.lifecycle import Lifecycle, move
from services.matching.model.base import ITSELF

PENDING, BROUGHT_IN, ACCEPTED = "pending", "brought_in", "accepted"
ELSEWHERE = "answered_elsewhere"
WAITING_STATES = (PENDING, BROUGHT_IN)
OPEN_STATES = (PENDING, BROUGHT_IN, ACCEPTED, ELSEWHERE, "proposed", "matched")
"""While a contact is in one of these, the same two cannot begin another one for the same visit."""
UNMATCHED_STATES = (PENDING, BROUGHT_IN, ACCEPTED, ELSEWHERE, "proposed")
"""Open, and no exchange has come of it yet: what ends with the participation of either side."""
ACCEPTED_STATES = (ACCEPTED, "proposed", "matched", "finished")
"""The two write to each other, and see whom to reach."""

ASKER, ASKED, PROPOSER, INVITED = "asker", "asked", "proposer", "invited"

LIFECYCLE = Lifecycle(
    "contact",
    PENDING,
    # What was answered by mail or telephone can still be taken up here, and lead to a match.
    move("accept", (PENDING, ELSEWHERE), ACCEPTED, ASKED),
    move("decline", PENDING, "declined", ASKED),
    move("answer_elsewhere", PENDING, ELSEWHERE, (ASKER, ASKED)),
    move("withdraw", PENDING, "withdrawn", ASKER),
    move("withdraw", WAITING_STATES, "withdrawn", ITSELF),
    move("expire", WAITING_STATES, "expired", ITSELF),
    move("propose_match", ACCEPTED, "proposed", (ASKER, ASKED)),
    # Whoever asked may have noted the answer itself: nothing opens until the side that was asked acts.
    move("propose_match", ELSEWHERE, "proposed", ASKED),
    move("withdraw_proposal", "proposed", ACCEPTED, PROPOSER),
    move("withdraw_proposal", BROUGHT_IN, "withdrawn", PROPOSER),
    move("refuse_proposal", "proposed", ACCEPTED, INVITED),
    move("refuse_proposal", BROUGHT_IN, "declined", INVITED),
    move("confirm_match", ("proposed", BROUGHT_IN), "matched", INVITED),
    move("close", (ACCEPTED, ELSEWHERE), "closed", (ASKER, ASKED)),
    # A match ends so when its exchange did not come about and a block stands between the two.
    move("close", (*UNMATCHED_STATES, "matched"), "closed", ITSELF),
    move("reopen", "matched", ACCEPTED, ITSELF),
    move("finish", "matched", "finished", ITSELF),
)
