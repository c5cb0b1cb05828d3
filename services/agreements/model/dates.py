"""The arithmetic of a stay: working days in the host's country, and how short and long it may be.

Method (domain, section 3): Monday to Friday, less the host country's public holidays, less travel days; holidays come from the
maintained `holidays` library, of the whole country, not of its regions.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays

from contracts.agreements import DatesNotAcceptable, StayTooLong, StayTooShort

LEAST_WORKING_DAYS = 3
"""Public pages: at least three full working days, travel days not counted."""

FARTHEST_AHEAD = timedelta(days=730)
"""Assumption: nobody plans a stay more than two years ahead; a date beyond that is a slip of the pen."""

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


def is_working_day(day: date, country: str) -> bool:
    """Whether people work on that day in that country."""
    return day.weekday() < SATURDAY and day not in holidays_of(country, day.year)


def working_days(first: date, last: date, travel_days: Iterable[date], country: str) -> int:
    """How many full working days lie between two days, both included, travel days left out."""
    travel = set(travel_days)
    return sum(is_working_day(day, country) and day not in travel for day in days(first, last))


def latest_end(start: date) -> date:
    """The last day of a stay of one month that begins on `start` (public pages: at most one month)."""
    year, month = (start.year + 1, 1) if start.month == 12 else (start.year, start.month + 1)
    longest = calendar.monthrange(year, month)[1]
    if start.day > longest:
        return date(year, month, longest)
    return date(year, month, start.day) - timedelta(days=1)


def check_stay(start: date, end: date, travel_days: Iterable[date], country: str, today: date) -> int:
    """The stay's working days; raises DatesNotAcceptable, StayTooLong or StayTooShort."""
    travel = list(travel_days)
    _check_order(start, end, travel, today)
    if end > latest_end(start):
        raise StayTooLong(latest=latest_end(start).isoformat())
    count = working_days(start, end, travel, country)
    if count < LEAST_WORKING_DAYS:
        raise StayTooShort(working_days=count, least=LEAST_WORKING_DAYS)
    return count


def last_day_there(end: date, travel_days: Iterable[date]) -> date:
    """The last day before the journey home: `end`, less the travel days that lead up to it."""
    travel = set(travel_days)
    while end in travel:
        end -= timedelta(days=1)
    return end


def _check_order(start: date, end: date, travel_days: list[date], today: date) -> None:
    if start <= today:
        raise DatesNotAcceptable(problem="the first day must lie in the future")
    if start - today > FARTHEST_AHEAD:
        raise DatesNotAcceptable(problem="the first day must lie within the next two years")
    if end < start:
        raise DatesNotAcceptable(problem="the last day comes before the first")
    if not all(start <= day <= end for day in travel_days):
        raise DatesNotAcceptable(problem="travel days lie between the first and the last day")
