"""What binds a person to payments, and what payments forgets and keeps of one who is erased."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.bare.principal import service
from chassis.bare.refusals import NotFound
from contracts import agreements
from contracts.identity.events import PersonErased
from contracts.payments import ReadHeld, ReadUnsettledPayments
from tests.builders import person
from tests.payments.course import Course

IDENTITY = service("identity")


def unsettled(course: Course, person_id: UUID, *organisation_ids: UUID) -> list[str]:
    """What identity is told."""
    about = {"person_id": person_id, "organisation_ids": list(organisation_ids)}
    found: list[str] = course.room.ask(ReadUnsettledPayments, IDENTITY, **about)["exchange_ids"]
    return found


def test_payment_binds_the_visitor_until_it_is_settled(course: Course) -> None:
    """And the visitor's last representative; not the host, whom nothing is paid."""
    course.known()
    mine = [str(course.exchange_id)]
    assert unsettled(course, course.visitor["person_id"]) == mine
    assert unsettled(course, uuid4(), course.visitor["organisation_id"]) == mine
    assert unsettled(course, course.host["person_id"], course.host["organisation_id"]) == []
    with pytest.raises(NotFound):
        course.room.ask(ReadUnsettledPayments, person(), person_id=uuid4())
    course.tell(agreements.ExchangeCancelled, reason="illness")
    assert unsettled(course, course.visitor["person_id"]) == []


def test_answers_to_the_person_are_forgotten_and_the_account_stays(course: Course) -> None:
    """It is an accounting record; what the person was answered is none."""
    course.known().validated().signed().with_account().with_evidence()
    giver = course.visitor_person.person
    count = "SELECT count(*) FROM answered WHERE actor = 'person:' || :giver"
    with course.room.engine.connect() as connection:
        assert connection.scalar(text(count), {"giver": str(giver)}) > 0
        sealed = connection.scalar(text("SELECT sealed FROM bank_details"))
    course.room.hear(PersonErased.of(giver, person_id=giver))
    with course.room.engine.connect() as connection:
        assert connection.scalar(text(count), {"giver": str(giver)}) == 0
        assert connection.scalar(text("SELECT sealed FROM bank_details")) == sealed


def test_person_is_told_all_that_is_held_but_the_sealed_account(course: Course) -> None:
    """Who gave the account, and the evidence with where it can be fetched; the IBAN is shown masked, as everywhere."""
    course.known().validated().signed().with_account().with_evidence()
    held = course.room.ask(ReadHeld, IDENTITY, person_id=course.visitor_person.person)
    (account,) = held["tables"]["bank_details"]
    assert "sealed" not in account and account["masked_account"]
    assert [each["link"] for each in held["files"]] == [f"/v1/evidence/{row['id']}/file" for row in held["tables"]["evidence"]]
