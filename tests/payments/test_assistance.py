"""The lump sum's arithmetic: the golden cases, and what holds for every stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.payments import DISTANCE_METHODS
from services.payments.assistance import (
    METHODS,
    Base,
    Figure,
    Method,
    Place,
    Rules,
    Stay,
    amount,
    distance_m,
    euros,
    lump_sum,
    percent_paid,
)

RULES = Rules(
    halving_days=Figure(5, "public pages"),
    halving_km=Figure(200, "public pages"),
    reduced_percent=Figure(50, "public pages"),
    ceiling=Figure(110000, "public pages"),
    minimum_working_days=Figure(3, "public pages"),
    payment_days=Figure(10, "public pages"),
)
PT = Base("base for PT", 78000, "assumption: sister programme")
DK = Base("base for DK", 110000, "assumption: sister programme")

degrees = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
bases = st.builds(Base, st.just("base for XX"), st.integers(0, 500000), st.just("test"))
COUNTED, MEASURED = Method("Monday to Friday", "rules of 2027"), Method("as the crow flies", "a decision")
stays = st.builds(Stay, st.integers(0, 31), st.integers(0, 20_000_000), st.just("test"), st.just(COUNTED), st.just(MEASURED))
each_method = pytest.mark.parametrize("method", METHODS)


def stay(days: int, km: float) -> Stay:
    """A stay of so many working days at so many kilometres."""
    return Stay(days, round(km * 1000), "commitment to quality, version 1", COUNTED, MEASURED)


@pytest.mark.parametrize(
    ("base", "days", "km", "minor"),
    [(PT, 5, 900, 78000), (PT, 3, 900, 39000), (PT, 10, 150, 39000), (PT, 3, 150, 39000), (DK, 20, 900, 110000)],
)
def test_the_golden_cases_come_out_to_the_cent(base, days, km, minor):
    """Portugal whole, short, near, both at once; Denmark whole."""
    assert lump_sum(base, stay(days, km), RULES).minor == minor


def test_five_days_and_two_hundred_kilometres_are_not_reduced():
    """The limits themselves are on the full side: the rule says 'under'."""
    assert percent_paid(5, 200_000, RULES) == 100
    assert percent_paid(4, 200_000, RULES) == percent_paid(5, 199_999, RULES) == 50


def test_an_odd_cent_is_rounded_half_up():
    """Half of 780.01 is 390.005, paid as 390.01."""
    assert lump_sum(Base("base", 78001, "test"), stay(3, 900), RULES).minor == 39001


def test_a_base_above_the_ceiling_pays_the_ceiling():
    """Nothing above 1,100 euros for a visiting organisation."""
    assert lump_sum(Base("base", 120000, "test"), stay(20, 900), RULES).minor == 110000


def test_every_factor_names_its_source():
    """Who reads the agreement can follow each figure."""
    factors = lump_sum(PT, stay(3, 900), RULES).factors
    assert {"name": "base for PT", "value": "780.00 EUR", "source": "assumption: sister programme"} in factors
    assert {"name": "share of the base paid", "value": "50 %", "source": "public pages"} in factors
    assert all(factor["source"] for factor in factors)


def test_both_methods_are_shown_with_their_sources():
    """How the days were counted and how the distance was measured, beside what they led to."""
    factors = lump_sum(PT, stay(3, 900), RULES).factors
    assert {"name": "method of counting working days", "value": "Monday to Friday", "source": "rules of 2027"} in factors
    assert {"name": "method of measuring the distance", "value": "as the crow flies", "source": "a decision"} in factors


@given(bases, stays)
def test_the_amount_is_the_whole_or_the_half_and_never_a_quarter(base, any_stay):
    """One reduction at most, half-up, never above base or ceiling."""
    whole = min(base.minor, 110000)
    assert lump_sum(base, any_stay, RULES).minor in {whole, (whole + 1) // 2}


@given(bases, stays, st.integers(0, 31))
def test_fewer_days_never_pay_more(base, any_stay, days):
    """The amount grows with the working days."""
    shorter = amount(base.minor, min(days, any_stay.working_days), any_stay.distance_m, RULES)
    assert shorter <= lump_sum(base, any_stay, RULES).minor


@each_method
@given(one=degrees, other=degrees)
def test_distance_is_the_same_both_ways_and_at_most_half_the_globe(method, one, other):
    """Whichever way it is measured, also to the antipode."""
    assert distance_m(one, other, method) == distance_m(other, one, method)
    assert 0 <= distance_m(one, other, method) <= 20_037_509


@each_method
@given(place=degrees)
def test_a_place_is_no_distance_from_itself(method, place):
    """Two participations in one town are near."""
    assert distance_m(place, place, method) == 0


@each_method
def test_a_known_distance_is_met(method):
    """Lisbon to Copenhagen is about 2,480 km."""
    assert distance_m(Place(38.7223, -9.1393), Place(55.6761, 12.5683), method) == pytest.approx(2_480_000, rel=0.01)


def test_the_ellipsoid_has_the_quarters_that_wgs_84_has():
    """10,001,966 m from the equator to a pole, 10,018,754 m a quarter along the equator; the globe has one for both."""
    equator, pole, along = Place(0, 0), Place(90, 0), Place(0, 90)
    assert distance_m(equator, pole, "ellipsoid_of_towns") == pytest.approx(10_001_966, abs=50)
    assert distance_m(equator, along, "ellipsoid_of_towns") == pytest.approx(10_018_754, abs=1)
    assert distance_m(equator, pole, "great_circle_of_towns") == distance_m(equator, along, "great_circle_of_towns") == 10_007_558


@given(degrees, degrees)
def test_both_methods_agree_within_six_in_a_thousand(one, other):
    """As much as the earth is flattened; so the choice matters only near the limit."""
    globe = distance_m(one, other, "great_circle_of_towns")
    assert distance_m(one, other, "ellipsoid_of_towns") == pytest.approx(globe, rel=0.006, abs=20_000 if globe > 19_000_000 else 2)


def test_every_method_that_the_rules_may_name_is_done():
    """A row naming a method that nobody wrote would stop every amount."""
    assert set(METHODS) == set(DISTANCE_METHODS)


@given(st.integers(0, 10**9))
def test_euros_read_back_as_the_same_cents(minor):
    """Printing loses no cent."""
    assert int(euros(minor).removesuffix(" EUR").replace(".", "")) == minor
