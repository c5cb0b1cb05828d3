"""The payment: its lifecycle in full, four eyes, what it waits for, what it amounts to, and its ledger."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.bare.refusals import MoveNotYours
from contracts.payments import PaymentDue
from contracts.payments.refusals import (
    MoreThanPaid,
    NotByHand,
    PaidBeforeOrdered,
    PayingOfficersUnknown,
    PayingOfficerThere,
    SecondPersonNeeded,
)
from contracts.payments.words import PAYMENT_STATES, WAITING_FOR
from services.payments.model import PAYMENT
from tests.builders import A_MONDAY, person, support_officer
from tests.matrix import Matrix, held
from tests.payments.exchanges import (
    AUDITOR,
    COUNTED,
    EVERYBODY,
    FIRST,
    ITSELF,
    LISBON,
    MADRID,
    SECOND,
    SUPPORT,
    TARIFF,
    TODAY,
    VISITOR,
    VISITOR_PARTNERSHIP,
    VISITORS,
    complete,
    days_from,
    make,
    officer,
    opened,
    payment_in,
)


def lines(payment):
    """The ledger as (kind, what it reverses, cents)."""
    return [(line.kind, line.reverses, line.amount_minor) for line in payment.ledger]


def test_the_contract_names_every_state():
    """What clients are told of and what the table knows is the same."""
    assert set(PAYMENT_STATES) == set(PAYMENT.states)


test_only_the_moves_of_the_table_are_made_and_by_nobody_else = held(
    Matrix(
        PAYMENT,
        subject=lambda state, move: payment_in(state, by_hand=(move, state) == ("record_paid", "ordered")),
        people=lambda payment: EVERYBODY,
        make=make,
        kept=lines,
    )
)


def test_who_proposed_does_not_approve():
    """Four eyes are two persons."""
    payment = payment_in("proposed")
    with pytest.raises(SecondPersonNeeded):
        make(payment, "approve", FIRST)
    assert payment.state == "proposed"
    assert "approve" not in payment.open_moves(FIRST)
    assert "approve" in payment.open_moves(SECOND)


def with_officers(payment, *officers):
    """The payment of a partnership with these paying officers."""
    payment.exchange.paying_officers = [officer(each) for each in officers]
    return payment


def test_the_support_office_is_the_second_person_where_there_is_one_only():
    """A partnership with one paying officer can still pay."""
    payment = with_officers(payment_in("proposed"), FIRST)
    assert payment.open_moves(SUPPORT) == ["approve", "take_back"]
    make(payment, "approve", SUPPORT)
    assert (payment.state, payment.proposed_by, payment.approved_by) == ("ordered", FIRST.person, SUPPORT.person)


def test_the_support_office_is_not_the_second_person_where_a_paying_officer_is():
    """It may take the proposal back, and the other officer approves it."""
    payment = with_officers(payment_in("proposed"), FIRST, SECOND)
    assert payment.open_moves(SUPPORT) == ["take_back"]
    with pytest.raises(PayingOfficerThere):
        make(payment, "approve", SUPPORT)
    assert (payment.state, payment.approved_by) == ("proposed", None)
    make(payment, "approve", SECOND)
    assert payment.state == "ordered"


def test_who_proposed_and_is_paying_officer_no_longer_leaves_the_other_one():
    """The support office stands in for nobody as long as a paying officer is there."""
    payment = with_officers(payment_in("proposed"), SECOND)
    payment.exchange.paying_officers.append(officer(FIRST, is_one=False))
    with pytest.raises(PayingOfficerThere):
        make(payment, "approve", SUPPORT)


def test_the_support_office_approves_nothing_while_not_even_the_proposer_is_known_as_paying_officer():
    """Then others are not known either, and there may be some: another paying officer can approve, and all can once they are told of."""
    for officers in ((), (SECOND,)):
        payment = with_officers(payment_in("proposed"), *officers)
        assert payment.open_moves(SUPPORT) == ["take_back"]
        with pytest.raises(PayingOfficersUnknown):
            make(payment, "approve", SUPPORT)
    make(payment, "approve", SECOND)
    assert payment.state == "ordered"


def test_the_support_office_stands_in_for_the_only_one_who_is_it_no_longer():
    """A proposal stays, though its author's role was taken back since."""
    payment = payment_in("proposed")
    payment.exchange.paying_officers = [officer(FIRST, is_one=False)]
    make(payment, "approve", SUPPORT)
    assert payment.state == "ordered"


BOTH = person(("finance", VISITOR_PARTNERSHIP), ("support_officer", None))
PAIRS = {"first": FIRST, "second": SECOND, "support": SUPPORT, "other support": support_officer(), "both": BOTH}
"""Two paying officers, two support officers, and one who is both, for whom the role in the partnership counts."""


