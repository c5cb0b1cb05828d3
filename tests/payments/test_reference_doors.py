"""Reference rates and figures on a real database: read by anybody, added by administrators, used from their day on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.bare.refusals import RoleRequired
from contracts import payments as contracts
from contracts.payments.refusals import (
    RateAlreadyThere,
    RateNotBackdated,
)
from tests.builders import administrator, support_officer


def test_reference_rates_are_read_by_anybody_and_added_by_administrators(payments):
    """Dated, sourced, never changed."""
    listed = payments.ask(contracts.ListRates, applies_to="PT")["items"]
    assert [(each["amount"]["minor"], each["source"]) for each in listed] == [(78000, "assumption: sister programme")]
    new = {"applies_to": "PT", "amount": {"minor": 80000, "currency": "EUR"}, "source": "table of 2027"}
    later = payments.clock.now().date() + timedelta(days=30)
    with pytest.raises(RoleRequired):
        payments.ask(contracts.AddRate, support_officer(), valid_from=later, **new)
    payments.ask(contracts.AddRate, administrator(), valid_from=later, **new)
    with pytest.raises(RateAlreadyThere):
        payments.ask(contracts.AddRate, administrator(), valid_from=later, **new)
    with pytest.raises(RateNotBackdated):
        payments.ask(contracts.AddRate, administrator(), valid_from=later - timedelta(days=31), **new)
    assert len(payments.ask(contracts.ListRates, applies_to="PT")["items"]) == 2


def test_a_rate_counts_from_its_day(course, payments):
    """Not before."""
    later = payments.clock.now().date() + timedelta(days=30)
    amount = {"minor": 80000, "currency": "EUR"}
    payments.ask(contracts.AddRate, administrator(), applies_to="PT", amount=amount, valid_from=later, source="table of 2027")
    course.known().validated()
    payments.clock.advance(days=30)
    course.validated(version=2)
    assert [fact.data["amount"]["minor"] for fact in payments.facts("assistance_computed")] == [78000, 80000]


def test_the_figures_of_the_rule_are_dated_rows_too(course, payments):
    """Read by anybody, added by administrators, used from their day on."""
    assert len(payments.ask(contracts.ListFigures)["items"]) == 7
    today = payments.clock.now().date()
    new = {"name": "halving_days", "value": 12, "valid_from": today, "source": "a decision"}
    payments.ask(contracts.AddFigure, administrator(), **new)
    with pytest.raises(RateAlreadyThere):
        payments.ask(contracts.AddFigure, administrator(), **new)
    with pytest.raises(RateNotBackdated):
        payments.ask(contracts.AddFigure, administrator(), **new | {"valid_from": today - timedelta(days=1)})
    course.known().validated()
    assert payments.facts("assistance_computed")[0].data["amount"]["minor"] == 39000


def test_the_seeded_rates_are_those_of_the_sister_programme(payments):
    """All 40 countries, the outermost regions and the decided base."""
    listed = {each["applies_to"]: each["amount"]["minor"] for each in payments.ask(contracts.ListRates, limit=100)["items"]}
    assert len(listed) == 42
    assert (listed["DK"], listed["PT"], listed["XK"], listed["outermost_region"], listed["disability"]) == (
        110000,
        78000,
        56000,
        110000,
        110000,
    )
