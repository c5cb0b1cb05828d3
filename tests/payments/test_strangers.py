"""Whose money it is not, finds nothing: places, lists and files."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.bare.refusals import MoveNotYours, NotFound, RoleRequired
from contracts import payments as contracts
from contracts.payments.refusals import (
    BatchNotFound,
    EvidenceNotFound,
    ExchangeNotFound,
    PartnershipNotFound,
    PaymentNotFound,
)
from tests.builders import auditor, contact_point, person, representative, support_officer
from tests.payments.course import BANK_DETAILS, Course


def strangers(course):
    """People of other organisations and partnerships, and those of this one without the right."""
    return {
        "host": representative(course.host["organisation_id"]),
        "host's paying officer": contact_point(course.host["partnership_id"], "finance"),
        "another visitor": representative(course.visitor["participation_id"]),
        "contact point without finance": person(
            ("agreements", course.visitor["partnership_id"]), ("finance", course.host["partnership_id"])
        ),
    }


def seen_in(room, contract, who):
    """What a list shows somebody; nothing when it is not for such people at all."""
    try:
        return room.ask(contract, who)["items"]
    except RoleRequired:
        return []


def test_lists_show_ones_own_and_filter(course, payments):
    """By state, date and partnership; those due first at the top."""
    course.payable()
    other = Course(payments).known()
    mine = payments.ask(contracts.ListPayments, course.first)["items"]
    assert [each["exchange_id"] for each in mine] == [str(course.exchange_id)]
    everything = payments.ask(contracts.ListPayments, support_officer())["items"]
    assert [each["exchange_id"] for each in everything] == [str(course.exchange_id), str(other.exchange_id)]
    ask = {"state": ["awaiting"], "partnership_id": other.visitor["partnership_id"]}
    assert [each["state"] for each in payments.ask(contracts.ListPayments, auditor(), **ask)["items"]] == ["awaiting"]
    soon = payments.clock.now().date() + timedelta(days=11)
    assert len(payments.ask(contracts.ListPayments, auditor(), due_before=soon)["items"]) == 1
    assert len(payments.ask(contracts.ListPayments, auditor(), text="harbour clus")["items"]) == 2
    assert payments.ask(contracts.ListPayments, auditor(), text="harbour_clus")["items"] == []
    assert [each["exchange_id"] for each in payments.ask(contracts.ListPayments, course.first, text="harbour")["items"]] == [
        str(course.exchange_id)
    ]
    first = payments.ask(contracts.ListPayments, auditor(), limit=1)
    rest = payments.ask(contracts.ListPayments, auditor(), after=first["next"])
    assert [each["exchange_id"] for each in rest["items"]] == [str(other.exchange_id)]


@pytest.mark.parametrize("stranger", ["host", "host's paying officer", "another visitor", "contact point without finance"])
def test_nobody_else_finds_anything(course, payments, stranger):
    """Foreign money is not found, in places, lists and files alike."""
    who = strangers(course)[stranger]
    course.exported()
    payment_id, [file] = (
        course.payment()["payment_id"],
        payments.ask(contracts.ListEvidence, course.first, exchange_id=course.exchange_id)["items"],
    )
    batch_id = course.payment()["batch_id"]
    exchange, payment = {"exchange_id": course.exchange_id}, {"payment_id": payment_id}
    evidence, batch = {"evidence_id": file["evidence_id"]}, {"batch_id": batch_id}
    asked = {
        contracts.ReadAssistance: exchange, contracts.RecomputeAssistance: exchange, contracts.RequestSupplement: exchange,
        contracts.ReadSupplement: exchange, contracts.WithdrawSupplement: exchange, contracts.DecideSupplement: exchange | {"granted": True},
        contracts.ReadBankDetails: exchange, contracts.GiveBankDetails: exchange | BANK_DETAILS, contracts.DiscloseAccount: exchange,
        contracts.ListEvidence: exchange, contracts.AcceptEvidence: exchange, contracts.ReadExchangePayment: exchange,
        contracts.UploadEvidence: exchange | {"kind": "other", "file": contracts.UploadEvidence.example["file"]},
        contracts.ReadEvidenceFile: evidence, contracts.WithdrawEvidence: evidence, contracts.AcceptFile: evidence,
        contracts.ReturnFile: evidence | {"reason": "other"}, contracts.ReadPayment: payment, contracts.ProposePayment: payment,
        contracts.ApprovePayment: payment, contracts.TakeBackProposal: payment, contracts.RetryPayment: payment,
        contracts.RecordPaid: payment | {"paid_on": payments.clock.now().date(), "reference": "1"}, contracts.RecordFailed: payment | {"reason": "other"},
        contracts.RecordOverpaid: payment | {"amount": {"minor": 1}, "reason": "x"}, contracts.RecordRecovered: payment | {"reference": "1"},
        contracts.ReadBatch: batch, contracts.ReadBatchFile: batch,
        contracts.ExportBatch: {"partnership_id": course.visitor["partnership_id"]},
    }  # fmt: skip
    before = payments.facts()
    for contract, fields in asked.items():
        with pytest.raises((ExchangeNotFound, PaymentNotFound, EvidenceNotFound, BatchNotFound, PartnershipNotFound, RoleRequired)):
            payments.ask(contract, who, **fields)
    lists = (contracts.ListPayments, contracts.ListBatches, contracts.ListSupplements)
    assert [seen_in(payments, contract, who) for contract in lists] == [[], [], []]
    assert payments.facts() == before


def test_auditors_read_and_change_nothing(course, payments):
    """They have the role for no command at all."""
    commands = [each for each in vars(contracts).values() if isinstance(each, type) and hasattr(each, "keyed")]
    assert commands and not any("auditor" in command.allowed for command in commands)


def test_a_visitor_who_is_also_paying_officer_does_not_decide_on_its_own_money(course):
    """Whoever is both is a visitor only."""
    course.payable()
    both = person(("representative", course.visitor["organisation_id"]), ("finance", course.visitor["partnership_id"]))
    with pytest.raises(MoveNotYours):
        course.propose(both)


def test_not_found_is_one_kind_of_refusal(course, payments):
    """A place that never was looks like one that is not for you."""
    with pytest.raises(NotFound):
        payments.ask(contracts.ReadExchangePayment, support_officer(), exchange_id=course.exchange_id)
