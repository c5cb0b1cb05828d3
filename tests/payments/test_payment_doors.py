"""The payment on a real database: from awaiting to paid, by two persons, on a list or by hand."""

from __future__ import annotations

from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import delete

from chassis.bare.refusals import RoleRequired, StaleVersion
from contracts import agreements
from contracts import payments as contracts
from contracts.identity.events import RoleGranted, RoleHeld, RoleRevoked
from contracts.payments.refusals import (
    NothingToExport,
    PayingOfficersUnknown,
    PayingOfficerThere,
    SecondPersonNeeded,
)
from services.payments.model import PayingOfficer
from tests.builders import A_MONDAY, support_officer
from tests.payments.course import BANK_DETAILS
from tests.room import Room

IBAN = BANK_DETAILS["iban"]


def types(room: Room) -> list[str]:
    """What was announced, in order."""
    return [fact.type for fact in room.facts()]


def test_one_exchange_is_paid_from_end_to_end(course, payments):
    """Computed, agreed, proved, proposed, approved, listed, paid: each announced once."""
    course.paid()
    shown = course.payment()
    assert (shown["state"], shown["amount"]["minor"], shown["moves"]) == ("paid", 78000, ["record_overpaid"])
    assert [line["kind"] for line in shown["ledger"]] == ["agreed", "due", "ordered", "paid"]
    assert types(payments) == [
        "assistance_computed", "bank_details_given", "evidence_uploaded", "evidence_file_accepted", "evidence_accepted", "payment_due",
        "payment_proposed", "payment_ordered", "payment_exported", "batch_exported", "payment_paid",
    ]  # fmt: skip
    assert {fact.audience for fact in payments.facts()} == {(str(course.visitor["partnership_id"]),)}


def test_a_payment_says_what_it_waits_for(course):
    """Until nothing is missing."""
    course.known()
    assert course.payment()["waiting_for"] == ["financial_agreement", "bank_details", "days_confirmed", "report", "evidence"]
    course.validated().signed().with_account().with_evidence().reported()
    assert (course.payment()["waiting_for"], course.payment()["state"]) == ([], "payable")


@pytest.mark.parametrize("last", ["signed", "with_account", "with_evidence", "reported"])
def test_whatever_comes_last_makes_it_payable(course, last):
    """No order is asked of people or services."""
    course.known().validated()
    steps = [name for name in ("signed", "with_account", "with_evidence", "reported") if name != last]
    for name in steps:
        getattr(course, name)()
    assert course.payment()["state"] == "awaiting"
    getattr(course, last)()
    assert course.payment()["state"] == "payable"


def test_two_days_pay_nothing_unless_the_support_office_says_so(course, payments):
    """With a reason, by the amount of a short stay."""
    course.payable(days=2)
    shown = course.payment(support_officer())
    assert (shown["state"], shown["moves"], types(payments)[-1]) == ("nothing_due", ["override_minimum"], "nothing_due")
    over = payments.ask(contracts.OverrideMinimum, support_officer(), payment_id=shown["payment_id"], reason="Illness on the second day")
    assert (over["state"], over["amount"]["minor"], over["override_reason"]) == ("payable", 39000, "Illness on the second day")


def test_the_second_person_is_another_one(course):
    """Four eyes, over the door."""
    course.proposed()
    with pytest.raises(SecondPersonNeeded):
        course.approve(course.first)
    assert course.approve(support_officer())["state"] == "ordered"


