"""The exchange's lifecycle as a full matrix of state, move and role, against the rules' own methods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.agreements import STATES, AlreadySigned, Plan, ReasonRequired, Report
from services.agreements.model import EXCHANGE, Exchange
from tests.agreements.exchanges import (
    ARRIVED,
    ASSISTANCE,
    LEFT,
    NO_REASON,
    NOW,
    PLAN,
    REPORT,
    RULES,
    START,
    VISITOR_DETAILS,
    WAYS,
    WHY,
    Cast,
)
from tests.matrix import Matrix, held

CAST = Cast()
ROLES = (*EXCHANGE.roles(), "auditor", "paying_officer", "stranger")


def digest(exchange: Exchange, text: str) -> str:
    """The digest of the text that stands, if any does."""
    agreement = getattr(exchange, text)
    return agreement.text_digest if agreement else "0" * 64


MAKE: dict[str, Callable[[Exchange, Any], Any]] = {
    "edit_commitment": lambda e, by: e.edit_commitment(by, Plan.read(PLAN), NOW),
    "submit_commitment": lambda e, by: e.submit_commitment(by, NOW, RULES),
    "recall_commitment": lambda e, by: e.recall_commitment(by, NOW),
    "validate_commitment": lambda e, by: e.validate_commitment(by, e.commitment_number, NOW),
    "return_commitment": lambda e, by: e.return_commitment(by, e.commitment_number, "Change this.", NOW),
    "sign_commitment": lambda e, by: e.sign_commitment(by, digest(e, "commitment"), NOW),
    "conclude_commitment": lambda e, by: e.conclude_commitment(by, NOW),
    "draft_financial_agreement": lambda e, by: e.draft_financial_agreement(by, e.commitment_number, ASSISTANCE, VISITOR_DETAILS, NOW),
    "sign_financial_agreement": lambda e, by: e.sign_financial_agreement(by, digest(e, "financial_agreement"), NOW),
    "become_ready": lambda e, by: e.become_ready(by, NOW),
    "amend_commitment": lambda e, by: e.amend_commitment(by, "no_time", "", NOW),
    "abandon_amendment": lambda e, by: e.abandon_amendment(by, NOW),
    "confirm_arrival": lambda e, by: e.confirm_arrival(by, START, WHY, ARRIVED),
    "confirm_departure": lambda e, by: e.confirm_departure(by, None, WHY, LEFT, 30),
    "confirm_days": lambda e, by: e.confirm_days(by, 3, LEFT),
    "rate_exchange": lambda e, by: e.rate_exchange(by, 4, "", LEFT),
    "write_report": lambda e, by: e.write_report(by, Report.read(REPORT), LEFT),
    "submit_report": lambda e, by: e.submit_report(by, LEFT),
    "validate_report": lambda e, by: e.validate_report(by, LEFT),
    "return_report": lambda e, by: e.return_report(by, "More.", LEFT),
    "move_deadline": lambda e, by: e.move_deadline(by, "report", date(2027, 5, 1), WHY, LEFT),
    "cancel_exchange": lambda e, by: e.cancel_exchange(by, WHY, NOW),
    "terminate_exchange": lambda e, by: e.terminate_exchange(by, WHY, ARRIVED),
    "record_no_show": lambda e, by: e.record_no_show(by, WHY, ARRIVED + timedelta(days=1)),
}


def standing(state: str, move: str = "") -> Exchange:
    """An exchange in that state with what the move needs: something signed to go back to, a report to submit."""
    if move == "abandon_amendment" and state in ("planning", "changes_requested"):
        return amended(state)
    exchange = CAST.exchange(state)
    if move == "submit_report" and state == "ended":
        exchange.write_report(CAST["visitor"], Report.read(REPORT), LEFT)
    return exchange


def amended(state: str) -> Exchange:
    """An exchange in that state again after all had signed the commitment."""
    exchange = CAST.exchange("signed")
    exchange.amend_commitment(CAST["visitor"], "no_time", "", NOW)
    return CAST.bring(exchange, state)


test_a_move_is_made_exactly_where_and_by_whom_the_table_says = held(
    Matrix(
        EXCHANGE,
        standing,
        people=lambda exchange: {role: (CAST[role], {role}) for role in ROLES},
        make=lambda exchange, move, who: MAKE[move](exchange, who),
        kept=lambda exchange: (exchange.changed_at, len(exchange.agreements), exchange.commitment_number, exchange.report),
        refused={("signing", "sign_commitment", "visitor"): AlreadySigned},
        # The other partnership has still to validate.
        leads={("submitted", "validate_commitment"): "submitted"},
    )
)


def test_matrix_names_every_move_and_every_state_has_a_way() -> None:
    """A move without a method, or a state that nothing reaches, would escape the matrix."""
    assert set(MAKE) == set(EXCHANGE.names())
    assert set(WAYS) == set(EXCHANGE.states) == set(STATES)


@pytest.mark.parametrize("state", EXCHANGE.states)
def test_moves_shown_are_moves_that_can_be_made(state: str) -> None:
    """Whatever the view offers a viewer succeeds; who only reads is offered nothing."""
    untouched = standing(state)
    for role in ROLES:
        offered = untouched.moves(CAST[role], ARRIVED + timedelta(days=1))
        assert offered == [] or role not in {"stranger", "auditor", "paying_officer"}
        for move in offered:
            MAKE[move](CAST.exchange(state), CAST[role])


def test_nobody_waits_for_nobody_before_the_end() -> None:
    """In every state that is not final somebody is named who can bring it on."""
    final = {"cancelled", "terminated", "no_show"}
    for state in EXCHANGE.states:
        assert bool(Cast().exchange(state).waiting_for) == (state not in final)


def test_arrival_needs_no_reason_from_the_host_alone() -> None:
    """The contact point that confirms in the host's place says why."""
    cast = Cast()
    with pytest.raises(ReasonRequired):
        cast.exchange("ready").confirm_arrival(cast["visitor_partnership"], START, NO_REASON, ARRIVED)
