"""The piles of a paying officer's desk, counted and listed by the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.bare.refusals import InvalidFields
from contracts import payments as contracts
from tests.builders import contact_point, support_officer
from tests.payments.course import Course


def counted(payments: Any, who: Any) -> dict[str, dict[str, Any]]:
    """Each pile by its name."""
    return {each.pop("pile"): each for each in payments.ask(contracts.CountPaymentPiles, who)["items"]}


def test_piles_are_counted_and_listed_alike(course, payments):
    """Every payment lies on the pile of its state; what nothing is agreed on lies on none."""
    others = [Course(payments) for _ in range(5)]
    course.payable()
    others[0].proposed()
    others[1].exported()
    others[2].known().validated().signed()
    others[3].known()
    others[4].known().upload()
    sizes = {pile: each["count"] for pile, each in counted(payments, support_officer()).items()}
    assert sizes == {"review": 1, "evidence": 1, "payable": 1, "proposed": 1, "ordered": 0, "exported": 1, "failed": 0, "overpaid": 0}
    for pile, size in sizes.items():
        assert len(payments.ask(contracts.ListPayments, support_officer(), pile=pile)["items"]) == size
    [waiting] = payments.ask(contracts.ListPayments, support_officer(), pile="evidence")["items"]
    assert waiting["exchange_id"] == str(others[2].exchange_id)
    assert [pile for pile, each in counted(payments, course.first).items() if each["count"]] == ["payable"]
    stranger = contact_point(course.host["partnership_id"], "finance")
    assert {each["count"] for each in counted(payments, stranger).values()} == {0}
    with pytest.raises(InvalidFields):
        payments.ask(contracts.ListPayments, stranger, pile="paid")


def test_pile_says_what_is_late_and_what_is_due_first(course, payments):
    """On its very day a payment is not late yet; evidence is late by a day of its own."""
    course.payable()
    other = Course(payments).known().validated().signed()
    other.over()
    pile = counted(payments, support_officer())
    due = payments.clock.now().date() + timedelta(days=10)
    assert pile["payable"] == {"count": 1, "late": 0, "first_due": due.isoformat()}
    assert pile["evidence"]["first_due"] == (payments.clock.now().date() + timedelta(days=30)).isoformat()
    payments.clock.advance(days=10)
    assert counted(payments, support_officer())["payable"]["late"] == 0
    payments.clock.advance(days=1)
    assert (counted(payments, support_officer())["payable"]["late"], counted(payments, support_officer())["evidence"]["late"]) == (1, 0)
    payments.clock.advance(days=20)
    assert counted(payments, support_officer())["evidence"]["late"] == 1


def test_evidence_goes_from_the_visitor_to_the_paying_officer_and_back(course, payments):
    """Awaited, to be reviewed, awaited again where it was sent back; accepted as a whole it lies on neither."""

    def lies_on() -> list[str]:
        return [pile for pile in ("review", "evidence") if counted(payments, course.first)[pile]["count"]]

    course.known().validated().signed()
    seen = [lies_on()]
    file = course.upload()
    seen.append(lies_on())
    payments.ask(contracts.ReturnFile, course.first, evidence_id=file["evidence_id"], reason="unreadable")
    seen.append(lies_on())
    course.with_evidence()
    assert [*seen, lies_on()] == [["evidence"], ["review"], ["evidence"], []]


def test_evidence_is_listed_by_the_day_it_is_due(course, payments):
    """Those whose stay has not ended come last; page by page."""
    running = Course(payments).known().validated().signed()
    courses = [course.known().validated().signed(), Course(payments).known().validated().signed()]
    for each in courses:
        each.over()
        payments.clock.advance(days=1)
    found = [each["exchange_id"] for each in payments.page_by_page(contracts.ListPayments, support_officer(), pile="evidence")]
    assert found == [str(each.exchange_id) for each in (*courses, running)]


def test_list_until_a_day_goes_by_the_day_that_its_pile_waits_for(course, payments):
    """Evidence that is awaited has a day of its own; its payment has none yet."""
    course.known().validated().signed()
    course.over()
    due = payments.clock.now().date() + timedelta(days=30)

    def found(before: Any) -> int:
        return len(payments.ask(contracts.ListPayments, support_officer(), pile="evidence", due_before=before)["items"])

    assert (found(due), found(due + timedelta(days=1))) == (0, 1)
