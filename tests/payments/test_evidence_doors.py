"""Evidence on a real database: back and forth, and who fetched it."""

from __future__ import annotations

import importlib
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from chassis.bare.refusals import IfMatchRequired, StaleVersion
from contracts import agreements
from contracts import payments as contracts
from contracts.payments.refusals import StayNotOver
from tests.builders import administrator, auditor
from tests.payments.course import Course


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
    payments.clock.advance(seconds=1)
    second = course.upload()
    assert payments.ask(contracts.AcceptFile, course.first, evidence_id=second["evidence_id"])["state"] == "accepted"
    with pytest.raises(StayNotOver):
        payments.ask(contracts.AcceptEvidence, course.first, if_match=6, exchange_id=course.exchange_id)
    course.over()
    listed = payments.ask(contracts.ListEvidence, course.first, exchange_id=course.exchange_id)
    assert ([each["state"] for each in listed["items"]], listed["moves"]) == (["withdrawn", "accepted"], ["accept_evidence"])
    about = {"exchange_id": course.exchange_id}
    assert payments.page_by_page(contracts.ListEvidence, course.first, **about) == listed["items"]
    assert payments.ask(contracts.ListEvidence, course.first, state=["accepted"], **about)["items"] == listed["items"][1:]
    assert payments.ask(contracts.ListEvidence, course.first, kind=["other"], **about)["items"] == []
    whole = payments.ask(contracts.AcceptEvidence, course.first, if_match=listed["version"], **about)
    assert whole["accepted_at"] is not None and whole["moves"] == []
    assert payments.ask(contracts.ReadEvidenceFile, auditor(), evidence_id=second["evidence_id"])["sha256"] == "0" * 64


def test_evidence_is_due_so_many_days_after_the_stay_as_the_figure_was_when_it_ended(course, payments):
    """No day before the end; a later figure moves none that was told; the payment says it, too, and what comes later is still taken."""
    course.known()
    about = {"exchange_id": course.exchange_id}
    assert payments.ask(contracts.ListEvidence, course.first, **about)["due_on"] is None
    today = payments.clock.now().date()
    course.over()
    due = (today + timedelta(days=30)).isoformat()
    payments.ask(contracts.AddFigure, administrator(), name="evidence_days", value=10, valid_from=today, source="a decision")
    course.over()
    assert payments.ask(contracts.ListEvidence, course.visitor_person, **about)["due_on"] == due
    assert course.payment()["evidence_due_on"] == due
    payments.clock.advance(days=31)
    assert course.upload()["state"] == "uploaded"


def test_the_visitor_is_reminded_of_evidence_before_its_day_on_it_and_once_it_is_over(course, payments):
    """A week before, that day, and the day after, when its partnership's contact point hears of it, too."""
    course.known().validated()
    course.over()
    for days, reminded in ((22, 0), (1, 1), (7, 2), (1, 3), (30, 3)):
        payments.clock.advance(days=days)
        payments.run_due()
        assert len(payments.facts("evidence_reminded")) == reminded
    assert [each.data["overdue"] for each in payments.facts("evidence_reminded")] == [False, False, True]


def test_nobody_is_reminded_of_evidence_that_was_handed_in_unless_it_comes_back(course, payments):
    """With the paying officer it waits for nobody else; sent back, it is awaited again."""
    course.known().validated()
    course.over()
    file = course.upload()
    payments.clock.advance(days=24)
    payments.run_due()
    assert payments.facts("evidence_reminded") == []
    payments.ask(contracts.ReturnFile, course.first, evidence_id=file["evidence_id"], reason="unreadable")
    payments.clock.advance(days=6)
    payments.run_due()
    assert [each.data["overdue"] for each in payments.facts("evidence_reminded")] == [False]


