"""Reference rates and figures on a real database: read by anybody, added by administrators, used from their day on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.bare.refusals import InvalidFields, RoleRequired
from contracts import payments as contracts
from contracts.payments.reference import FIGURE_RANGES, LARGEST_RATE, LEAST_RATE, RULE_FIGURES
from contracts.payments.refusals import (
    RateAlreadyThere,
    RateNotBackdated,
)
from services.payments.assistance import Figure, Stay, lump_sum
from services.payments.model import Tariff
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


@pytest.mark.parametrize("minor", [0, 99, 10_000_001, 10**12])
def test_a_rate_that_nobody_can_mean_is_refused(minor):
    """Nothing at all would be agreed on, or more than the column holds."""
    with pytest.raises(InvalidFields):
        contracts.AddRate.read(contracts.AddRate.example | {"amount": {"minor": minor, "currency": "EUR"}})


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (least, most) in FIGURE_RANGES.items() for value in (least - 1, most + 1)]
)
def test_a_figure_out_of_its_range_is_refused(name, value):
    """A share above the whole, a year to pay in, a day that no calendar has."""
    with pytest.raises(InvalidFields) as refused:
        contracts.AddFigure.read(contracts.AddFigure.example | {"name": name, "value": value})
    assert "value" in refused.value.details["fields"]


@given(
    st.integers(LEAST_RATE, LARGEST_RATE),
    st.fixed_dictionaries({name: st.integers(*span) for name, span in FIGURE_RANGES.items()}),
    st.integers(0, 31),
    st.integers(0, 20_000_000),
)
def test_whatever_rows_are_added_the_lump_sum_is_something_and_within_the_ceiling(rate, values, days, metres):
    """So that an amount both sign can always be entered in the ledger."""
    tariff = Tariff({"PT": Figure(rate, "test")}, {name: Figure(value, "test") for name, value in values.items()})
    total = lump_sum(tariff.base("PT", outermost=False, decided=False), Stay(days, metres, "test"), tariff.rules())
    assert 0 < total.minor <= values["ceiling"]


def test_the_seeded_figures_are_within_their_ranges(payments):
    """Every figure has one."""
    listed = {each["name"]: each["value"] for each in payments.ask(contracts.ListFigures)["items"]}
    assert set(listed) == set(FIGURE_RANGES) == set(RULE_FIGURES)
    assert all(least <= listed[name] <= most for name, (least, most) in FIGURE_RANGES.items())


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
