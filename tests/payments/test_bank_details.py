"""The bank details of an exchange: who gives, changes and sees them, and until when."""

from __future__ import annotations

import pytest

from chassis.bare.refusals import MoveNotYours
from contracts.payments import BankDetailsGiven
from contracts.payments.refusals import (
    BankDetailsSettled,
)
from services.payments.model import BANK_DETAILS, PAYMENT
from services.payments.vault import Sealed
from tests.builders import A_MONDAY
from tests.matrix import Matrix, held
from tests.payments.exchanges import (
    EVERYBODY,
    FIRST,
    STRANGERS,
    VISITOR,
    account,
    complete,
    opened,
    payment_in,
)

SEALED = Sealed("key", b"sealed")


def with_details(state, move):
    """An exchange with bank details, or still without."""
    exchange = opened()
    if state == "given":
        exchange.give_bank_details(account(), SEALED, VISITOR, A_MONDAY)
    return exchange


def make_move(exchange, move, who):
    """Give the bank details, or see them in full."""
    if move == "disclose":
        return exchange.bank_details.disclose(who, A_MONDAY)
    return exchange.give_bank_details(account(), SEALED, who, A_MONDAY)


test_bank_details_are_given_by_the_visitor_and_disclosed_to_paying_officers = held(
    Matrix(
        BANK_DETAILS,
        with_details,
        people=lambda exchange: EVERYBODY,
        make=make_move,
        state=lambda exchange: "given" if exchange.bank_details else "missing",
        kept=lambda exchange: exchange.bank_details and len(exchange.bank_details.accesses),
        nothing_there={("missing", "disclose")},
    )
)


@pytest.mark.parametrize("stranger", STRANGERS)
def test_nobody_else_touches_bank_details(stranger):
    """Not even to look."""
    exchange = complete()
    with pytest.raises(MoveNotYours):
        exchange.give_bank_details(account(), SEALED, STRANGERS[stranger], A_MONDAY)
    with pytest.raises(MoveNotYours):
        exchange.bank_details.disclose(STRANGERS[stranger], A_MONDAY)


def test_a_full_account_number_is_seen_on_the_record():
    """Who, when, what for; masked for everybody else."""
    details = complete().bank_details
    details.disclose(FIRST, A_MONDAY)
    assert [(each.person_id, each.at, each.purpose) for each in details.accesses] == [(FIRST.person, A_MONDAY, "check")]
    assert details.masked_account == "PT50 **** 0154"


@pytest.mark.parametrize("state", PAYMENT.states)
def test_bank_details_change_until_the_payment_is_ordered(state):
    """And again when the bank returned it; never in between."""
    exchange = payment_in(state).exchange
    if state in ("awaiting", "payable", "proposed", "nothing_due", "failed"):
        facts = exchange.give_bank_details(account(), SEALED, VISITOR, A_MONDAY)
        assert facts[0] == exchange.happened(BankDetailsGiven, replaced=True)
    else:
        with pytest.raises(BankDetailsSettled):
            exchange.give_bank_details(account(), SEALED, VISITOR, A_MONDAY)


def test_a_changed_account_takes_the_proposal_back():
    """The second person never approves another account than the first one saw."""
    payment = payment_in("proposed")
    facts = payment.exchange.give_bank_details(account(), SEALED, VISITOR, A_MONDAY)
    assert [fact.type for fact in facts] == ["bank_details_given", "proposal_taken_back"]
    assert (payment.state, payment.proposed_by) == ("payable", None)
