"""The orders that are held against each other: by the one side alone, by the other alone, by both, and as it was shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.matching.evaluation.decisions import Decision, Side
from services.matching.ranking.order import geometric_mean, harmonic_mean
from services.matching.ranking.shares import FULL, scaled

Weights = Mapping[str, int] | None
AS_SHOWN = "as_shown"


def points(side: Side, weights: Weights = None) -> int:
    """How well a side is served, of 1000, by its own weights or by those given: the arithmetic of the ranking, part by part."""
    parts = scaled({name: (weights or {}).get(name, stated) for name, stated in side.weights.items()})
    # What is not known is neutral (domain, section 7).
    return sum(weight * _level(side.levels[name]) // FULL for name, weight in parts.items())


def _level(level: int | None) -> int:
    return FULL // 2 if level is None else level


ORDERS: dict[str, Callable[[int, int], int]] = {
    "one_sided": lambda one, other: one,
    "other_sided": lambda one, other: other,
    "harmonic": harmonic_mean,
    "geometric": geometric_mean,
}
"""Out of both sides' points, what a list is ordered by."""


def ordered(decisions: list[Decision], order: str, weights: Weights = None) -> list[Decision]:
    """The others whom one might be shown, the best first, ties by id; `as_shown`: those never shown come last."""
    if order == AS_SHOWN:
        return sorted(decisions, key=lambda each: (each.position is None, each.position or 0, each.other))
    fuse = ORDERS[order]
    by = {each.other: fuse(points(each.ones, weights), points(each.others, weights)) for each in decisions}
    return sorted(decisions, key=lambda each: (-by[each.other], each.other))
