"""The arithmetic of the lump sum: plain figures in, an amount and its factors out; it knows no table, no clock and no session.

`amount = base x (reduced share if working_days < halving_days or distance < halving_km, else whole)`: one reduction, never two,
half-up to the cent, never above the ceiling (public pages). Every figure carries the source that its reference row names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import asin, atan, cos, pi, radians, sin, sqrt, tan

EARTH_RADIUS_M = 6_371_009
EQUATORIAL_RADIUS_M, FLATTENING = 6_378_137, 1 / 298.257223563
"""Of the ellipsoid WGS 84."""
PLACES = "places of the two participations"
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
class Method:
    """How something was found out, by the dated row that says so: what it does, and where it comes from."""

    meaning: str
    source: str


@dataclass(frozen=True)
class Base:
    """The whole lump sum before any reduction, in cents, and what it is called."""

    name: str
    minor: int
    source: str


@dataclass(frozen=True)
class Rules:
    """The figures of the rule on one day; days, kilometres, per cent and cents. `payment_days` changes no amount: both sides sign it."""

    halving_days: Figure
    halving_km: Figure
    reduced_percent: Figure
    ceiling: Figure
    minimum_working_days: Figure
    payment_days: Figure


@dataclass(frozen=True)
class Stay:
    """What the amount depends on: working days without travel days, the distance in metres, and what says so."""

    working_days: int
    distance_m: int
    days_source: str
    days_method: Method
    distance_method: Method


@dataclass(frozen=True)
class LumpSum:
    """The amount in cents and every factor that led to it, as `{"name", "value", "source"}` to be shown."""

    minor: int
    factors: tuple[dict[str, str], ...]


def distance_m(one: Place, other: Place, method: str) -> int:
    """The distance between two places by that method, in whole metres."""
    return round(METHODS[method](one, other))


def great_circle(one: Place, other: Place) -> float:
    """Metres along the great circle of a globe."""
    return EARTH_RADIUS_M * _angle(*_latitudes(one, other), radians(other.longitude - one.longitude))


def on_ellipsoid(one: Place, other: Place) -> float:
    """Metres along the shortest line on WGS 84, by Lambert's formula for long lines: some ten metres off over thousands of kilometres."""
    first, second = (atan((1 - FLATTENING) * tan(each)) for each in _latitudes(one, other))
    angle = _angle(first, second, radians(other.longitude - one.longitude))
    # Next to nothing and next to half the earth the formula divides by nothing.
    if min(angle, pi - angle) < 1e-9:
        return EQUATORIAL_RADIUS_M * angle
    middle, half_apart = (first + second) / 2, (second - first) / 2
    along = (angle - sin(angle)) * (sin(middle) * cos(half_apart) / cos(angle / 2)) ** 2
    across = (angle + sin(angle)) * (cos(middle) * sin(half_apart) / sin(angle / 2)) ** 2
    return EQUATORIAL_RADIUS_M * (angle - FLATTENING / 2 * (along + across))


METHODS: dict[str, Callable[[Place, Place], float]] = {"great_circle_of_towns": great_circle, "ellipsoid_of_towns": on_ellipsoid}
"""Each method of measuring by its name in the rules."""


def _latitudes(one: Place, other: Place) -> tuple[float, float]:
    return radians(one.latitude), radians(other.latitude)


def _angle(one: float, other: float, across: float) -> float:
    """The angle between two points seen from the centre (haversine), out of their latitudes and how far they are apart in longitude."""
    chord = sin((other - one) / 2) ** 2 + cos(one) * cos(other) * sin(across / 2) ** 2
    # Rounding can lift the chord of two antipodes a hair above 1, where asin ends.
    return 2 * asin(min(1.0, sqrt(chord)))


def percent_paid(working_days: int, metres: int, rules: Rules) -> int:
    """The share of the base that is paid: reduced for a short or a near stay, and not twice for one that is both."""
    is_short = working_days < rules.halving_days.value
    is_near = metres < rules.halving_km.value * 1000
    return rules.reduced_percent.value if is_short or is_near else 100


def amount(base_minor: int, working_days: int, metres: int, rules: Rules) -> int:
    """The cents for a stay of so many days so far away; whether it is long enough to be paid at all is asked elsewhere."""
    return (min(base_minor, rules.ceiling.value) * percent_paid(working_days, metres, rules) + 50) // 100


def lump_sum(base: Base, stay: Stay, rules: Rules) -> LumpSum:
    """The amount for a stay, with its factors."""
    factors = _factors(base, stay, rules, percent_paid(stay.working_days, stay.distance_m, rules))
    return LumpSum(amount(base.minor, stay.working_days, stay.distance_m, rules), factors)


def euros(minor: int) -> str:
    """Cents as people read them: 78000 is `780.00 EUR`."""
    return f"{minor // 100}.{minor % 100:02d} EUR"


def _factors(base: Base, stay: Stay, rules: Rules, percent: int) -> tuple[dict[str, str], ...]:
    return (
        _factor(base.name, euros(base.minor), base.source),
        _factor("ceiling", euros(rules.ceiling.value), rules.ceiling.source),
        _factor("working days, travel days excluded", str(stay.working_days), stay.days_source),
        _factor("method of counting working days", stay.days_method.meaning, stay.days_method.source),
        _factor("reduced under working days", str(rules.halving_days.value), rules.halving_days.source),
        _factor("distance", f"{stay.distance_m / 1000:.1f} km", PLACES),
        _factor("method of measuring the distance", stay.distance_method.meaning, stay.distance_method.source),
        _factor("reduced under distance", f"{rules.halving_km.value} km", rules.halving_km.source),
        _factor("share of the base paid", f"{percent} %", rules.reduced_percent.source),
    )


def _factor(name: str, value: str, source: str) -> dict[str, str]:
    return {"name": name, "value": value, "source": source}
