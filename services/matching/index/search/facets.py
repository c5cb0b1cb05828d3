"""How many of those found have each value of a criterion."""

from __future__ import annotations

import numpy as np

from services.matching.index.search.entry import TRAITS, spelt_value, term, value_of
from services.matching.index.search.kernels import size
from services.matching.index.search.query import ROLES, WRITTEN
from services.matching.index.search.sets import both
from services.matching.index.search.slots import AS_HOST, AS_VISITOR
from services.matching.index.search.terms import Terms
from services.matching.ranking.candidate import HOST, VISITOR

FREE = {HOST: AS_HOST, VISITOR: AS_VISITOR}


def values(terms: Terms, sets: np.ndarray, facet: str, inside: np.ndarray, most: int) -> list[tuple[str, int]]:
    """The values of a facet, the most frequent first, among those that fit all that is asked but of this facet."""
    if facet == ROLES:
        return [(role, size(both(inside, sets[FREE[role]]))) for role in (HOST, VISITOR)]
    if facet in TRAITS:
        holds = int(terms.counts(inside, terms.numbers([term("traits", facet)])).sum())
        return [("true", holds), ("false", size(inside) - holds)]
    numbers, names = terms.of_criterion(facet)
    counts = terms.counts(inside, numbers)
    found = [(names[place], int(counts[place])) for place in np.flatnonzero(counts).tolist()]
    told = _written_together(found) if facet in WRITTEN else [(value_of(name), count) for name, count in found]
    return sorted(told, key=lambda each: (-each[1], each[0]))[:most]


def _written_together(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Values in people's own words: all spellings of one together, under the most frequent one."""
    sums: dict[str, list[tuple[int, str]]] = {}
    for name, count in found:
        sums.setdefault(spelt_value(name), []).append((-count, value_of(name)))
    return [(min(each)[1], -sum(count for count, _ in each)) for each in sums.values()]