@pytest.mark.parametrize("alone", [True, False], ids=["one officer", "two officers"])
@pytest.mark.parametrize("approves", PAIRS)
@pytest.mark.parametrize("proposes", PAIRS)
def test_two_persons_order_a_payment_and_one_of_them_is_a_paying_officer(proposes, approves, alone):
    """Every pair: whoever proposes is a paying officer; whoever approves another one, or the support office where there is none."""
    first, second = PAIRS[proposes], PAIRS[approves]
    payment = with_officers(payment_in("payable"), *([first] if alone else [first, SECOND if first is not SECOND else FIRST]))
    if "support" in proposes:
        with pytest.raises(MoveNotYours):
            make(payment, "propose", first)
        return
    make(payment, "propose", first)
    may = first is not second and (alone or "support" not in approves)
    if may:
        make(payment, "approve", second)
    else:
        with pytest.raises((SecondPersonNeeded, PayingOfficerThere)):
            make(payment, "approve", second)
    assert payment.state == ("ordered" if may else "proposed")


def test_a_representative_of_the_visitor_decides_nothing_about_its_own_money():
    """Whoever is both is a visitor only."""
    both = person(("representative", VISITORS), ("finance", VISITOR_PARTNERSHIP), ("support_officer", None))
    assert payment_in("payable").open_moves(both) == []
    with pytest.raises(MoveNotYours):
        make(payment_in("payable"), "propose", both)


def test_auditors_make_no_move_at_all():
    """They read."""
    assert all(payment_in(state).open_moves(AUDITOR) == [] for state in PAYMENT.states)


def test_a_new_payment_waits_for_everything():
    """Each missing thing is named."""
    assert opened().waiting_for() == list(WAITING_FOR)
    assert opened().settle(A_MONDAY) == []


@pytest.mark.parametrize(
    ("missing", "gone"),
    [
        ("financial_agreement", {"agreed_version": None}),
        ("bank_details", {"bank_details": None}),
        ("days_confirmed", {"days_present": None}),
        ("report", {"report_validated_at": None}),
        ("evidence", {"evidence_accepted_at": None}),
    ],
)
def test_nothing_is_payable_while_one_thing_is_missing(missing, gone):
    """The hard gates, one by one."""
    exchange = complete()
    for name, value in gone.items():
        setattr(exchange, name, value)
    assert exchange.settle(A_MONDAY) == []
    assert (exchange.payment.state, exchange.waiting_for()) == ("awaiting", [missing])


def test_it_becomes_payable_when_all_is_there():
    """With the amount of the days confirmed and the date by which it is due."""
    exchange = complete()
    [fact] = exchange.settle(A_MONDAY)
    payment = exchange.payment
    assert fact == exchange.happened(
        PaymentDue, payment_id=payment.id, amount={"minor": 78000, "currency": "EUR"}, due_by=days_from(TODAY, 10)
    )
    assert fact.audience == (str(VISITOR_PARTNERSHIP),)
    assert exchange.settle(A_MONDAY) == []


def test_it_is_due_ten_days_after_the_later_of_report_and_evidence():
    """Calendar days, whichever came last."""
    exchange = complete()
    exchange.evidence_accepted_at = A_MONDAY + timedelta(days=4)
    exchange.settle(A_MONDAY + timedelta(days=6))
    assert exchange.payment.due_by == days_from(TODAY, 14)


@pytest.mark.parametrize(("agreed_days", "present", "minor"), [(10, 10, 78000), (10, 4, 39000), (4, 10, 39000), (10, 31, 78000)])
def test_the_days_confirmed_decide_but_never_above_the_agreed_amount(agreed_days, present, minor):
    """Fewer days may halve it, more never lift it."""
    exchange = complete(days=agreed_days, days_present=present)
    exchange.settle(A_MONDAY)
    assert exchange.payment.amount_minor == minor


def test_under_three_working_days_nothing_is_due():
    """Said as soon as it is clear, whatever else is missing."""
    exchange = complete(days_present=2)
    exchange.report_validated_at = None
    [fact] = exchange.settle(A_MONDAY)
    assert (fact.type, exchange.payment.state, exchange.payment.amount_minor) == ("nothing_due", "nothing_due", None)


def test_the_support_office_can_have_a_short_stay_paid():
    """With a reason, and by the amount of a short stay."""
    exchange = complete(days_present=2)
    exchange.settle(A_MONDAY)
    make(exchange.payment, "override_minimum", SUPPORT)
    exchange.settle(A_MONDAY)
    assert (exchange.payment.state, exchange.payment.amount_minor, exchange.payment.override_reason) == ("payable", 39000, "Illness")


