"""Reference rates and figures on a real database: read by anybody, added by administrators, used from their day on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.bare.refusals import InvalidFields, RoleRequired, RowAlreadyThere, RowNotBackdated
from contracts import payments as contracts
from contracts.agreements import WORKING_DAYS_METHODS
from contracts.payments.reference import LARGEST_RATE, LEAST_RATE, RULE_FIGURES
from contracts.payments.refusals import (
    RateAlreadyThere,
    RateNotBackdated,
)
from services.payments.assistance import Figure, Method, Stay, lump_sum
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
    assert len(payments.ask(contracts.ListFigures)["items"]) == len(RULE_FIGURES)
    today = payments.clock.now().date()
    new = {"name": "halving_days", "value": 12, "valid_from": today, "source": "a decision"}
    payments.ask(contracts.AddFigure, administrator(), **new)
    with pytest.raises(RowAlreadyThere):
        payments.ask(contracts.AddFigure, administrator(), **new)
    with pytest.raises(RowNotBackdated):
        payments.ask(contracts.AddFigure, administrator(), **new | {"valid_from": today - timedelta(days=1)})
    course.known().validated()
    assert payments.facts("assistance_computed")[0].data["amount"]["minor"] == 39000


@pytest.mark.parametrize("minor", [0, 99, 10_000_001, 10**12])
def test_a_rate_that_nobody_can_mean_is_refused(minor):
    """Nothing at all would be agreed on, or more than the column holds."""
    with pytest.raises(InvalidFields):
        contracts.AddRate.read(contracts.AddRate.example | {"amount": {"minor": minor, "currency": "EUR"}})


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_, least, most) in RULE_FIGURES.items() for value in (least - 1, most + 1)]
)
def test_a_figure_out_of_its_range_is_refused(name, value):
    """A share above the whole, a year to pay in, a day that no calendar has."""
    with pytest.raises(InvalidFields) as refused:
        contracts.AddFigure.read(contracts.AddFigure.example | {"name": name, "value": value})
    assert "value" in refused.value.details["fields"]


@given(
    st.integers(LEAST_RATE, LARGEST_RATE),
    st.fixed_dictionaries({name: st.integers(least, most) for name, (_, least, most) in RULE_FIGURES.items()}),
    st.integers(0, 31),
    st.integers(0, 20_000_000),
)
def test_whatever_rows_are_added_the_lump_sum_is_something_and_within_the_ceiling(rate, values, days, metres):
    """So that an amount both sign can always be entered in the ledger."""
    tariff = Tariff(
        {"PT": Figure(rate, "test")}, {name: Figure(value, "test") for name, value in values.items()}, "great_circle_of_towns", "test"
    )
    total = lump_sum(
        tariff.base("PT", outermost=False, decided=False),
        Stay(days, metres, "test", Method("counted", "test"), tariff.measured()),
        tariff.rules(),
    )
    assert 0 < total.minor <= values["ceiling"]


def test_the_seeded_figures_are_within_their_ranges(payments):
    """Every figure has one."""
    listed = {each["name"]: each["value"] for each in payments.ask(contracts.ListFigures)["items"]}
    assert set(listed) == set(RULE_FIGURES)
    assert all(least <= listed[name] <= most for name, (_, least, most) in RULE_FIGURES.items())


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


def test_the_days_to_pay_and_the_least_days_of_today_go_into_what_is_agreed_on(course, payments):
    """They are told with the amount, so that the agreement prints them; an earlier amount keeps what it was computed with."""
    course.known().validated()
    tomorrow = payments.clock.now().date() + timedelta(days=1)
    for name, value in (("payment_days", 15), ("minimum_working_days", 2)):
        payments.ask(contracts.AddFigure, administrator(), name=name, value=value, valid_from=tomorrow, source="a decision")
    payments.clock.advance(days=1)
    course.validated(days=2, version=2)
    told = [(fact.data["payment_days"], fact.data["minimum_working_days"]) for fact in payments.facts("assistance_computed")]
    assert told == [(10, 3), (15, 2)]


def test_a_payment_is_due_in_the_days_that_were_agreed_on(course, payments):
    """A row added after the signature moves no payment of it."""
    course.known().validated().signed().with_account()
    today = payments.clock.now().date()
    payments.ask(contracts.AddFigure, administrator(), name="payment_days", value=30, valid_from=today, source="a decision")
    course.with_evidence().reported()
    [due] = payments.facts("payment_due")
    assert due.data["due_by"] == (today + timedelta(days=10)).isoformat()


def test_the_method_of_measuring_is_a_dated_row_among_those_there_are(course, payments):
    """Read by anybody, added by administrators, used from its day on and shown with its source."""
    today = payments.clock.now().date()
    new = {"name": "distance", "value": "ellipsoid_of_towns", "valid_from": today + timedelta(days=1), "source": "a decision"}
    with pytest.raises(InvalidFields):
        payments.ask(contracts.AddAssistanceMethod, administrator(), **new | {"value": "by_road"})
    with pytest.raises(RoleRequired):
        payments.ask(contracts.AddAssistanceMethod, support_officer(), **new)
    with pytest.raises(RowNotBackdated):
        payments.ask(contracts.AddAssistanceMethod, administrator(), **new | {"valid_from": today - timedelta(days=1)})
    payments.ask(contracts.AddAssistanceMethod, administrator(), **new)
    with pytest.raises(RowAlreadyThere):
        payments.ask(contracts.AddAssistanceMethod, administrator(), **new)
    listed = payments.ask(contracts.ListAssistanceMethods)["items"]
    assert [each["value"] for each in listed] == ["ellipsoid_of_towns", "great_circle_of_towns"]
    assert [each["meaning"] for each in listed] == [contracts.DISTANCE_METHODS[each["value"]] for each in listed]
    course.known().validated()
    payments.clock.advance(days=1)
    course.validated(version=2)
    before, after = ({each["name"]: each for each in fact.data["factors"]} for fact in payments.facts("assistance_computed"))
    method = "method of measuring the distance"
    assert (before[method]["source"], after[method]["source"]) == ("assumption: great circle between the two seats", "a decision")
    assert "ellipsoid" in after[method]["value"] and "great circle" in before[method]["value"]
    assert before["distance"]["value"] != after["distance"]["value"]
    assert after["method of counting working days"]["value"] == WORKING_DAYS_METHODS["weekdays"]
