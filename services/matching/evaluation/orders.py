"""The orders that are held against each other: by the one side alone, by the other alone, by both, by exposure too, and as it was shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from services.matching.evaluation.decisions import Decision, Side
from services.matching.ranking.fairness import GENTLE, STRONG, choose, considered
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


FAIR = {f"harmonic_{setting}": setting for setting in (GENTLE, STRONG)}
"""By both sides' points and by exposure, as lists are ordered at that setting."""


def in_order(lists: Iterable[list[Decision]], order: str, cut: int, weights: Weights = None) -> list[list[Decision]]:
    """All lists in an order; `cut` of each are counted as shown to whoever comes after.

    A service counts exposure once a day, here it is counted after every list: the setting works as far as it can.
    """
    if order not in FAIR:
        return [ordered(of_one, order, weights) for of_one in lists]
    exposure: Counter[str] = Counter()
    found = []
    for of_one in lists:
        found.append(_fairly(of_one, exposure, FAIR[order], cut, weights))
        exposure.update(each.other for each in found[-1][:cut])
    return found


def _fairly(of_one: list[Decision], exposure: Counter[str], setting: str, cut: int, weights: Weights) -> list[Decision]:
    by_other = {each.other: each for each in ordered(of_one, "harmonic", weights)}
    best = [(other, fused(each, weights)) for other, each in by_other.items()]
    usual = max(1, exposure.total() // len(exposure)) if exposure else 1
    most = considered(setting, cut)
    return [by_other[other] for other, _ in choose(best[:most], best[most:], exposure, usual, setting, len(best)).shown]


def fused(decision: Decision, weights: Weights = None) -> int:
    """The score of a pair."""
    return harmonic_mean(points(decision.ones, weights), points(decision.others, weights))


def ordered(decisions: list[Decision], order: str, weights: Weights = None) -> list[Decision]:
    """The others whom one might be shown, the best first, ties by id; `as_shown`: those never shown come last."""
    if order == AS_SHOWN:
        return sorted(decisions, key=lambda each: (each.position is None, each.position or 0, each.other))
    fuse = ORDERS[order]
    by = {each.other: fuse(points(each.ones, weights), points(each.others, weights)) for each in decisions}
    return sorted(decisions, key=lambda each: (-by[each.other], each.other))
