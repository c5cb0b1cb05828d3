"""The arithmetic of the lump sum: plain figures in, an amount and its factors out; it knows no table, no clock and no session.

`amount = base x (reduced share if working_days < halving_days or distance < halving_km, else whole)`: one reduction, never two,
half-up to the cent, never above the ceiling (public pages). Every figure carries the source that its reference row names.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_009
METHOD = "great circle between the two participations' places (haversine, mean earth radius 6371.009 km)"
DECIDED_BASE = "base decided by the paying officer"
PAYING_OFFICER = "paying officer"


@dataclass(frozen=True)
class Place:
    """A point on earth, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Figure:
    """One figure of a dated reference table: a whole number and where it comes from."""

    value: int
    source: str


@dataclass(frozen=True)
class Base:
    """The whole lump sum before any reduction, in cents, and what it is called."""

    name: str
    minor: int
    source: str


@dataclass(frozen=True)
class Rules:
    """The figures of the rule on one day; days, kilometres, per cent and cents."""

    halving_days: Figure
    halving_km: Figure
    reduced_percent: Figure
    ceiling: Figure
    minimum_working_days: Figure


@dataclass(frozen=True)
class Stay:
    """What the amount depends on: working days without travel days, the distance in metres, and what says so."""

    working_days: int
    distance_m: int
    days_source: str


@dataclass(frozen=True)
class LumpSum:
    """The amount in cents and every factor that led to it, as `{"name", "value", "source"}` to be shown."""

    minor: int
    factors: tuple[dict[str, str], ...]


def distance_m(one: Place, other: Place) -> int:
    """The great-circle distance between two places, in whole metres."""
    latitudes = radians(one.latitude), radians(other.latitude)
    half_up = (latitudes[1] - latitudes[0]) / 2
    half_across = radians(other.longitude - one.longitude) / 2
    chord = sin(half_up) ** 2 + cos(latitudes[0]) * cos(latitudes[1]) * sin(half_across) ** 2
    # Rounding can lift the chord of two antipodes a hair above 1, where asin ends.
    return round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord))))


def percent_paid(stay: Stay, rules: Rules) -> int:
    """The share of the base that is paid: reduced for a short or a near stay, and not twice for one that is both."""
    is_short = stay.working_days < rules.halving_days.value
    is_near = stay.distance_m < rules.halving_km.value * 1000
    return rules.reduced_percent.value if is_short or is_near else 100


def lump_sum(base: Base, stay: Stay, rules: Rules) -> LumpSum:
    """The amount for a stay, with its factors; whether the stay is long enough to be paid at all is asked elsewhere."""
    percent = percent_paid(stay, rules)
    share = (min(base.minor, rules.ceiling.value) * percent + 50) // 100
    return LumpSum(share, _factors(base, stay, rules, percent))


def euros(minor: int) -> str:
    """Cents as people read them: 78000 is `780.00 EUR`."""
    return f"{minor // 100}.{minor % 100:02d} EUR"


def _factors(base: Base, stay: Stay, rules: Rules, percent: int) -> tuple[dict[str, str], ...]:
    return (
        _factor(base.name, euros(base.minor), base.source),
        _factor("ceiling", euros(rules.ceiling.value), rules.ceiling.source),
        _factor("working days, travel days excluded", str(stay.working_days), stay.days_source),
        _factor("reduced under working days", str(rules.halving_days.value), rules.halving_days.source),
        _factor("distance", f"{stay.distance_m / 1000:.1f} km", METHOD),
        _factor("reduced under distance", f"{rules.halving_km.value} km", rules.halving_km.source),
        _factor("share of the base paid", f"{percent} %", rules.reduced_percent.source),
    )


def _factor(name: str, value: str, source: str) -> dict[str, str]:
    return {"name": name, "value": value, "source": source}