def test_the_support_office_is_the_second_person_only_where_there_is_no_other(course, payments):
    """Payments follows who is paying officer, in whatever order it is told."""
    role = {"role": "finance", "place": course.visitor["partnership_id"]}
    grant, revoke = (event.of(course.second.person, person_id=course.second.person, **role) for event in (RoleGranted, RoleRevoked))
    payments.hear(RoleGranted.of(course.first.person, person_id=course.first.person, **role))
    payments.hear(grant)
    payments.hear(RoleGranted.of(course.second.person, person_id=course.second.person, role="finance", place=uuid4()), subject_version=2)
    course.proposed()
    assert course.payment(support_officer())["moves"] == ["take_back"]
    with pytest.raises(PayingOfficerThere):
        course.approve(support_officer())
    payments.hear(revoke, subject_version=4)
    payments.hear(grant, subject_version=3)
    listed = payments.ask(contracts.ListPayments, support_officer(), state=["proposed"])["items"]
    assert [each["moves"] for each in listed] == [["approve", "take_back"]]
    assert course.approve(support_officer())["state"] == "ordered"


def test_officers_who_were_it_before_payments_listened_are_known_once_they_are_told_of(course, payments):
    """Until then the support office approves nothing; and what is told late of a role that is gone meanwhile changes nothing."""
    role = {"role": "finance", "place": course.visitor["partnership_id"]}
    held = [RoleHeld.of(each.person, person_id=each.person, **role) for each in (course.first, course.second)]
    course.proposed()
    with payments.unit() as unit:
        unit.session.execute(delete(PayingOfficer))
    with pytest.raises(PayingOfficersUnknown):
        course.approve(support_officer())
    for each in held:
        payments.hear(each, subject_version=2)
    with pytest.raises(PayingOfficerThere):
        course.approve(support_officer())
    payments.hear(RoleRevoked.of(course.second.person, person_id=course.second.person, **role), subject_version=3)
    payments.hear(held[1], subject_version=2)
    assert course.approve(support_officer())["state"] == "ordered"


@pytest.mark.parametrize(
    ("contract", "fields"),
    [
        (contracts.ProposePayment, {}),
        (contracts.RecordPaid, {"paid_on": A_MONDAY.date(), "reference": "1"}),
        (contracts.RecordFailed, {"reason": "account_closed"}),
        (contracts.RetryPayment, {}),
        (contracts.RecordOverpaid, {"amount": {"minor": 100, "currency": "EUR"}, "reason": "Twice"}),
        (contracts.RecordRecovered, {"reference": "2"}),
    ],
)
def test_the_support_office_moves_no_money(course, payments, contract, fields):
    """It approves where nobody else can, takes a proposal back, and overrides the minimum: nothing else."""
    shown = course.payable().payment()
    with pytest.raises(RoleRequired):
        payments.ask(contract, support_officer(), payment_id=shown["payment_id"], if_match=shown["version"], **fields)
    with pytest.raises(RoleRequired):
        payments.ask(contracts.ExportBatch, support_officer(), partnership_id=course.visitor["partnership_id"])


def test_approval_asks_for_the_version_that_was_read(course, payments):
    """What changed meanwhile is read first."""
    course.proposed()
    shown = course.payment()
    with pytest.raises(StaleVersion):
        payments.ask(contracts.ApprovePayment, course.second, payment_id=shown["payment_id"], if_match=shown["version"] - 1)


def test_a_proposal_can_be_taken_back(course, payments):
    """By the second person too."""
    course.proposed()
    shown = payments.ask(contracts.TakeBackProposal, course.second, payment_id=course.payment()["payment_id"])
    assert (shown["state"], shown["proposed_by"]) == ("payable", None)


def test_a_list_is_exported_once_and_again_byte_for_byte(course, payments):
    """Everybody on it sees who fetched it."""
    course.ordered()
    batch = course.export()
    assert (batch["number"], batch["total"]["minor"], [line["exchange_id"] for line in batch["lines"]]) == (
        1,
        78000,
        [str(course.exchange_id)],
    )
    with pytest.raises(NothingToExport):
        course.export()
    first, second = (payments.ask(contracts.ReadBatchFile, course.second, batch_id=batch["batch_id"]) for _ in range(2))
    content = first["content"].encode()
    assert first == second and (first["size"], first["sha256"]) == (len(content), sha256(content).hexdigest()) and IBAN.encode() in content
    shown = payments.ask(contracts.ReadBankDetails, course.visitor_person, exchange_id=course.exchange_id)
    assert [each["purpose"] for each in shown["accesses"]] == ["list", "list"]
    assert payments.ask(contracts.ReadBatch, course.first, batch_id=batch["batch_id"]) == batch


