"""The terms of each slot as one number, by which two searches that hold the same are known: reckoned piece by piece."""

from __future__ import annotations

import time
from hashlib import blake2b

import numpy as np

from services.matching.index.search.entry import MARK
from services.matching.index.search.kernels import add_weights
from services.matching.index.search.terms import BEGINNING, Terms

STEP = 16
"""So many terms are added in one go: half of all participations may have each of them."""


class NotPrinted(Exception):
    """The slot came after its prints were begun."""


class Prints:
    """For each slot the sum of its terms' digests.

    A slot keeps its terms as long as the dictionary is the same, for whoever changes gets a new one: so the sums are right for all slots that
    were in use when they were begun, whatever is put in between two pieces.
    """

    def __init__(self, terms: Terms, used: int) -> None:
        self._terms, self._used = terms, used
        self._sums = np.zeros(terms.room, np.int64)
        self._count, self._next = len(terms), 0

    def go_on(self, seconds: float) -> bool:
        """Reckon for about so long; whether it is done. Not while the search is being changed."""
        until = time.perf_counter() + seconds
        while self._next < self._count:
            self._add(range(self._next, min(self._next + STEP, self._count)))
            self._next += STEP
            if time.perf_counter() >= until:
                break
        return self._next >= self._count

    def of(self, terms: Terms, slot: int) -> int:
        """A slot's print; raises NotPrinted."""
        if terms is not self._terms or slot >= self._used:
            raise NotPrinted
        return int(self._sums[slot])

    def _add(self, numbers: range) -> None:
        # Beginnings stand for words that are there themselves, and only where those are many.
        named = [(each, name) for each in numbers if not (name := self._terms.name(each)).startswith(BEGINNING + MARK)]
        weights = b"".join(blake2b(name.encode(), digest_size=8).digest() for _, name in named)
        if named:
            terms = np.array([each for each, _ in named], np.int64)
            add_weights(self._sums, terms, np.frombuffer(weights, np.int64).copy(), self._terms.store)
