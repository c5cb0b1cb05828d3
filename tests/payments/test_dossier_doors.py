"""The money's part of the dossier: all of it, masked, on the record, and for services only."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chassis.bare.principal import service
from chassis.bare.refusals import NotFound
from contracts import payments as contracts
from contracts.payments.refusals import ExchangeNotFound
from tests.builders import auditor, support_officer
from tests.payments.course import BANK_DETAILS
from tests.room import Room


def dossier(course, reader, role="auditor"):
    """What agreements is told for somebody who reads it."""
    about = {"exchange_id": course.exchange_id, "person_id": reader.person, "role": role}
    return course.room.ask(contracts.ReadExchangeMoney, service("agreements"), **about)


def test_the_dossier_holds_all_money_of_an_exchange(course):
    """Lump sum, masked account, evidence, payment with its ledger; the account number is nowhere in it."""
    course.paid()
    found = dossier(course, auditor())
    assert [each["amount"]["minor"] for each in found["assistances"]] == [78000]
    assert found["bank_details"]["masked_account"].startswith("PT50 ****") and BANK_DETAILS["iban"] not in str(found)
    assert ([each["state"] for each in found["evidence"]["items"]], found["payment"]["state"]) == (["accepted"], "paid")
    assert [line["kind"] for line in found["payment"]["ledger"]] == ["agreed", "due", "ordered", "paid"]


def test_an_exchange_without_an_account_has_a_dossier_too(course):
    """Nothing is there to mask, and nothing to record."""
    course.known()
    found = dossier(course, auditor())
    assert (found["bank_details"], found["assistances"], found["payment"]["state"]) == (None, [], "awaiting")


def test_the_holder_of_the_account_sees_who_read_the_dossier(course):
    """Each reading is recorded."""
    course.known().with_account()
    readers = [(auditor(), "auditor"), (support_officer(), "support_officer")]
    for reader, role in readers:
        dossier(course, reader, role)
    shown = course.room.ask(contracts.ReadBankDetails, course.visitor_person, exchange_id=course.exchange_id)
    assert [(each["person_id"], each["purpose"]) for each in shown["accesses"]] == [(each.id, "dossier") for each, _ in readers]


def test_auditors_are_offered_no_move_and_the_support_office_its_own(course):
    """The dossier shows what its reader may do, not what the asking service may."""
    course.proposed()
    for reader, role, moves in ((auditor(), "auditor", []), (support_officer(), "support_officer", ["approve", "take_back"])):
        found = dossier(course, reader, role)
        assert (found["payment"]["moves"], found["evidence"]["moves"]) == (moves, [])


def test_a_request_for_another_base_is_not_told(course):
    """Neither that there is one nor how it stands."""
    course.known()
    course.room.ask(contracts.RequestSupplement, course.visitor_person, exchange_id=course.exchange_id)
    found = dossier(course, auditor())
    assert set(found) == {"exchange_id", "assistances", "bank_details", "evidence", "payment"} and "supplement" not in str(found)


def test_the_money_of_an_exchange_is_asked_for_by_services_only(course, payments: Room):
    """People are not even told that one could ask; of an exchange that is not there nothing is told."""
    course.known()
    for who in (auditor(), support_officer(), course.first, course.visitor_person):
        with pytest.raises(NotFound):
            payments.ask(contracts.ReadExchangeMoney, who, exchange_id=course.exchange_id, person_id=uuid4(), role="auditor")
    with pytest.raises(ExchangeNotFound):
        payments.ask(contracts.ReadExchangeMoney, service("agreements"), exchange_id=uuid4(), person_id=uuid4(), role="auditor")
