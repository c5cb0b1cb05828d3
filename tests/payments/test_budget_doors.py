"""The budget in figures, with amounts known beforehand."""

from __future__ import annotations

from datetime import date

import pytest

from chassis.running.doors import RoleRequired
from contracts import agreements
from contracts.payments import ReadBudget, RecordOverpaid, RecordRecovered
from tests.builders import administrator, contact_point
from tests.payments.course import Course, party
from tests.room import Room

NAMES = ("planned_minor", "agreed_minor", "ordered_minor", "paid_minor")


def rows(room: Room, who: object, **fields: object) -> list[tuple[object, ...]]:
    """The month and its four sums."""
    return [(each["month"], *(each[name] for name in NAMES)) for each in room.ask(ReadBudget, who, **fields)["items"]]  # type: ignore[arg-type]


def test_budget_adds_up_by_partnership_and_month(course: Course, payments: Room) -> None:
    """One exchange is paid, another of the same partnership is planned a month later; each sum stands in its month."""
    course.paid()
    payments.clock.advance(days=30)
    mate = Course(payments, party() | {"partnership_id": course.visitor["partnership_id"]})
    mate.known().validated(days=4)
    found = [("2026-11-01", 0, 78000, 78000, 78000), ("2026-12-01", 39000, 0, 0, 0)]
    assert rows(payments, course.first) == found
    assert rows(payments, administrator()) == found
    assert rows(payments, course.first, booked_from=date(2026, 12, 1)) == found[1:]
    assert rows(payments, course.first, booked_to=date(2026, 11, 30)) == found[:1]
    assert rows(payments, course.first, booked_to=date(9999, 12, 31)) == found
    assert {each["acronym"] for each in payments.ask(ReadBudget, course.first)["items"]} == {"BLUES"}


def test_what_is_agreed_is_planned_no_more(course: Course, payments: Room) -> None:
    """No euro is counted twice."""
    course.known().validated()
    assert rows(payments, course.first) == [("2026-11-01", 78000, 0, 0, 0)]
    course.signed()
    assert rows(payments, course.first) == [("2026-11-01", 0, 78000, 0, 0)]


def test_only_the_newest_plan_is_counted(course: Course, payments: Room) -> None:
    """An amended commitment takes the place of the one before."""
    course.known().validated(days=10).validated(days=4, version=2)
    assert rows(payments, course.first) == [("2026-11-01", 39000, 0, 0, 0)]


def test_what_came_back_counts_below_nought_in_its_month(course: Course, payments: Room) -> None:
    """A part of the lump sum is claimed back and comes in a month later."""
    course.paid()
    payments.clock.advance(days=30)
    about = {"payment_id": course.payment()["payment_id"]}
    payments.ask(RecordOverpaid, course.first, **about, amount={"minor": 8000, "currency": "EUR"}, reason="Fewer days")
    payments.ask(RecordRecovered, course.first, **about, reference="18")
    assert rows(payments, course.first)[1] == ("2026-12-01", 0, 0, 0, -8000)


def test_exchange_that_did_not_take_place_counts_for_nothing(course: Course, payments: Room) -> None:
    """Its money is free again."""
    course.known().validated().signed()
    course.tell(agreements.ExchangeCancelled, reason="illness")
    assert rows(payments, course.first) == []


def test_only_the_partnership_that_pays_sees_its_budget(course: Course, payments: Room) -> None:
    """The host's side sees none of the money, and participants have no such door."""
    course.known().validated()
    assert rows(payments, contact_point(course.host["partnership_id"])) == []
    assert rows(payments, administrator(), partnership_id=course.host["partnership_id"]) == []
    with pytest.raises(RoleRequired):
        payments.ask(ReadBudget, course.visitor_person)
