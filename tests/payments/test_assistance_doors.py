"""The lump sum on a real database: computed from what others announce, in whatever order it comes."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from chassis.bare.refusals import RoleRequired
from contracts import agreements
from contracts import payments as contracts
from contracts.payments.refusals import (
    AssistanceNotComputed,
    SupplementNotFound,
)
from tests.builders import administrator, auditor, person, support_officer
from tests.payments.course import LISBON, MADRID
from tests.room import Room


def types(room: Room) -> list[str]:
    """What was announced, in order."""
    return [fact.type for fact in room.facts()]


def test_what_comes_too_early_waits(course, payments):
    """The plan before the exchange, the exchange before the places."""
    course.validated()
    assert len(payments.waiting()) == 1
    course.tell(agreements.ExchangeOpened)
    payments.try_waiting()
    payments.hear(course.profile(course.visitor, MADRID))
    payments.hear(course.profile(course.host, LISBON))
    payments.try_waiting()
    assert (payments.waiting(), types(payments)) == ([], ["assistance_computed"])


def test_a_signature_before_the_amount_waits(course, payments):
    """Services know no common order."""
    course.known().signed()
    assert len(payments.waiting()) == 1
    course.validated()
    payments.try_waiting()
    assert course.payment()["agreed"] == {"minor": 78000, "currency": "EUR"}


def test_the_signed_version_counts_even_when_a_newer_one_was_computed_first(course, payments):
    """The signatures under version 1 come late; those under version 3 wait until it is computed."""
    course.known().validated().validated(days=3, version=2).signed(version=1).signed(version=3)
    assert (course.payment()["agreed"]["minor"], len(payments.waiting())) == (78000, 1)
    course.signed(version=2)
    assert course.payment()["agreed"]["minor"] == 39000


def test_an_event_heard_twice_has_its_effect_once(course, payments):
    """The same id, and the same content under another id, change nothing."""
    course.known()
    opened = course.fact(agreements.ExchangeOpened)
    payments.hear(opened)
    validated = course.validated()
    again = payments.facts("assistance_computed")
    validated.validated()
    assert payments.facts("assistance_computed") == again and len(again) == 1


def test_an_older_profile_is_dropped(course, payments):
    """The newest place counts."""
    course.known()
    payments.hear(course.profile(course.host, ("PT", 40.0, -4.0), revision=3))
    payments.hear(course.profile(course.host, LISBON, revision=2))
    course.validated()
    assert payments.facts("assistance_computed")[0].data["amount"]["minor"] == 39000


def test_a_plan_for_a_country_without_a_rate_is_refused_and_computed_when_there_is_one(course, payments):
    """The administrator adds the row, the paying officer has it computed."""
    course.known().validated(country="BR")
    assert payments.facts("assistance_refused")[0].data["code"] == "no_rate_for_country"
    today = payments.clock.now().date()
    payments.ask(
        contracts.AddRate, administrator(), applies_to="BR", amount={"minor": 60000, "currency": "EUR"}, valid_from=today, source="decision"
    )
    shown = payments.ask(contracts.RecomputeAssistance, course.first, exchange_id=course.exchange_id)
    assert (shown["amount"]["minor"], shown["refused"]) == (60000, None)


def test_the_assistance_is_shown_with_its_factors(course, payments):
    """To the visitor, its paying officer, support office and auditor."""
    course.known()
    with pytest.raises(AssistanceNotComputed):
        payments.ask(contracts.ReadAssistance, course.visitor_person, exchange_id=course.exchange_id)
    course.validated()
    for who in (course.visitor_person, course.first, support_officer(), auditor()):
        shown = payments.ask(contracts.ReadAssistance, who, exchange_id=course.exchange_id)
        assert (shown["amount"]["minor"], shown["factors"][0]["source"]) == (78000, "assumption: sister programme")


def test_another_base_is_decided_before_anything_is_computed(course, payments):
    """Asked, listed for the paying officer alone, granted, computed."""
    course.known()
    payments.ask(contracts.RequestSupplement, course.visitor_person, exchange_id=course.exchange_id)
    course.validated()
    assert payments.facts("assistance_computed") == []
    [item] = payments.ask(contracts.ListSupplements, course.first)["items"]
    assert item["moves"] == ["grant", "decline"]
    payments.ask(contracts.DecideSupplement, course.first, exchange_id=course.exchange_id, granted=True)
    [fact] = payments.facts("assistance_computed")
    assert fact.data["amount"]["minor"] == 110000
    assert payments.ask(contracts.ListSupplements, course.first)["items"] == []
    assert payments.ask(contracts.ListSupplements, course.first, state=["declined"])["items"] == []
    assert [each["state"] for each in payments.ask(contracts.ListSupplements, course.first, state=["granted", "requested"])["items"]] == [
        "granted"
    ]
    assert payments.ask(contracts.ReadSupplement, course.visitor_person, exchange_id=course.exchange_id)["state"] == "granted"


def test_a_request_taken_back_lets_the_sum_be_done(course, payments):
    """By the listed base."""
    course.known()
    payments.ask(contracts.RequestSupplement, course.visitor_person, exchange_id=course.exchange_id)
    course.validated()
    payments.ask(contracts.WithdrawSupplement, course.visitor_person, exchange_id=course.exchange_id)
    assert payments.facts("assistance_computed")[0].data["amount"]["minor"] == 78000


@pytest.mark.parametrize("who", [support_officer(), auditor()])
def test_nobody_else_learns_that_another_base_was_asked_for(course, payments, who):
    """Neither by role nor by a hidden place."""
    course.known()
    payments.ask(contracts.RequestSupplement, course.visitor_person, exchange_id=course.exchange_id)
    with pytest.raises((RoleRequired, SupplementNotFound)):
        payments.ask(contracts.ReadSupplement, who, exchange_id=course.exchange_id)
    both = person(("support_officer", None), ("finance", course.host["partnership_id"]))
    with pytest.raises(SupplementNotFound):
        payments.ask(contracts.ReadSupplement, both, exchange_id=course.exchange_id)


def test_stages_that_are_told_in_another_order_do_not_go_back(course, payments):
    """Each event has a queue of its own."""
    course.known()
    today = payments.clock.now().date()
    course.tell(agreements.ExchangeEnded, ended_on=today, shortened=False)
    course.tell(agreements.ExchangeStarted, started_on=today)
    course.tell(agreements.ExchangeReady)
    with payments.unit() as unit:
        assert unit.session.execute(text("SELECT stage FROM exchange")).scalar_one() == "ended"
