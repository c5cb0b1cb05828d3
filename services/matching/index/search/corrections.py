"""Words that nobody has, taken as the nearest ones that somebody has."""

from __future__ import annotations

import numpy as np

from services.matching.index.search.entry import value_of
from services.matching.index.search.kernels import size
from services.matching.index.search.sets import both
from services.matching.index.search.terms import Terms

Words = dict[tuple[str, str], np.ndarray]
"""By where a word has to stand and the word, all who have it there."""
MOST_CORRECTED = 4
"""Of so many words slips are looked through, which takes a look at every word there is: who has more of them wrong meant others."""


def correct(terms: Terms, inside: np.ndarray, words: Words) -> tuple[Words, dict[str, list[str]]]:
    """The same sets, those of words that nobody has replaced by those of the nearest words somebody has; and these words.

    Where somebody has each of the words, but nobody all, all are looked at. Where there are more than `MOST_CORRECTED` of them, none is.
    """
    missing = [each for each, found in words.items() if not size(both(inside, found))] or list(words)
    if len(missing) > MOST_CORRECTED:
        return words, {}
    corrected: dict[str, list[str]] = {}
    for criterion, word in missing:
        if near := _nearest(terms, inside, criterion, word):
            words = words | {(criterion, word): terms.unite(np.array(near)) | words[(criterion, word)]}
            corrected[word] = [value_of(terms.name(each)) for each in near]
    return (words, corrected) if size(both(inside, *words.values())) else (words, {})


def _nearest(terms: Terms, inside: np.ndarray, criterion: str, word: str) -> list[int]:
    candidates = [each for each in terms.near(criterion, word) if each[0]]
    if not candidates:
        return []
    counts = terms.counts(inside, np.array([number for _, number in candidates]))
    there = [each for each, count in zip(candidates, counts, strict=True) if count]
    return [number for slips, number in there if slips == there[0][0]]