def test_stays_that_had_ended_before_evidence_had_a_day_get_one_and_are_reminded(course, payments):
    """As the migration plans it: from the day of the change on, once for each that waits; who has a day keeps it."""
    steps = importlib.import_module("services.payments.migrations.0009_evidence_of_before")
    kept, running = (Course(payments).known() for _ in range(2))
    course.known().validated()
    for each in (course, kept):
        each.over()
    with payments.unit() as unit:
        unit.session.execute(text("DELETE FROM due"))
        unit.session.execute(text("UPDATE exchange SET evidence_due_on = NULL WHERE id = :id"), {"id": course.exchange_id})
        for plan in (steps.DAYS, steps.REMINDERS, steps.REMINDERS):
            unit.session.execute(text(plan))
        today = unit.session.scalar(text("SELECT current_date"))
        planned = set(unit.session.scalars(text("SELECT subject FROM due")))
    assert planned == {f"evidence_reminder/{each.exchange_id}" for each in (course, kept)}
    due = date.fromisoformat(course.payment()["evidence_due_on"])
    assert (due, running.payment()["evidence_due_on"]) == (today + timedelta(days=30), None)
    assert kept.payment()["evidence_due_on"] == (payments.clock.now().date() + timedelta(days=30)).isoformat()
    for day in (due - timedelta(days=7), due):
        payments.clock.advance(seconds=(datetime.combine(day, time(9), UTC) - payments.clock.now()).total_seconds())
        payments.run_due()
    mine = [each.data["overdue"] for each in payments.facts("evidence_reminded") if each.subject == f"exchange/{course.exchange_id}"]
    assert mine == [False, False]


@pytest.mark.parametrize("event", [agreements.ExchangeTerminated, agreements.NoShowRecorded])
def test_nobody_is_reminded_of_evidence_of_a_stay_that_did_not_take_place(course, payments, event):
    """Its payment is void."""
    course.known().validated()
    course.over()
    course.tell(event, reason="illness")
    payments.clock.advance(days=40)
    payments.run_due()
    assert payments.facts("evidence_reminded") == []


def test_the_visitor_sees_who_fetched_its_evidence(course, payments):
    """Its own people are not written down."""
    course.known()
    file, officer = course.upload(), course.first
    for who in (course.visitor_person, officer):
        payments.ask(contracts.ReadEvidenceFile, who, evidence_id=file["evidence_id"])
    [shown] = payments.ask(contracts.ListEvidence, course.visitor_person, exchange_id=course.exchange_id)["items"]
    assert [(each["person_id"], each["purpose"]) for each in shown["accesses"]] == [(officer.id, "evidence")]


def test_nobody_accepts_a_file_that_was_added_meanwhile(course, payments):
    """The list names its version; a file more is another version, and has to be looked at first."""
    course.known()
    course.upload()
    course.over()
    about = {"exchange_id": course.exchange_id}
    seen = payments.ask(contracts.ListEvidence, course.first, **about)["version"]
    course.upload()
    with pytest.raises(IfMatchRequired):
        payments.ask(contracts.AcceptEvidence, course.first, **about)
    with pytest.raises(StaleVersion):
        payments.ask(contracts.AcceptEvidence, course.first, if_match=seen, **about)
    now = payments.ask(contracts.ListEvidence, course.first, **about)
    assert (now["version"], now["accepted_at"], {each["state"] for each in now["items"]}) == (seen + 1, None, {"uploaded"})
    accepted = payments.ask(contracts.AcceptEvidence, course.first, if_match=now["version"], **about)
    assert {each["state"] for each in accepted["items"]} == {"accepted"}


def test_every_change_of_a_file_is_a_new_version_of_the_evidence(course, payments):
    """Added, returned, taken back, accepted; looking at it is no change."""
    course.known()
    first, second = course.upload(), course.upload()
    payments.ask(contracts.ReadEvidenceFile, course.first, evidence_id=first["evidence_id"])
    payments.ask(contracts.ReturnFile, course.first, evidence_id=first["evidence_id"], reason="unreadable")
    payments.ask(contracts.WithdrawEvidence, course.visitor_person, evidence_id=first["evidence_id"])
    payments.ask(contracts.AcceptFile, course.first, evidence_id=second["evidence_id"])
    assert payments.ask(contracts.ListEvidence, course.visitor_person, exchange_id=course.exchange_id)["version"] == 6
