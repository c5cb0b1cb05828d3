"""More like this one: who has most in common with a participation."""

from __future__ import annotations

import numpy as np

from services.matching.index.search.entry import LEARNS, TEACHES
from services.matching.index.search.kernels import add_weights, put, size, slots_of
from services.matching.index.search.names import Names
from services.matching.index.search.terms import Terms

ALIKE = {
    "ecosystems": 6, "nace": 6, "topics": 8, "technologies": 8, TEACHES: 3, LEARNS: 3, "activity_types": 3, "organisation_types": 4,
    "sizes": 1, "traits": 1,
}  # fmt: skip
"""How much two have in common that share a value of a criterion, times how rare the value is."""


def alike(terms: Terms, names: Names, model: int, inside: np.ndarray, limit: int) -> list[tuple[int, int]]:
    """Those slots of a set that have most in common with the model, best first, and how much that is (1 to 1000)."""
    numbers, weights = _own(terms, model, inside)
    sums = np.zeros(terms.room, np.int64)
    add_weights(sums, numbers, weights, terms.store)
    found = slots_of(inside)
    keys = (1000 - sums[found] * 1000 // max(1, int(weights.sum()))) << 32 | names.order[found].astype(np.int64)
    if limit < keys.size:
        # So many that those with the same key as the last one are among them, whichever of them is taken.
        near = np.flatnonzero(keys <= np.partition(keys, limit - 1)[limit - 1])
        found, keys = found[near], keys[near]
    listed = sorted((int(key), names.name(slot), slot) for key, slot in zip(keys.tolist(), found.tolist(), strict=True))
    ranked = [(slot, 1000 - (key >> 32)) for key, _, slot in listed[:limit]]
    return [each for each in ranked if each[1]]


def _own(terms: Terms, model: int, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The model's terms that can be shared, and how much each of them is."""
    numbers = np.concatenate([terms.of_criterion(criterion)[0] for criterion in ALIKE])
    kinds = np.concatenate([np.full(terms.of_criterion(name)[0].size, weight) for name, weight in ALIKE.items()])
    alone = np.zeros_like(inside)
    put(alone, model)
    own = terms.counts(alone, numbers) > 0
    numbers, kinds = numbers[own], kinds[own]
    counts, everybody = terms.counts(inside, numbers), size(inside)
    rarity = np.array([max(1, (8 * everybody // max(1, int(count))).bit_length()) for count in counts], np.int64)
    return numbers, kinds * rarity
