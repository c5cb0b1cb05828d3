"""The days that all exchanges of a tour have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import holidays

WEEKS_AHEAD = 3
ISO = {"EL": "GR", "UK": "GB"}


@dataclass(frozen=True)
class Dates:
    """A week of work from Monday to Friday, with the journeys on the days around it."""

    monday: date

    @property
    def friday(self) -> date:
        """The last day of work."""
        return self.monday + timedelta(days=4)

    @property
    def window(self) -> tuple[str, str]:
        """When the organisations say they are available: generously around the week."""
        return (self.monday - timedelta(days=14)).isoformat(), (self.friday + timedelta(days=120)).isoformat()


def a_week_for(countries: set[str], now: datetime, candidates: int = 20) -> Dates:
    """The first of so many weeks, some weeks ahead, in which nobody of these countries has a holiday; else the one with the fewest."""
    first = now.date() + timedelta(days=7 * WEEKS_AHEAD + (7 - now.weekday()) % 7)
    weeks = [first + timedelta(weeks=number) for number in range(candidates)]
    return Dates(min(weeks, key=lambda monday: (sum(_free_days(monday, country) for country in countries), monday)))


def until(day: date, now: datetime, hour: int = 9) -> str:
    """How far the clock has to move to that morning, as the clock wants to be told."""
    minutes = int((datetime(day.year, day.month, day.day, hour, tzinfo=now.tzinfo) - now).total_seconds() // 60)
    days, rest = divmod(max(0, minutes) + 1, 24 * 60)
    return f"{days}d{rest}m"


def _free_days(monday: date, country: str) -> int:
    free = holidays.country_holidays(ISO.get(country, country), years=(monday.year, monday.year + 1))
    return sum(monday + timedelta(days=number) in free for number in range(5))