def test_corrected_days_have_a_proposed_payment_looked_at_anew():
    """The proposal is gone, and the ledger takes the old amount back."""
    payment = payment_in("proposed")
    payment.exchange.confirm_days(4, 2, A_MONDAY)
    payment.exchange.settle(A_MONDAY)
    assert (payment.state, payment.amount_minor, payment.proposed_by) == ("payable", 39000, None)
    assert lines(payment)[-2:] == [("reversed", "due", 78000), ("due", None, 39000)]


def test_a_confirmation_that_comes_after_its_correction_changes_nothing():
    """Ten days, corrected to four, heard the other way round: four are paid."""
    payment = payment_in("payable")
    payment.exchange.confirm_days(4, 9, A_MONDAY)
    payment.exchange.settle(A_MONDAY)
    assert payment.exchange.confirm_days(10, 8, A_MONDAY) == []
    assert (payment.state, payment.exchange.days_present, payment.amount_minor) == ("payable", 4, 39000)


def test_an_amendment_signed_before_the_order_counts():
    """The newest amount that both signed is the lump sum."""
    exchange = complete()
    exchange.settle(A_MONDAY)
    exchange.plan(2, 3, "PT", COUNTED)
    exchange.compute_assistance(TARIFF, MADRID, LISBON, A_MONDAY)
    exchange.agree(2, A_MONDAY)
    exchange.settle(A_MONDAY)
    assert (exchange.payment.agreed_minor, exchange.payment.amount_minor) == (39000, 39000)


def test_the_ledger_tells_the_whole_story():
    """Agreed, due, ordered, taken back by the bank, ordered again, paid."""
    payment = payment_in("failed")
    make(payment, "retry", FIRST)
    make(payment, "propose", FIRST)
    make(payment, "approve", SECOND)
    make(payment, "export", SECOND, batch_id=uuid4())
    make(payment, "record_paid", SECOND)
    whole = 78000
    assert lines(payment) == [
        ("agreed", None, whole), ("due", None, whole), ("ordered", None, whole), ("reversed", "ordered", whole),
        ("ordered", None, whole), ("paid", None, whole),
    ]  # fmt: skip
    assert payment.attempt == 2


def test_what_was_recovered_is_taken_back_in_the_ledger():
    """A claim alone moves no money."""
    payment = payment_in("overpaid")
    assert lines(payment)[-1] == ("paid", None, 78000)
    make(payment, "record_recovered", FIRST)
    assert lines(payment)[-1] == ("reversed", "paid", 1000)


@pytest.mark.parametrize("cents", [0, 78001])
def test_no_more_is_claimed_back_than_was_paid(cents):
    """Nor nothing."""
    payment = payment_in("paid")
    with pytest.raises(MoreThanPaid):
        make(payment, "record_overpaid", FIRST, amount_minor=cents)
    assert payment.state == "paid"


def test_an_iban_is_paid_by_list_only():
    """Straight after the order only accounts without one."""
    payment = payment_in("ordered")
    with pytest.raises(NotByHand):
        make(payment, "record_paid", FIRST)
    assert payment.state == "ordered"
    assert payment.open_moves(FIRST) == ["export", "record_failed"]
    assert payment_in("ordered", by_hand=True).open_moves(FIRST) == ["record_paid", "record_failed"]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_payment_is_made_between_order_and_today(days):
    """Not before it was ordered, and not in the future."""
    payment = payment_in("exported")
    with pytest.raises(PaidBeforeOrdered):
        make(payment, "record_paid", FIRST, paid_on=days_from(TODAY, days))
    assert payment.state == "exported"


@pytest.mark.parametrize("state", PAYMENT.states)
@pytest.mark.parametrize("stage", ["cancelled", "terminated", "no_show"])
def test_an_exchange_that_did_not_take_place_pays_nothing_more(stage, state):
    """What is not ordered becomes void; what is ordered or paid stays for a person to decide."""
    payment = payment_in(state)
    payment.exchange.close(stage, A_MONDAY)
    open_states = ("awaiting", "payable", "proposed", "nothing_due", "failed")
    assert payment.state == ("void" if state in open_states else state)
    assert payment.exchange.stage == stage


def test_everybody_is_shown_their_own_moves_only():
    """The visitor has none on the payment itself."""
    assert payment_in("payable").open_moves(VISITOR) == []
    assert payment_in("payable").open_moves(FIRST) == ["propose"]
    assert payment_in("nothing_due").open_moves(SUPPORT) == ["override_minimum"]
    assert "become_payable" in PAYMENT.open_moves("awaiting", payment_in("awaiting").exchange.capacities(ITSELF))
