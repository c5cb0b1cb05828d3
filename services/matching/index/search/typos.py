"""Words that are nearly the one somebody wrote: a letter too many, missing, wrong, or two in the wrong order."""

from __future__ import annotations

import numpy as np

from services.matching.index.search.kernels import ONE, compiled, ones

SHORTEST = 4
"""Shorter words are taken as they are: nearly everything is nearly a word of three letters."""
TWO_FROM = 8
"""From so many letters on two slips are looked through."""


def slips(word: str) -> int:
    """How many slips are looked through in a word of that length."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < TWO_FROM else 2


class Letters:
    """Words, letter by letter, so that all of them can be looked through at once."""

    def __init__(self, words: list[str]) -> None:
        self.lengths = np.fromiter(map(len, words), np.int64, len(words))
        self.ends = np.cumsum(self.lengths)
        self.letters = _letters("".join(words))
        self.marks = _marks(self.letters, self.ends)

    def near(self, word: str) -> np.ndarray:
        """How many slips each word is away, or 99 where it is more than are looked through."""
        letters, most = _letters(word), slips(word)
        mark = _marks(letters, np.array([letters.size]))
        return _distances(letters, mark[0], most, self.letters, self.ends, self.marks)  # type: ignore[no-any-return]


def _letters(text: str) -> np.ndarray:
    # One number a letter, also of those beyond the first 65,536: lengths are counted in letters.
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@compiled
def _marks(letters, ends):  # type: ignore[no-untyped-def]
    """Which letters stand in each word: words with too different letters need no closer look."""
    found = np.zeros(ends.size, np.uint64)
    begin = 0
    for number in range(ends.size):
        for place in range(begin, ends[number]):
            found[number] |= ONE << np.uint64(letters[place] & 63)
        begin = ends[number]
    return found


@compiled
def _distances(word, mark, most, letters, ends, marks):  # type: ignore[no-untyped-def]
    found = np.full(ends.size, 99, np.int64)
    if most == 0:
        return found
    begin = 0
    for number in range(ends.size):
        end = ends[number]
        length = end - begin
        if abs(length - word.size) <= most and ones(marks[number] ^ mark) <= 2 * most:
            distance = _distance(word, letters[begin:end])
            if distance <= most:
                found[number] = distance
        begin = end
    return found


@compiled
def _distance(one, other):  # type: ignore[no-untyped-def]
    """The optimal string alignment distance."""
    before = np.zeros(other.size + 1, np.int64)
    last = np.arange(other.size + 1)
    for row in range(1, one.size + 1):
        line = np.empty(other.size + 1, np.int64)
        line[0] = row
        for column in range(1, other.size + 1):
            cost = 0 if one[row - 1] == other[column - 1] else 1
            best = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + cost)
            if row > 1 and column > 1 and one[row - 1] == other[column - 2] and one[row - 2] == other[column - 1]:
                best = min(best, before[column - 2] + 1)
            line[column] = best
        before, last = last, line
    return last[other.size]
