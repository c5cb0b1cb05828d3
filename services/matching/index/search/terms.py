"""The dictionary: every term in order, and who has it; what came since the last arrangement hangs beside it."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Any

import numpy as np

from services.matching.index.search.entry import MARK, TEXT, term
from services.matching.index.search.kernels import count_terms, hang_on, moved, to_rows, turned, unite
from services.matching.index.search.typos import Letters

ROW_FROM = 64
"""A term that one in so many has is a row of bits: as small as a run, and faster."""
BEGINNING = f"{TEXT}^"
BEGINNINGS = 3
"""The first letters of words, up to so many, are terms of their own where one in four has a word that begins so."""
HIGHEST = "\U0010ffff"
STORE = ("rows", "bits", "starts", "runs", "heads", "links", "nexts")
Arrays = dict[str, np.ndarray]


class Terms:
    """Who has which term, by slot; `room` slots at most."""

    def __init__(self, names: list[str], begins: np.ndarray, slots: np.ndarray, room: int) -> None:
        """Out of the terms in order, and the runs of slots that have them."""
        self.room = room
        extra = _beginnings(names, np.diff(begins), room)
        self._names, begins = _with_beginnings(names, begins, extra)
        frequent = np.diff(begins) * ROW_FROM > room
        frequent |= np.fromiter((each in extra for each in self._names), bool, len(self._names)) if extra else False
        rows = np.where(frequent, np.cumsum(frequent) - 1, -1).astype(np.int32)
        bits = np.zeros((int(frequent.sum()), room // 64), np.uint64)
        starts, runs = to_rows(begins, slots, rows, bits)
        self._late: list[str] = []
        self._late_names: list[str] = []
        self._late_numbers: dict[str, int] = {}
        self._criteria: dict[str, tuple[np.ndarray, list[str]]] = {}
        self._used = 0
        spare = np.full(1024, -1, np.int32)
        self._rows, self._bits = np.append(rows, spare), bits
        self._starts, self._runs = np.append(starts, np.full(1024, starts[-1])), runs
        self._heads = np.full(self._rows.size, -1, np.int32)
        self._links, self._nexts = np.empty(1024, np.int32), np.empty(1024, np.int32)
        for beginning, words in extra.items():
            unite(bits[rows[bisect_left(self._names, beginning)]], self.within(term(TEXT, words)), self.store)
        self._letters: dict[str, Letters] = {}

    def save(self) -> Arrays:
        """All that `loaded` needs."""
        arrays = dict(zip(STORE, self.store, strict=True))
        return arrays | {"used": np.array([self._used]), "known": packed(self._names), "late": packed(self._late_names)}

    @classmethod
    def loaded(cls, room: int, arrays: Arrays) -> Terms:
        """What was saved."""
        made = cls([], np.zeros(1, np.int64), np.zeros(0, np.int32), room)
        for name in STORE:
            setattr(made, f"_{name}", np.array(arrays[name]))
        made._used, made._names, made._late_names = int(arrays["used"][0]), unpacked(arrays["known"]), unpacked(arrays["late"])
        made._late, made._criteria = sorted(made._late_names), {}
        made._late_numbers = {name: number for number, name in enumerate(made._late_names, len(made._names))}
        return made

    @property
    def store(self) -> tuple[Any, ...]:
        """What the compiled loops look at."""
        return self._rows, self._bits, self._starts, self._runs, self._heads, self._links, self._nexts

    @property
    def bytes(self) -> int:
        """How much memory the arrays take."""
        return sum(each.nbytes for each in self.store)

    def __len__(self) -> int:
        """How many terms there are."""
        return len(self._names) + len(self._late_names)

    def name(self, number: int) -> str:
        """A term by its number."""
        return self._names[number] if number < len(self._names) else self._late_names[number - len(self._names)]

    def number(self, name: str) -> int:
        """The number of a term, or -1."""
        place = bisect_left(self._names, name)
        if place < len(self._names) and self._names[place] == name:
            return place
        return self._late_numbers.get(name, -1)

    def numbers(self, names: Iterable[str]) -> np.ndarray:
        """The numbers of those of the terms that are there."""
        found = (self.number(name) for name in names)
        return np.fromiter((each for each in found if each >= 0), np.int64)

    def within(self, beginning: str) -> np.ndarray:
        """The numbers of all terms that begin so."""
        first, last = (bisect_left(self._names, edge) for edge in (beginning, beginning + HIGHEST))
        early, late = (bisect_left(self._late, edge) for edge in (beginning, beginning + HIGHEST))
        later = [self._late_numbers[name] for name in self._late[early:late]]
        return np.append(np.arange(first, last), np.array(later, np.int64))

    def of_criterion(self, criterion: str) -> tuple[np.ndarray, list[str]]:
        """The numbers of all terms of a criterion, and the terms."""
        if criterion not in self._criteria:
            numbers = self.within(term(criterion, ""))
            self._criteria[criterion] = numbers, [self.name(each) for each in numbers.tolist()]
        return self._criteria[criterion]

    def beginning_with(self, criterion: str, word: str) -> np.ndarray:
        """The numbers of terms that together stand for all words with that beginning."""
        if criterion == TEXT and len(word) <= BEGINNINGS and (whole := self.number(term(BEGINNING, word))) >= 0:
            return np.array([whole])
        return self.within(term(criterion, word))

    def near(self, criterion: str, word: str) -> list[tuple[int, int]]:
        """The words of a criterion that are nearly that one: how many slips away, and the term's number; the nearest first."""
        first, last = (bisect_left(self._names, edge) for edge in (term(criterion, ""), term(criterion, HIGHEST)))
        found: list[tuple[int, int]] = []
        for numbers, letters in ((range(first, last), self._known_letters(criterion, first, last)), self._late_letters(criterion)):
            distances = letters.near(word)
            found += [(int(distances[place]), numbers[place]) for place in np.flatnonzero(distances < 99)]
        return sorted(found, key=lambda each: (each[0], self.name(each[1])))

    def add(self, slot: int, names: frozenset[str]) -> None:
        """Give a new slot its terms."""
        whole = names | {each for each in _beginnings_of(names) if self.number(each) >= 0}
        numbers = np.array([self._number_for(name) for name in sorted(whole)], np.int64)
        while self._used + numbers.size > self._links.size:
            self._links, self._nexts = np.append(self._links, self._links), np.append(self._nexts, self._nexts)
        self._used = hang_on(slot, numbers, self.store, self._used)

    def unite(self, numbers: np.ndarray) -> np.ndarray:
        """The set of all that have one of the terms."""
        found = np.zeros(self.room // 64, np.uint64)
        unite(found, numbers, self.store)
        return found

    def counts(self, inside: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        """How many of a set have each of the terms."""
        return count_terms(inside, numbers, self.store)  # type: ignore[no-any-return]

    def moved(self, new_slots: np.ndarray, room: int) -> Terms:
        """The same anew, when each slot has moved (-1: gone); terms that nobody has any more are forgotten."""
        names = sorted(name for name in [*self._names, *self._late] if not name.startswith(BEGINNING + MARK))
        begins, slots = moved(self.numbers(names), self.store, new_slots)
        used = np.diff(begins) > 0
        kept = [name for name, is_used in zip(names, used, strict=True) if is_used]
        return Terms(kept, np.append(0, np.cumsum(np.diff(begins)[used])), slots, room)

    def _number_for(self, name: str) -> int:
        found = self.number(name)
        if found < 0:
            found = len(self._names) + len(self._late)
            self._late_numbers[name] = found
            self._criteria.clear()
            self._late_names.append(name)
            insort(self._late, name)
            self._make_room_for(found)
        return found

    def _make_room_for(self, number: int) -> None:
        if number + 1 >= self._heads.size:
            more = np.full(self._heads.size, -1, np.int32)
            self._rows, self._heads = np.append(self._rows, more), np.append(self._heads, more)
            self._starts = np.append(self._starts, np.full(more.size, self._starts[-1]))

    def _known_letters(self, criterion: str, first: int, last: int) -> Letters:
        if criterion not in self._letters:
            self._letters[criterion] = Letters([each.rsplit(MARK, 1)[1] for each in self._names[first:last]])
        return self._letters[criterion]

    def _late_letters(self, criterion: str) -> tuple[list[int], Letters]:
        early, late = (bisect_left(self._late, edge) for edge in (term(criterion, ""), term(criterion, HIGHEST)))
        names = self._late[early:late]
        return [self._late_numbers[name] for name in names], Letters([each.rsplit(MARK, 1)[1] for each in names])


class Gathering:
    """The terms and names of one slot after the other, to be turned into a dictionary."""

    def __init__(self) -> None:
        self.names: list[bytes] = []
        self._numbers: dict[str, int] = {}
        self._terms, self._offsets = array("i"), array("q", [0])

    def add(self, names: Iterable[str], name: bytes) -> None:
        """Take the terms and the name of the next slot."""
        self.names.append(name)
        numbers = self._numbers
        self._terms.extend([numbers.setdefault(name, len(numbers)) for name in names])
        self._offsets.append(len(self._terms))

    def done(self, room: int) -> Terms:
        """The dictionary of all of them."""
        names = sorted(self._numbers)
        return arranged(names, [self._numbers[name] for name in names], np.array(self._offsets), np.array(self._terms, np.int32), room)


def arranged(names: list[str], numbers: Iterable[int], offsets: np.ndarray, terms: np.ndarray, room: int) -> Terms:
    """A dictionary out of each slot's terms (`terms[offsets[slot]:offsets[slot + 1]]`), of which `names` are the names in order."""
    places = np.empty(len(names), np.int32)
    places[np.fromiter(numbers, np.int64, len(names))] = np.arange(len(names))
    begins, slots = turned(offsets, places[terms], len(names))
    return Terms(names, begins, slots, room)


def _beginnings_of(names: Iterable[str]) -> set[str]:
    words = [each[len(TEXT) + 1 :] for each in names if each.startswith(TEXT + MARK)]
    return {term(BEGINNING, word[:length]) for word in words for length in range(1, BEGINNINGS + 1) if len(word) >= length}


def _beginnings(names: list[str], sizes: np.ndarray, room: int) -> dict[str, str]:
    """The terms for beginnings that many words have, and the letters each stands for; none where there are few participations."""
    if room < ROW_FROM * ROW_FROM:
        return {}
    first, last = (bisect_left(names, edge) for edge in (term(TEXT, ""), term(TEXT, HIGHEST)))
    sums: dict[str, int] = {}
    for name, count in zip(names[first:last], sizes[first:last].tolist(), strict=True):
        word = name[len(TEXT) + 1 :]
        for length in range(1, min(BEGINNINGS, len(word)) + 1):
            sums[word[:length]] = sums.get(word[:length], 0) + count
    return {term(BEGINNING, letters): letters for letters, count in sums.items() if count * 4 > room}


def _with_beginnings(names: list[str], begins: np.ndarray, extra: dict[str, str]) -> tuple[list[str], np.ndarray]:
    if not extra:
        return names, begins
    place = bisect_left(names, min(extra))
    return [*names[:place], *sorted(extra), *names[place:]], np.insert(begins, place, [begins[place]] * len(extra))


def packed(texts: list[str]) -> np.ndarray:
    """Texts without line breaks as one array."""
    return np.frombuffer("\n".join(texts).encode(), np.uint8)


def unpacked(array: np.ndarray) -> list[str]:
    """The texts of such an array."""
    return array.tobytes().decode().split("\n") if array.size else []
