"""The arithmetic of a stay: working days, and how short and long it may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from contracts.agreements import WORKING_DAYS_METHODS, DatesNotAcceptable, StayTooLong, StayTooShort
from contracts.countries import COUNTRIES
from services.agreements.model.dates import (
    METHODS,
    check_stay,
    days,
    is_working_day,
    last_day_there,
    latest_end,
    working_days,
)
from tests.agreements.exchanges import RULES

BY_CALENDAR = "calendar_without_public_holidays"

TODAY = date(2026, 11, 2)
DATES = some.dates(date(2026, 11, 3), date(2028, 10, 31))
LENGTHS = some.integers(0, 40)
# EU-27 and the countries of the pilot (domain, section 2), in the European style.
ELIGIBLE = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "EL",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
    "IS",
    "AL",
    "BA",
    "XK",
    "ME",
    "MK",
    "RS",
    "TR",
    "AM",
    "MD",
    "UA",
    "UK",
]


@pytest.mark.parametrize("country", ELIGIBLE)
def test_every_eligible_country_has_a_calendar(country: str) -> None:
    """New Year's Day is a holiday everywhere (in 2021: Ukraine has none while martial law lasts)."""
    assert country in COUNTRIES
    assert not is_working_day(date(2021, 1, 1), country)


def test_public_holidays_of_the_host_do_not_count() -> None:
    """The first of May 2028 is a Monday: free in Portugal, worked in Denmark."""
    week = (date(2028, 5, 1), date(2028, 5, 7))
    assert working_days(*week, [], "PT", BY_CALENDAR) == 4
    assert working_days(*week, [], "DK", BY_CALENDAR) == 5


def test_weekdays_count_public_holidays_and_no_weekends() -> None:
    """The same week, by the other method; travel days are left out by both."""
    week = (date(2028, 5, 1), date(2028, 5, 7))
    assert working_days(*week, [], "PT", "weekdays") == 5
    assert working_days(*week, [date(2028, 5, 2)], "PT", "weekdays") == 4


def test_every_method_that_the_rules_may_name_is_done() -> None:
    """A row naming a method that nobody wrote would stop every submission."""
    assert set(METHODS) == set(WORKING_DAYS_METHODS)


@settings(deadline=None)
@given(DATES, LENGTHS, some.sampled_from(ELIGIBLE), some.lists(LENGTHS, max_size=5))
def test_travel_days_and_days_off_never_count(start: date, length: int, country: str, travel: list[int]) -> None:
    """Counted are exactly the working days that are no travel days; more travel never adds one."""
    end = start + timedelta(days=length)
    travel_days = [start + timedelta(days=each) for each in travel]
    counted = working_days(start, end, travel_days, country, BY_CALENDAR)
    assert counted <= working_days(start, end, [], country, BY_CALENDAR) <= length + 1
    assert counted == len([day for day in days(start, end) if is_working_day(day, country) and day not in travel_days])


@settings(deadline=None)
@given(DATES)
def test_one_month_has_as_many_days_as_its_first_calendar_month(start: date) -> None:
    """The month ends on the day before the same day of the next month, or on that month's last day."""
    end = latest_end(start, 1)
    assert 27 <= (end - start).days <= 30
    assert (end + timedelta(days=1)).day in {start.day, 1}


@settings(deadline=None)
@given(DATES, LENGTHS, some.sampled_from(ELIGIBLE))
def test_a_stay_is_accepted_exactly_between_three_working_days_and_a_month(start: date, length: int, country: str) -> None:
    """Longer is too long, and what is left under three working days too short."""
    end = start + timedelta(days=length)
    count = working_days(start, end, [], country, BY_CALENDAR)
    if end > latest_end(start, 1):
        with pytest.raises(StayTooLong):
            check_stay(start, end, [], country, TODAY, RULES)
    elif count < 3:
        with pytest.raises(StayTooShort):
            check_stay(start, end, [], country, TODAY, RULES)
    else:
        assert check_stay(start, end, [], country, TODAY, RULES) == count


@pytest.mark.parametrize(
    ("start", "end", "travel"),
    [
        (TODAY, date(2026, 11, 6), []),
        (date(2026, 11, 10), date(2026, 11, 9), []),
        (date(2026, 11, 9), date(2026, 11, 13), [date(2026, 11, 8)]),
        (date(2028, 11, 2), date(2028, 11, 10), []),
        (date(9999, 12, 20), date(9999, 12, 31), []),
    ],
)
def test_dates_out_of_order_are_refused(start: date, end: date, travel: list[date]) -> None:
    """The stay lies in the future and not too far, ends after it begins, and contains its travel days."""
    with pytest.raises(DatesNotAcceptable):
        check_stay(start, end, travel, "PT", TODAY, RULES)


def test_the_rules_decide_how_short_long_and_far_a_stay_may_be() -> None:
    """The same two weeks from Monday, 9 November 2026, under other figures."""
    stay = (date(2026, 11, 9), date(2026, 11, 20), [], "PT", TODAY)
    assert check_stay(*stay, RULES) == 10
    with pytest.raises(StayTooShort) as short:
        check_stay(*stay, replace(RULES, least_working_days=11))
    assert short.value.details == {"working_days": 10, "least": 11}
    with pytest.raises(DatesNotAcceptable):
        check_stay(*stay, replace(RULES, farthest_ahead_days=6))
    two_months = (date(2026, 11, 9), date(2027, 1, 8), [], "PT", TODAY)
    assert check_stay(*two_months, replace(RULES, longest_stay_months=2)) > 30
    with pytest.raises(StayTooLong) as long:
        check_stay(*two_months, RULES)
    assert long.value.details == {"latest": "2026-12-08"}


def test_last_day_there_is_before_the_journey_home() -> None:
    """Travel days at the end are no days there."""
    assert last_day_there(date(2027, 3, 7), [date(2027, 3, 7), date(2027, 3, 6)]) == date(2027, 3, 5)
