"""The order of the list: both directed scores in one, the highest first, ties by id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import isqrt

from services.matching.ranking.candidate import HOST, VISITOR, Candidate
from services.matching.ranking.rules import possible
from services.matching.ranking.scores import WEIGHTS, Score, directed_score

HARMONIC, GEOMETRIC = "harmonic", "geometric"


@dataclass(frozen=True)
class Fit:
    """How well a partner fits: `score` of 1000, and each side's own score with its reasons."""

    partner: Candidate
    score: int
    visitor: Score
    host: Score


def rank(
    one: Candidate, role: str, others: Iterable[Candidate], on: date, weights: dict[str, int] = WEIGHTS, fusion: str = HARMONIC
) -> list[Fit]:
    """All partners that are possible for `one` in that role on that day, the best first."""
    pairs = ((one, other) if role == VISITOR else (other, one) for other in others)
    fits = [fit(visitor, host, role, weights, fusion) for visitor, host in pairs if possible(visitor, host, on)]
    return sorted(fits, key=lambda each: (-each.score, each.partner.participation_id))


def fit(visitor: Candidate, host: Candidate, role: str, weights: dict[str, int] = WEIGHTS, fusion: str = HARMONIC) -> Fit:
    """How well the two fit, seen by the one who has that role; each side by its own weights, if it has moved them."""
    by_visitor = directed_score(visitor, host, VISITOR, visitor.weights or weights)
    by_host = directed_score(host, visitor, HOST, host.weights or weights)
    partner = host if role == VISITOR else visitor
    return Fit(partner, FUSIONS[fusion](by_visitor.points, by_host.points), by_visitor, by_host)


def harmonic_mean(one: int, other: int) -> int:
    """The harmonic mean, rounded down: near the lower of the two, so that one side's wishes alone carry nobody up (RECON, 2010)."""
    return 2 * one * other // (one + other) if one + other else 0


def geometric_mean(one: int, other: int) -> int:
    """The geometric mean, rounded down: it lets the higher of the two count for somewhat more."""
    return isqrt(one * other)


FUSIONS = {HARMONIC: harmonic_mean, GEOMETRIC: geometric_mean}
"""How the two directed scores become one."""
