"""How good orders are: NDCG, precision and reciprocal rank on mutual outcomes, and whom they show at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import log2
from typing import NamedTuple

from services.matching.evaluation.decisions import Decision
from services.matching.evaluation.orders import AS_SHOWN, FAIR, ORDERS, Weights, fused, in_order, ordered

CUT = 10
"""A list is looked at so far down."""


class Figures(NamedTuple):
    """What an order reaches. The first three are means over those with a mutual outcome; all run from 0 to 1."""

    order: str
    ndcg: float
    precision: float
    mrr: float
    coverage: float
    gini: float
    cost: float
    """What part of the scores of the best ten is lost by this order, over all lists."""
    asked: int
    """Over so many lists the first three are means."""


def evaluate(decisions: Iterable[Decision], weights: Weights = None) -> list[Figures]:
    """The figures of every order, `as_shown` only where positions are known."""
    lists: dict[str, list[Decision]] = defaultdict(list)
    for each in decisions:
        lists[each.one].append(each)
    shown = any(each.position is not None for of_one in lists.values() for each in of_one)
    return [_figures(order, list(lists.values()), weights) for order in [*ORDERS, *FAIR, *([AS_SHOWN] if shown else [])]]


def ndcg(hits: Sequence[bool], cut: int = CUT) -> float:
    """Hits count 1/log2(position + 1), held against the same hits all on top; 0 without any hit."""
    best = _gain([True] * min(sum(hits), cut))
    return _gain(hits[:cut]) / best if best else 0.0


def precision(hits: Sequence[bool], cut: int = CUT) -> float:
    """What part of the first places are hits; places that a short list leaves empty are none."""
    return sum(hits[:cut]) / cut


def reciprocal_rank(hits: Sequence[bool]) -> float:
    """One divided by the position of the first hit, however far down; 0 without any."""
    return 1 / (hits.index(True) + 1) if any(hits) else 0.0


def gini(counts: Sequence[int]) -> float:
    """How unequal the counts are: 0 where all are the same, near 1 where one has everything."""
    total, many = sum(counts), len(counts)
    if not total:
        return 0.0
    return sum((2 * place - many - 1) * count for place, count in enumerate(sorted(counts), 1)) / (many * total)


def _gain(hits: Sequence[bool]) -> float:
    return sum(1 / log2(position + 1) for position, hit in enumerate(hits, 1) if hit)


def _figures(order: str, lists: list[list[Decision]], weights: Weights) -> Figures:
    orders = in_order(lists, order, CUT, weights)
    hits = [[each.is_mutual for each in of_one] for of_one in orders]
    judged = [of_one for of_one in hits if any(of_one)]
    exposure = Counter({each.other: 0 for of_one in orders for each in of_one})
    exposure.update(each.other for of_one in orders for each in of_one[:CUT])
    return Figures(
        order,
        _mean([ndcg(each) for each in judged]),
        _mean([precision(each) for each in judged]),
        _mean([reciprocal_rank(each) for each in judged]),
        _mean([float(count > 0) for count in exposure.values()]),
        gini(list(exposure.values())),
        _cost(lists, orders, weights),
        len(judged),
    )


def _cost(lists: list[list[Decision]], orders: list[list[Decision]], weights: Weights) -> float:
    total = lambda found: sum(fused(each, weights) for of_one in found for each in of_one[:CUT])  # noqa: E731
    best = total([ordered(of_one, "harmonic", weights) for of_one in lists])
    return (best - total(orders)) / best if best else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
