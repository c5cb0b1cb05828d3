"""The arithmetic of a stay: working days in the host's country, and how short and long it may be.

How working days are counted is a dated row of the rules: by the host country's calendar less its public holidays, or every Monday to
Friday; travel days are left out by both. Holidays come from the maintained `holidays` library, of the whole country, not of its regions.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays

from contracts.agreements import DatesNotAcceptable, StayTooLong, StayTooShort
from services.agreements.model.rules import Rules

# The library writes the two countries as ISO 3166 does.
ISO_CODES = {"EL": "GR", "UK": "GB"}
SATURDAY = 5


@lru_cache(maxsize=256)
def holidays_of(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country (two letters, European style) in a year."""
    return frozenset(holidays.country_holidays(ISO_CODES.get(country, country), years=year))


def days(first: date, last: date) -> Iterator[date]:
    """Every day from first to last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def is_weekday(day: date, country: str) -> bool:
    """Whether it is a Monday to Friday, in whatever country."""
    return day.weekday() < SATURDAY


def is_working_day(day: date, country: str) -> bool:
    """Whether people work on that day in that country: a weekday and no public holiday."""
    return is_weekday(day, country) and day not in holidays_of(country, day.year)


METHODS: dict[str, Callable[[date, str], bool]] = {"calendar_without_public_holidays": is_working_day, "weekdays": is_weekday}
"""Each method of counting by its name in the rules: whether a day in a country counts."""


def working_days(first: date, last: date, travel_days: Iterable[date], country: str, method: str) -> int:
    """How many full working days lie between two days, both included, travel days left out."""
    travel, counts = set(travel_days), METHODS[method]
    return sum(counts(day, country) and day not in travel for day in days(first, last))


def latest_end(start: date, months: int) -> date:
    """The last day of a stay of so many months that begins on `start`."""
    whole = start.year * 12 + start.month - 1 + months
    year, month = whole // 12, whole % 12 + 1
    longest = calendar.monthrange(year, month)[1]
    if start.day > longest:
        return date(year, month, longest)
    return date(year, month, start.day) - timedelta(days=1)


def check_stay(start: date, end: date, travel_days: Iterable[date], country: str, today: date, rules: Rules) -> int:
    """The stay's working days; raises DatesNotAcceptable, StayTooLong or StayTooShort."""
    travel = list(travel_days)
    _check_order(start, end, travel, today, rules.farthest_ahead_days)
    if end > (latest := latest_end(start, rules.longest_stay_months)):
        raise StayTooLong(latest=latest.isoformat())
    count = working_days(start, end, travel, country, rules.working_days_method)
    if count < rules.least_working_days:
        raise StayTooShort(working_days=count, least=rules.least_working_days)
    return count


def last_day_there(end: date, travel_days: Iterable[date]) -> date:
    """The last day before the journey home: `end`, less the travel days that lead up to it."""
    travel = set(travel_days)
    while end in travel:
        end -= timedelta(days=1)
    return end


def _check_order(start: date, end: date, travel_days: list[date], today: date, farthest_ahead: int) -> None:
    if start <= today:
        raise DatesNotAcceptable(problem="the first day must lie in the future")
    if (start - today).days > farthest_ahead:
        raise DatesNotAcceptable(problem=f"the first day must lie within the next {farthest_ahead} days")
    if end < start:
        raise DatesNotAcceptable(problem="the last day comes before the first")
    if not all(start <= day <= end for day in travel_days):
        raise DatesNotAcceptable(problem="travel days lie between the first and the last day")
