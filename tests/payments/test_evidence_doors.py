"""Evidence on a real database: back and forth, and who fetched it."""

from __future__ import annotations

import pytest

from contracts import payments as contracts
from contracts.payments.refusals import StayNotOver
from tests.builders import auditor


def test_evidence_goes_back_and_forth(course, payments):
    """Returned with a reason, replaced, accepted, downloaded."""
    course.known()
    first = course.upload()
    assert (first["state"], first["moves"]) == ("uploaded", ["withdraw"])
    returned = payments.ask(
        contracts.ReturnFile, course.first, evidence_id=first["evidence_id"], reason="unreadable", comment="Page two is dark."
    )
    assert (returned["state"], returned["reason"], returned["comment"]) == ("returned", "unreadable", "Page two is dark.")
    payments.ask(contracts.WithdrawEvidence, course.visitor_person, evidence_id=first["evidence_id"])
    second = course.upload()
    assert payments.ask(contracts.AcceptFile, course.first, evidence_id=second["evidence_id"])["state"] == "accepted"
    with pytest.raises(StayNotOver):
        payments.ask(contracts.AcceptEvidence, course.first, exchange_id=course.exchange_id)
    course.over()
    listed = payments.ask(contracts.ListEvidence, course.first, exchange_id=course.exchange_id)
    assert ([each["state"] for each in listed["items"]], listed["moves"]) == (["withdrawn", "accepted"], ["accept_evidence"])
    whole = payments.ask(contracts.AcceptEvidence, course.first, exchange_id=course.exchange_id)
    assert whole["accepted_at"] is not None and whole["moves"] == []
    assert payments.ask(contracts.ReadEvidenceFile, auditor(), evidence_id=second["evidence_id"])["sha256"] == "0" * 64


def test_the_visitor_sees_who_fetched_its_evidence(course, payments):
    """Its own people are not written down."""
    course.known()
    file, officer = course.upload(), course.first
    for who in (course.visitor_person, officer):
        payments.ask(contracts.ReadEvidenceFile, who, evidence_id=file["evidence_id"])
    [shown] = payments.ask(contracts.ListEvidence, course.visitor_person, exchange_id=course.exchange_id)["items"]
    assert [(each["person_id"], each["purpose"]) for each in shown["accesses"]] == [(officer.id, "evidence")]
