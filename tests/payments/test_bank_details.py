"""The bank details of an exchange: who gives, changes and sees them, and until when."""

from __future__ import annotations

import pytest

from chassis.bare.refusals import MoveNotAllowed, MoveNotYours
from contracts.payments import BankDetailsGiven
from contracts.payments.refusals import (
    BankDetailsSettled,
)
from services.payments.model import BANK_DETAILS, PAYMENT
from services.payments.vault import Sealed
from tests.builders import A_MONDAY
from tests.payments.exchanges import (
    FIRST,
    STRANGERS,
    VISITOR,
    WHO,
    account,
    complete,
    opened,
    payment_in,
)

SEALED = Sealed("key", b"sealed")
REFUSED = (MoveNotAllowed, MoveNotYours)


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("name", BANK_DETAILS.names())
@pytest.mark.parametrize("state", BANK_DETAILS.states)
def test_bank_details_are_given_by_the_visitor_and_disclosed_to_paying_officers(state, name, role):
    """The whole matrix of the bank details."""
    exchange = opened()
    if state == "given":
        exchange.give_bank_details(account(), SEALED, VISITOR, A_MONDAY)
    if name == "disclose" and state == "missing":
        assert not BANK_DETAILS.allows(state, name, role)
        return

    def make():
        if name == "disclose":
            return exchange.bank_details.disclose(WHO[role], A_MONDAY)
        return exchange.give_bank_details(account(), SEALED, WHO[role], A_MONDAY)

    if BANK_DETAILS.allows(state, name, role):
        assert make()
    else:
        with pytest.raises(REFUSED):
            make()


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