def test_a_repeated_export_answers_the_same_list(course, payments):
    """The same key, the same list."""
    course.ordered()
    fields = {"partnership_id": course.visitor["partnership_id"]}
    first, second = (payments.ask(contracts.ExportBatch, course.first, key="once", **fields) for _ in range(2))
    assert first == second and len(payments.facts("batch_exported")) == 1


def test_a_returned_payment_is_made_again_on_another_list(course, payments):
    """With other bank details and both persons once more; it is found by either list."""
    course.exported()
    payment_id, returned = course.payment()["payment_id"], course.payment()["batch_id"]
    failed = payments.ask(contracts.RecordFailed, course.first, payment_id=payment_id, reason="account_closed", comment="Closed in May")
    assert (failed["state"], failed["failure"], failed["failure_comment"]) == ("failed", "account_closed", "Closed in May")
    course.with_account()
    assert payments.ask(contracts.RetryPayment, course.first, payment_id=payment_id)["state"] == "payable"
    course.propose(course.second)
    course.approve(course.first)
    second = course.export()
    assert second["number"] == 2
    for batch, found in ((returned, [payment_id]), (second["batch_id"], [payment_id]), (uuid4(), [])):
        assert [each["payment_id"] for each in payments.ask(contracts.ListPayments, course.first, batch_id=batch)["items"]] == found
    paid = course.pay()
    assert (paid["state"], paid["failure"], paid["failure_comment"]) == ("paid", None, None)


def test_an_account_without_iban_is_paid_by_hand(course, payments):
    """It stands on no list."""
    course.ordered(iban=None, bic=None, other_account="Account 12, Bank of the North")
    assert course.payment()["by_hand"] is True
    with pytest.raises(NothingToExport):
        course.export()
    shown = course.pay(reference="cheque 4")
    assert (shown["state"], shown["reference"]) == ("paid", "cheque 4")


def test_what_was_overpaid_comes_back(course, payments):
    """Claimed, then recovered."""
    course.paid()
    payment_id = course.payment()["payment_id"]
    amount = {"minor": 39000, "currency": "EUR"}
    claimed = payments.ask(contracts.RecordOverpaid, course.first, payment_id=payment_id, amount=amount, reason="Days corrected")
    assert (claimed["state"], claimed["claimed_back"]["minor"]) == ("overpaid", 39000)
    recovered = payments.ask(contracts.RecordRecovered, course.first, payment_id=payment_id, reference="2")
    assert (recovered["state"], recovered["ledger"][-1]["kind"]) == ("recovered", "reversed")


@pytest.mark.parametrize("event", [agreements.ExchangeCancelled, agreements.ExchangeTerminated, agreements.NoShowRecorded])
def test_an_exchange_called_off_pays_nothing(course, payments, event):
    """Its payment is void."""
    course.known().validated()
    course.tell(event, reason="illness")
    assert (course.payment()["state"], types(payments)[-1]) == ("void", "payment_voided")


def test_the_paying_officer_is_reminded_until_it_is_paid(course, payments):
    """Three days before the date, and on it."""
    course.payable()
    payments.clock.advance(days=7)
    payments.run_due()
    payments.clock.advance(days=3)
    payments.run_due()
    payments.clock.advance(days=30)
    payments.run_due()
    assert types(payments).count("payment_reminded") == 2


def test_nobody_is_reminded_of_what_is_paid(course, payments):
    """The reminder was taken back."""
    course.paid()
    payments.clock.advance(days=30)
    assert payments.run_due() == 0
    assert "payment_reminded" not in types(payments)
