"""Promises that hold when people and events come at once, and when somebody comes past the rules."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.bare.refusals import Refusal
from contracts import agreements
from contracts import payments as contracts
from tests.builders import contact_point


def at_once(*works):
    """Do several things in threads of their own; what each returned or raised."""

    def outcome(work):
        try:
            return work()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(outcome, works))


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET amount_minor = 1", "DELETE FROM ledger_entry"])
def test_the_database_keeps_the_ledger_as_it_was_written(course, payments, statement):
    """Whoever comes past the rules."""
    course.paid()
    with pytest.raises(DBAPIError, match="never changed"), payments.unit() as unit:
        unit.session.execute(text(statement))


def test_the_database_refuses_more_than_the_lump_sum(course, payments):
    """The sum of payments of an exchange never exceeds it."""
    course.exported()
    row = (
        "INSERT INTO ledger_entry (payment_id, exchange_id, kind, amount_minor, at, actor) "
        "SELECT id, exchange_id, 'paid', 78001, now(), 'service:test' FROM payment"
    )
    with pytest.raises(DBAPIError, match="lump sum"), payments.unit() as unit:
        unit.session.execute(text(row))


def test_the_database_refuses_a_second_payment(course, payments):
    """One payment of an exchange, whatever is asked."""
    course.paid()
    row = (
        "INSERT INTO ledger_entry (payment_id, exchange_id, kind, amount_minor, at, actor) "
        "SELECT id, exchange_id, 'paid', 1, now(), 'service:test' FROM payment"
    )
    with pytest.raises(DBAPIError), payments.unit() as unit:
        unit.session.execute(text(row))


@pytest.mark.parametrize("times", range(3))
def test_two_approvals_at_once_order_once(course, payments, times):
    """Two second persons press the button together: one orders, the other is refused."""
    course.proposed()
    third = contact_point(course.visitor["partnership_id"], "finance")
    shown = course.payment()

    def approve(who):
        return payments.ask(contracts.ApprovePayment, who, payment_id=shown["payment_id"], if_match=shown["version"])

    outcomes = at_once(lambda: approve(course.second), lambda: approve(third))
    assert sorted(type(each).__name__ for each in outcomes) == ["StaleVersion", "dict"]
    assert len(payments.facts("payment_ordered")) == 1


@pytest.mark.parametrize("times", range(3))
def test_two_lists_at_once_hold_a_payment_once(course, payments, times):
    """One list has it, the other finds nothing left."""
    course.ordered()
    outcomes = at_once(lambda: course.export(course.first), lambda: course.export(course.second))
    assert sorted(type(each).__name__ for each in outcomes) == ["NothingToExport", "dict"]
    assert len(payments.facts("payment_exported")) == 1


@pytest.mark.parametrize("times", range(5))
def test_last_things_that_come_at_once_still_make_it_payable(course, times):
    """Each looks at the exchange as it is when its turn comes; none overlooks the other."""
    course.known().validated().with_evidence()
    at_once(
        lambda: course.tell(agreements.ReportValidated),
        lambda: course.tell(agreements.DaysConfirmed, days_present=10),
        lambda: course.signed(),
        lambda: course.with_account(),
    )
    assert (course.payment()["state"], course.payment()["waiting_for"]) == ("payable", [])
