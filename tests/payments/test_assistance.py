"""The lump sum's arithmetic: the golden cases, and what holds for every stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.assistance import Base, Figure, Place, Rules, Stay, distance_m, euros, lump_sum, percent_paid

RULES = Rules(
    halving_days=Figure(5, "public pages"),
    halving_km=Figure(200, "public pages"),
    reduced_percent=Figure(50, "public pages"),
    ceiling=Figure(110000, "public pages"),
    minimum_working_days=Figure(3, "public pages"),
)
PT = Base("base for PT", 78000, "assumption: sister programme")
DK = Base("base for DK", 110000, "assumption: sister programme")

degrees = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
bases = st.builds(Base, st.just("base for XX"), st.integers(0, 500000), st.just("test"))
stays = st.builds(Stay, st.integers(0, 31), st.integers(0, 20_000_000), st.just("test"))


def stay(days: int, km: float) -> Stay:
    """A stay of so many working days at so many kilometres."""
    return Stay(days, round(km * 1000), "commitment to quality, version 1")


@pytest.mark.parametrize(
    ("base", "days", "km", "minor"),
    [(PT, 5, 900, 78000), (PT, 3, 900, 39000), (PT, 10, 150, 39000), (PT, 3, 150, 39000), (DK, 20, 900, 110000)],
)
def test_the_golden_cases_come_out_to_the_cent(base, days, km, minor):
    """Portugal whole, short, near, both at once; Denmark whole."""
    assert lump_sum(base, stay(days, km), RULES).minor == minor


def test_five_days_and_two_hundred_kilometres_are_not_reduced():
    """The limits themselves are on the full side: the rule says 'under'."""
    assert percent_paid(stay(5, 200), RULES) == 100
    assert percent_paid(stay(4, 200), RULES) == percent_paid(stay(5, 199.999), RULES) == 50


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


@given(bases, stays)
def test_the_amount_is_the_whole_or_the_half_and_never_a_quarter(base, any_stay):
    """One reduction at most, half-up, never above base or ceiling."""
    whole = min(base.minor, 110000)
    assert lump_sum(base, any_stay, RULES).minor in {whole, (whole + 1) // 2}


@given(bases, stays, st.integers(0, 31))
def test_fewer_days_never_pay_more(base, any_stay, days):
    """The amount grows with the working days."""
    shorter = Stay(min(days, any_stay.working_days), any_stay.distance_m, "test")
    assert lump_sum(base, shorter, RULES).minor <= lump_sum(base, any_stay, RULES).minor


@given(degrees, degrees)
def test_distance_is_the_same_both_ways_and_at_most_half_the_globe(one, other):
    """Great circles are symmetric and end at the antipode."""
    assert distance_m(one, other) == distance_m(other, one)
    assert 0 <= distance_m(one, other) <= 20_015_200


@given(degrees)
def test_a_place_is_no_distance_from_itself(place):
    """Two participations in one town are near."""
    assert distance_m(place, place) == 0


def test_a_known_distance_is_met():
    """Lisbon to Copenhagen is about 2,480 km."""
    assert distance_m(Place(38.7223, -9.1393), Place(55.6761, 12.5683)) == pytest.approx(2_480_000, rel=0.01)


@given(st.integers(0, 10**9))
def test_euros_read_back_as_the_same_cents(minor):
    """Printing loses no cent."""
    assert int(euros(minor).removesuffix(" EUR").replace(".", "")) == minor
