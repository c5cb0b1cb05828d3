"""The catalogue in memory: all participations by term and by number, searched in a few milliseconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from services.matching.index.search import columns
from services.matching.index.search.alike import alike
from services.matching.index.search.corrections import correct
from services.matching.index.search.entry import LEARNS, TEACHES, TEXT, Entry, chord, point, term
from services.matching.index.search.facets import FREE, values
from services.matching.index.search.kernels import has, size, slots_of, take
from services.matching.index.search.names import Name, Names
from services.matching.index.search.prints import Prints
from services.matching.index.search.query import ROLES, SORTS, WRITTEN, Found, Query
from services.matching.index.search.sets import both
from services.matching.index.search.slots import AS_HOST, AS_VISITOR, LISTED, TO_ALL, TO_SAME, Arrays, Slots
from services.matching.index.search.terms import Gathering, Terms

FIRST = (-1, b"")
NOWHERE = (0, 0, 0)
PATIENCE = 200_000
"""So many names are looked at in their order before it is given up: those that fit may all stand at its end."""


class Search:
    """All participations, each under a number that whoever keeps them gives it.

    A changed one gets a new slot, and the old one is left empty; what changes of a participation's standing is written in place. When
    the room is used up, all is arranged anew.
    """

    def __init__(self, entries: Iterable[tuple[int, Entry]] = ()) -> None:
        self._used, self._room = 0, _room_for(0)
        self._slots, self._gathering = Slots(self._room), Gathering()
        self._where = np.full(1024, -1, np.int32)
        self._is_gathering = True
        for number, entry in entries:
            self.put(number, entry)

    @property
    def bytes(self) -> int:
        """How much memory the arrays take."""
        self.settle()
        return self._slots.bytes + self._terms.bytes + self._names.bytes + self._where.nbytes

    def put(self, number: int, entry: Entry) -> None:
        """Take a participation in, or over as it is now."""
        slot = self._slot(number)
        if slot >= 0 and self._slots.columns["digest"][slot] == np.uint64(entry.digest):
            self._slots.stand(slot, entry.stands)
            return
        self.remove(number)
        if self._used == self._room:
            self._make_room()
        if number >= self._where.size:
            self._where = np.append(self._where, np.full(max(self._where.size, number), -1, np.int32))
        slot, self._used = self._used, self._used + 1
        self._where[number] = slot
        self._slots.write(slot, number, entry)
        if self._is_gathering:
            self._gathering.add(entry.terms, entry.sort_name)
        else:
            self._terms.add(slot, entry.terms)
            self._names.add(slot, entry.sort_name)

    def remove(self, number: int) -> None:
        """Leave a participation out, if it is there."""
        if (slot := self._slot(number)) >= 0:
            self._slots.empty(slot)
            self._where[number] = -1

    def find(self, query: Query) -> Found:
        """A page of all that fit, with what is asked to be counted."""
        self.settle()
        narrowing, rest = self._narrowing(query), self._rest(query)
        sets = {each: self._with_word(*each) for each in _written(query)}
        base = both(rest, *sets.values())
        corrected: dict[str, list[str]] = {}
        if sets and not size(both(base, *narrowing.values())):
            without = both(rest, *narrowing.values())
            sets, corrected = correct(self._terms, without, sets)
            base = both(rest, *sets.values()) if corrected else base
        whole = both(base, *narrowing.values())
        total = size(whole)
        page, after = self._page(whole, total, query)
        sides = {
            facet: both(base, *(each for name, each in narrowing.items() if name != facet)) for facet in narrowing if facet in query.facets
        }
        counted = {facet: sides.get(facet, whole) for facet in query.facets}
        counts = {facet: values(self._terms, self._slots.sets, facet, inside, query.most_values) for facet, inside in counted.items()}
        return Found(total, page, after, counts, self._places(whole, query.most_points), corrected)

    def all_that_fit(self, query: Query) -> list[int]:
        """The numbers of all that fit, not sorted; a word counts as it is written."""
        return self._slots.columns["number"][slots_of(self._all(query))].tolist()  # type: ignore[no-any-return]

    def fits(self, number: int, query: Query) -> bool:
        """Whether a participation is among all that fit."""
        slot = self._slot(number)
        return slot >= 0 and bool(has(self._all(query), slot))

    def like(
        self, number: int, partnerships: frozenset[str] | None, limit: int, without: frozenset[int] = frozenset()
    ) -> list[tuple[int, int]]:
        """Others (but those) that have most in common with a participation, best first: the number of each and how much it is (0 to 1000)."""
        self.settle()
        inside, model = self._seen(partnerships, without | {number}), self._slot(number)
        if model < 0:
            return []
        numbers = self._slots.columns["number"]
        return [(int(numbers[slot]), much) for slot, much in alike(self._terms, self._names, model, inside, limit)]

    def _all(self, query: Query) -> np.ndarray:
        self.settle()
        words = [self._with_word(*each) for each in _written(query)]
        return both(self._rest(query), *words, *self._narrowing(query).values())

    def _slot(self, number: int) -> int:
        return int(self._where[number]) if number < self._where.size else -1

    def prints(self) -> Prints:
        """The terms of all who are in now as numbers, still to be reckoned."""
        self.settle()
        return Prints(self._terms, self._used)

    def content(self, number: int, prints: Prints) -> Any:
        """All that is held of a participation: the same from another search that holds the same, however the two came about.

        Its terms are told by their print; raises NotPrinted for whoever came or changed since those were begun.
        """
        if (slot := self._slot(number)) < 0:
            return None
        slots, its_print = self._slots, prints.of(self._terms, slot)
        numbers = {name: int(column[slot]) for name, column in slots.columns.items() if name not in ("number", "place")}
        windows = slots.windows[slots.offsets[slot] : slots.offsets[slot + 1]].tolist()
        place = slots.places[int(slots.columns["place"][slot])]
        sets = [bool(has(which, slot)) for which in slots.sets]
        return its_print, numbers, windows, place, slots.points[slot].tolist(), sets, self._names.name(slot)

    def save(self) -> Arrays:
        """All that `load` needs to be the same again."""
        self.settle()
        own = {"where": self._where, "size": np.array([self._used, self._room])}
        parts = {"slots": self._slots.save(), "terms": self._terms.save(), "names": self._names.save()}
        return own | {f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}

    def load(self, arrays: Arrays) -> None:
        """Become what was saved."""
        parts: dict[str, Arrays] = {"slots": {}, "terms": {}, "names": {}}
        for name, array in arrays.items():
            part, dot, rest = name.partition(".")
            if dot:
                parts[part][rest] = array
        self._where, (self._used, self._room) = np.array(arrays["where"]), (int(each) for each in arrays["size"])
        self._slots = Slots.loaded(self._room, parts["slots"])
        self._terms, self._names = Terms.loaded(self._room, parts["terms"]), Names.loaded(parts["names"])
        self._is_gathering, self._gathering = False, Gathering()

    def settle(self) -> None:
        """Arrange what was put in at first: one by one it would be arranged anew again and again."""
        if not self._is_gathering:
            return
        self._room = _room_for(self._used)
        self._slots = self._slots.moved(np.arange(self._used), self._room)
        self._terms = self._gathering.done(self._room)
        self._names = Names(self._gathering.names, self._room)
        self._is_gathering, self._gathering = False, Gathering()

    def _make_room(self) -> None:
        if self._is_gathering:
            self._room *= 2
            self._slots = self._slots.moved(np.arange(self._used), self._room)
        else:
            self._arrange()

    def _arrange(self) -> None:
        old_slots = np.flatnonzero(self._where[self._slots.columns["number"][: self._used]] == np.arange(self._used))
        new_slots = np.full(self._room, -1, np.int32)
        new_slots[old_slots] = np.arange(old_slots.size)
        self._room = _room_for(old_slots.size)
        self._slots = self._slots.moved(old_slots, self._room)
        self._terms = self._terms.moved(new_slots, self._room)
        self._names = self._names.moved(old_slots, self._room)
        self._used = old_slots.size
        self._where[self._slots.columns["number"][: self._used]] = np.arange(self._used)

    def _seen(self, partnerships: frozenset[str] | None, without: Iterable[int]) -> np.ndarray:
        found = self._visible(partnerships)
        for number in without:
            if (slot := self._slot(number)) >= 0:
                take(found, slot)
        return found

    def _visible(self, partnerships: frozenset[str] | None) -> np.ndarray:
        sets = self._slots.sets
        seen = sets[TO_SAME]
        if partnerships is not None:
            seen = seen & self._terms.unite(self._terms.numbers(term("partnerships", each) for each in sorted(partnerships)))
        return sets[LISTED] & (sets[AS_VISITOR] | sets[AS_HOST]) & (sets[TO_ALL] | seen)  # type: ignore[no-any-return]

    def _rest(self, query: Query) -> np.ndarray:
        """All whom the looking one sees and whose numbers fit."""
        found = self._seen(query.partnerships, query.without)
        for name, (least, most) in query.ranges.items():
            columns.keep_range(found, self._slots.columns[name], least, most)
        if query.period:
            columns.keep_period(found, self._slots.offsets, self._slots.windows, *query.period)
        if query.place and query.within_km is not None:
            columns.keep_near(found, self._slots.points, *point(*query.place), chord(query.within_km))
        return found

    def _narrowing(self, query: Query) -> dict[str, np.ndarray]:
        """By facet, all who fit what is asked of it."""
        found = {facet: self._terms.unite(self._wanted(facet, terms)) for facet, terms in query.any_of.items() if terms}
        if query.role:
            found[ROLES] = self._slots.sets[FREE[query.role]]
        for trait, holds in query.traits.items():
            having = self._terms.unite(self._terms.numbers([term("traits", trait)]))
            found[trait] = having if holds else ~having
        return found

    def _wanted(self, facet: str, terms: tuple[str, ...]) -> np.ndarray:
        if facet not in WRITTEN:
            return self._terms.numbers(terms)
        return np.concatenate([self._terms.within(each + "\x1f") for each in terms])

    def _with_word(self, criterion: str, word: str) -> np.ndarray:
        return self._terms.unite(self._terms.beginning_with(criterion, word))

    def _page(self, whole: np.ndarray, total: int, query: Query) -> tuple[list[int], tuple[int, Name] | None]:
        after = query.after or FIRST
        begin = -1 if query.after is None else after[0] << 32 | self._names.place(after[1])
        slots, keys = self._first_ones(whole, total, query, begin)
        listed = sorted((int(key), self._names.name(slot), slot) for key, slot in zip(keys.tolist(), slots.tolist(), strict=True))
        rest = [(key >> 32, name, slot) for key, name, slot in listed if (key >> 32, name) > after]
        page = rest[: query.limit]
        following = (page[-1][0], page[-1][1]) if len(rest) > query.limit else None
        return [int(self._slots.columns["number"][slot]) for _, _, slot in page], following

    def _first_ones(self, whole: np.ndarray, total: int, query: Query, begin: int) -> tuple[np.ndarray, np.ndarray]:
        """The slots that the page is among, and their keys."""
        by, wanted, names = SORTS[query.sort], query.limit + 1, self._names
        # Where many fit, the next ones by name are near each other in the order of names; where few do, they are quickly looked through.
        if by == columns.BY_NAME and 16 * total * total > wanted * self._used:
            slots, keys, count = columns.walk(whole, names.by_order, names.order, self._used, begin, wanted, PATIENCE)
            if count >= 0:
                return slots[:count], keys[:count]
        column = (
            self._scores(whole, query) if by == columns.BY_MATCH else self._slots.columns["listed" if by == columns.BY_NEWEST else "share"]
        )
        at = point(*query.place) if query.place else NOWHERE
        return columns.first_ones(whole, by, names.order, column, self._slots.points, *at, begin, wanted)  # type: ignore[no-any-return]

    def _scores(self, whole: np.ndarray, query: Query) -> np.ndarray:
        """By slot, of those in a set."""
        found = np.full(self._room, -1, np.int64)
        if query.scores:
            slots = slots_of(whole)
            found[slots] = query.scores(self._slots.columns["number"][slots])
        return found

    def _places(self, whole: np.ndarray, most: int) -> list[tuple[str, str, float, float, int]]:
        if not most:
            return []
        counts = columns.count_numbers(whole, self._slots.columns["place"], len(self._slots.places))
        found = [(*self._slots.places[place], int(counts[place])) for place in np.flatnonzero(counts).tolist()]
        return sorted(found, key=lambda each: (-each[4], each[:4]))[:most]


def _written(query: Query) -> list[tuple[str, str]]:
    """The words asked for, each with where it has to stand."""
    asked = ((TEXT, query.words), (TEACHES, query.teaches), (LEARNS, query.learns))
    return [(criterion, word) for criterion, words in asked for word in words]


def _room_for(count: int) -> int:
    """So many slots: an eighth and a thousand more than are used, in whole words of bits."""
    return (count + count // 8 + 1024 + 63) // 64 * 64
