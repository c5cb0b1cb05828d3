"""Every line of the payment's lifecycle through the service's doors: from each state, each move, by each role that may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contracts import agreements
from contracts import payments as contracts
from services.payments.model import EVIDENCE, PAYMENT
from tests.builders import administrator, support_officer
from tests.every_move import Step, steps
from tests.payments.course import Course
from tests.room import Room

BY_HAND = {"iban": None, "bic": None, "other_account": "Account 12, Bank of the North"}


def asked(contract: type, **fields: object) -> Callable[[Course, object], object]:
    """Ask it about the payment."""
    return lambda course, who: course.room.ask(contract, who, payment_id=course.payment()["payment_id"], **fields)


failed = asked(contracts.RecordFailed, reason="account_closed", comment=None)
overpaid = asked(contracts.RecordOverpaid, amount={"minor": 100, "currency": "EUR"}, reason="Days corrected")
WAYS: dict[str, Callable[[Course], object]] = {
    "awaiting": Course.known,
    "payable": Course.payable,
    "nothing_due": lambda course: course.payable(days=2),
    "proposed": Course.proposed,
    "ordered": Course.ordered,
    "exported": Course.exported,
    "paid": Course.paid,
    "failed": lambda course: failed(course.exported(), course.first),
    "overpaid": lambda course: overpaid(course.paid(), course.first),
}


def complete(days: int) -> Callable[[Course, object], object]:
    """All that a payment needs comes in, with so many days."""
    return lambda course, who: course.validated().signed().with_account().with_evidence().reported(days)


def take_back(course: Course, who: object) -> object:
    """A person takes the proposal back, or another account does."""
    return asked(contracts.TakeBackProposal)(course, who) if who else course.with_account(if_match=1, holder="Another holder")


MAKE: dict[str, Callable[[Course, object], object]] = {
    "become_payable": complete(days=10),
    "find_nothing_due": complete(days=2),
    "reassess": lambda course, who: course.tell(agreements.DaysConfirmed, days_present=5),
    "propose": Course.propose,
    "approve": Course.approve,
    "take_back": take_back,
    "export": Course.export,
    "record_paid": Course.pay,
    "record_failed": failed,
    "retry": asked(contracts.RetryPayment),
    "override_minimum": asked(contracts.OverrideMinimum, reason="Illness on the second day"),
    # Payments keeps no other service's order: whatever came before, a visit that did not take place is not paid.
    "void": lambda course, who: course.tell(agreements.ExchangeTerminated, reason="illness"),
    "record_overpaid": overpaid,
    "record_recovered": asked(contracts.RecordRecovered, reference="18"),
}
STEPS = sorted(steps("payments", PAYMENT))
SETTLED_AT_ONCE = {"reassess": {"payable"}, "override_minimum": {"payable"}}
"""What waits again is looked at in the same unit, and all it needs is there."""


@pytest.mark.parametrize("state", sorted({step.state for step in STEPS}))
def test_every_step_from_a_state_is_made_through_a_door(payments: Room, state: str) -> None:
    """Each on a payment of its own, which came to that state through doors as well."""
    for step in STEPS:
        if step.state == state:
            make(Course(payments), step)


def make(course: Course, step: Step) -> None:
    """Bring a payment there and make the step: it leads where the table says, and something is told of it."""
    if (step.move, step.state) == ("record_paid", "ordered"):
        course.ordered(**BY_HAND)
    else:
        WAYS[step.state](course)
    assert course.payment()["state"] == step.state, step
    told = len(course.room.facts())
    MAKE[step.move](course, {"finance": course.second, "support_officer": support_officer(), "service": None}[step.role])
    leads = SETTLED_AT_ONCE.get(step.move, {PAYMENT.after(step.state, step.move, [step.role])})
    assert course.payment()["state"] in leads, step
    assert len(course.room.facts()) > told, step


@pytest.mark.parametrize("step", sorted(steps("payments", EVIDENCE)), ids=str)
def test_every_step_of_a_file_is_made_through_a_door(course: Course, payments: Room, step: Step) -> None:
    """Uploaded and returned files are taken back or accepted; what was accepted can still be returned."""
    course.known()
    file = {"evidence_id": course.upload()["evidence_id"]}
    returned = file | {"reason": "unreadable", "comment": None}
    before = {"returned": (contracts.ReturnFile, returned), "accepted": (contracts.AcceptFile, file)}
    if step.state in before:
        contract, fields = before[step.state]
        payments.ask(contract, course.first, **fields)
    contract, who, fields = {
        "withdraw": (contracts.WithdrawEvidence, course.visitor_person, file),
        "accept": (contracts.AcceptFile, course.first, file),
        "send_back": (contracts.ReturnFile, course.first, returned),
    }[step.move]
    assert payments.ask(contract, who, **fields)["state"] == EVIDENCE.after(step.state, step.move, [step.role])


def test_the_support_office_has_a_sum_done_again(course: Course, payments: Room) -> None:
    """In the paying officer's place, once there is a rate."""
    course.known().validated(country="BR")
    today = payments.clock.now().date()
    rate = {"applies_to": "BR", "amount": {"minor": 60000, "currency": "EUR"}, "valid_from": today, "source": "decision"}
    payments.ask(contracts.AddRate, administrator(), **rate)
    assert payments.ask(contracts.RecomputeAssistance, support_officer(), exchange_id=course.exchange_id)["amount"]["minor"] == 60000


def test_another_base_that_is_declined_leaves_the_listed_one(course: Course, payments: Room) -> None:
    """The paying officer says no; the sum is done by the table."""
    course.known()
    payments.ask(contracts.RequestSupplement, course.visitor_person, exchange_id=course.exchange_id)
    course.validated()
    payments.ask(contracts.DecideSupplement, course.first, exchange_id=course.exchange_id, granted=False)
    assert payments.facts("assistance_computed")[0].data["amount"]["minor"] == 78000
