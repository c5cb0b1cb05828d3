"""The hard rules of the ranking, each broken alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.ranking import obstacles, possible
from services.matching.ranking.rules import longest_overlap, stay_wanted, working_days
from tests.matching.profiles import TODAY, an_id, host, visitor

DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def test_two_who_fit_have_nothing_in_the_way() -> None:
    """The pair from which every other test departs is possible."""
    assert obstacles(visitor(), host(), TODAY) == []


BROKEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("role", {"roles": ["host"]}, {}),
    ("role", {}, {"roles": ["visitor"]}),
    ("role", {"may_visit": False}, {}),
    ("role", {}, {"may_host": False}),
    ("inactive", {"standing": {"active": False}}, {}),
    ("inactive", {}, {"standing": {"active": False}}),
    ("same_country", {"country": "PT"}, {}),
    ("same_organisation", {"organisation_id": str(an_id("host organisation"))}, {}),
    ("visit_consumed", {"standing": {"visit_consumed": True}}, {}),
    ("visitor_has_exchange", {"standing": {"is_visiting": True}}, {}),
    ("host_full", {}, {"standing": {"hosted": 1}}),
    ("host_full", {}, {"capacity": 0}),
    ("hidden", {"visibility": "hidden"}, {}),
    ("hidden", {}, {"visibility": "hidden"}),
    ("hidden", {}, {"visibility": "partnerships"}),
    ("hidden", {"visibility": "partnerships"}, {}),
    ("in_contact", {"standing": {"avoids": frozenset([an_id("host participation")])}}, {}),
    ("in_contact", {}, {"standing": {"avoids": frozenset([an_id("visitor participation")])}}),
    ("no_common_language", {"languages": [{"language": "es", "level": "C2"}]}, {}),
    ("no_common_language", {}, {"languages": []}),
    ("no_common_period", {"availability": [{"start": "2027-06-01", "end": "2027-06-30"}]}, {}),
    ("no_common_period", {"min_days": 11, "max_days": 20}, {}),
]


@pytest.mark.parametrize(("code", "of_visitor", "of_host"), BROKEN)
def test_one_broken_rule_makes_a_pair_impossible(code: str, of_visitor: dict[str, Any], of_host: dict[str, Any]) -> None:
    """Each hard rule, broken on either side, is named and excludes the pair."""
    pair = visitor(**of_visitor), host(**of_host)
    assert obstacles(*pair, TODAY) == [code]
    assert not possible(*pair, TODAY)


def test_participants_of_one_partnership_see_each_other_when_visible_to_partnerships() -> None:
    """Visibility `partnerships` opens a profile to the same partnership."""
    same = str(an_id("shared partnership"))
    pair = visitor(partnership_id=same, visibility="partnerships"), host(partnership_id=same, visibility="partnerships")
    assert obstacles(*pair, TODAY) == []


def test_days_already_past_do_not_count_as_common_period() -> None:
    """A window that ends in two days is too short from today on, however early it began."""
    assert obstacles(visitor(), host(), date(2027, 5, 28)) == ["no_common_period"]
    assert obstacles(visitor(), host(), date(2027, 5, 27)) == []


def test_somebody_without_windows_is_available_at_any_time() -> None:
    """Unknown availability is neutral."""
    assert obstacles(visitor(availability=[]), host(availability=[]), TODAY) == []


def test_the_stay_wanted_is_the_longer_of_both_shortest() -> None:
    """Unless one's longest is under it. (The scheme's own shortest comes in with whoever looks: it is a row.)"""
    assert stay_wanted(visitor(min_days=1), host(min_days=2)) == 2
    assert stay_wanted(visitor(min_days=4), host(min_days=6)) == 6
    assert stay_wanted(visitor(max_days=4), host(min_days=6)) is None


@given(DAYS, st.integers(-10, 400))
def test_working_days_are_mondays_to_fridays(start: date, length: int) -> None:
    """The formula counts what counting day by day counts."""
    end = start + timedelta(days=length)
    days = [start + timedelta(days=each) for each in range(max(0, length + 1))]
    assert working_days(start, end) == sum(day.weekday() < 5 for day in days)


@given(st.lists(st.tuples(DAYS, DAYS).map(sorted), max_size=3), st.lists(st.tuples(DAYS, DAYS).map(sorted), max_size=3), DAYS)
def test_the_longest_overlap_is_the_same_seen_from_either_side(one: list[list[date]], other: list[list[date]], on: date) -> None:
    """The period rule holds for the pair, so both ways."""
    windows = [[{"start": start, "end": end} for start, end in each] for each in (one, other)]
    pair = visitor(availability=windows[0]), host(availability=windows[1])
    assert longest_overlap(*pair, on) == longest_overlap(pair[1], pair[0], on)
