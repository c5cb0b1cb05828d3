"""What an index holds of each participant, in texts again: two indexes that hold the same say the same, however they came about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from services.matching.index.catalogued import Catalogued
from services.matching.index.columns import NOWHERE, TYPES_OF, Side
from services.matching.index.encoding import SAID, marks, number_marks
from services.matching.index.index import Index
from services.matching.index.pairs import HEADER
from services.matching.index.ranked import Ranked
from services.matching.index.search.prints import NotPrinted
from services.matching.index.slots import NONE

MARKED = ("marks", "taught_marks", "wanted_marks", "countries_wished", "languages_wished")
NUMBERED = ("slot", "country", "kind", "seen_by", "partnership", *MARKED)
"""Columns whose numbers mean something in their own index alone."""
NOT_KNOWN = object()
"""What is said of whoever came or changed while its index was being read: equal to nothing else."""
LONG_S = 60.0


def differences(one: Index, other: Index) -> list[UUID]:
    """Of whom the two hold something else, or whom only one of them holds; neither is changed meanwhile."""
    first, second, ids = prepared(one), prepared(other), {*one.slots.everybody(), *other.slots.everybody()}
    return sorted(first.of(ids).different_from(second.of(ids)))


class Told(dict[UUID, Any]):
    """What is held of some: of those who are in, by id."""

    def different_from(self, other: Told) -> set[UUID]:
        """Of whom something else is held, or nothing; NOT_KNOWN is something else than everything."""
        return {each for each in self.keys() | other.keys() if each not in self or each not in other or self[each] != other[each]}

    @property
    def not_known(self) -> set[UUID]:
        """Of whom it is not known what is held."""
        return {each for each, content in self.items() if content is NOT_KNOWN}


class Contents:
    """What an index holds, told of some of its participants at a time; in between it may be changed.

    During a call it must not be.
    """

    def __init__(self, index: Index) -> None:
        self._slots = index.slots
        self._texts = _Texts(index.ranked)
        self._searches = [(part.search, part.search.prints()) for part in index.parts if isinstance(part, Catalogued)]

    def go_on(self, seconds: float) -> bool:
        """Prepare for about so long; whether it is ready to tell."""
        return all(prints.go_on(seconds) for _, prints in self._searches)

    def of(self, participations: Iterable[UUID]) -> Told:
        """What is held of those of them who are in; NOT_KNOWN of those who came or changed since this was begun."""
        self._texts.keep_up()
        slots = {each: self._slots.find(each) for each in participations}
        return Told({each: self._at(slot) for each, slot in slots.items() if slot != NONE})

    def _at(self, slot: int) -> Any:
        try:
            return self._texts.of(slot), [search.content(slot, prints) for search, prints in self._searches]
        except NotPrinted:
            return NOT_KNOWN


def prepared(index: Index) -> Contents:
    """The contents of an index that nobody changes, ready to be told."""
    contents = Contents(index)
    while not contents.go_on(LONG_S):
        pass
    return contents


class _Texts:
    """One index's numbers as texts."""

    def __init__(self, ranked: Ranked) -> None:
        self._ranked = ranked
        self._texts: dict[str, list[str]] = {name: [] for name in ("words", "countries", "languages", "kinds", "partnerships")}

    def keep_up(self) -> None:
        """Know the texts that came since, too."""
        for name, known in self._texts.items():
            dictionary = getattr(self._ranked.own, name)
            if len(known) != len(dictionary):
                self._texts[name] = ["", *dictionary.texts()]

    def of(self, slot: int) -> Any:
        """All that is held of whoever has the slot."""
        lists, words = self._lists(slot)
        sides = {
            role: self._side(side, slot, words[:3], words[3][2 * number :])
            for number, (role, side) in enumerate(self._ranked.sides.items())
        }
        return lists, self._ranked.lines[slot].tolist(), sides

    def _lists(self, slot: int) -> tuple[Any, tuple[Any, ...]]:
        start = int(self._ranked.lists.start[slot])
        numbers = self._ranked.lists.numbers
        header = numbers[start : start + HEADER].tolist()
        rest = iter(numbers[start + HEADER :])
        topics, technologies = _take(rest, header[0]), _take(rest, header[1])
        wants, teaches = ([_take(rest, int(next(rest))) for _ in range(count)] for count in header[2:4])
        offered, windows, spoken, weights = (
            _take(rest, header[4]),
            _take(rest, 2 * header[5]),
            _take(rest, header[6]),
            _take(rest, header[7]),
        )
        wishes = [_take(rest, count) for count in header[8:12]]
        words, languages = self._texts["words"], self._texts["languages"]
        told = (
            sorted(words[each] for each in topics), sorted(words[each] for each in technologies),
            [sorted(words[each] for each in item) for item in wants], [sorted(words[each] for each in item) for item in teaches],
            sorted((words[each & ~SAID], bool(each & SAID)) for each in offered), windows,
            sorted((languages[each >> 3], each & 7) for each in spoken), weights,
            [sorted(self._texts[name][each] for each in some) for name, some in zip(("countries", "languages") * 2, wishes, strict=True)],
        )  # fmt: skip
        taught, wanted = ([word for item in items for word in item] for items in (teaches, wants))
        return told, ([*topics, *technologies], taught, wanted, wishes)

    def _side(self, side: Side, slot: int, words: tuple[Any, ...], wishes: list[list[int]]) -> Any:
        at = int(side.place[slot]) if slot < len(side.place) else NOWHERE
        if at == NOWHERE:
            return None
        columns, texts = side.columns, self._texts
        plain = {name: int(getattr(columns, name)[at]) for name in TYPES_OF}
        right = plain["slot"] == slot and [plain[name] for name in MARKED] == [*map(marks, words), *map(number_marks, wishes[:2])]
        named = [
            texts[name][plain[column]] for name, column in (("countries", "country"), ("kinds", "kind"), ("partnerships", "partnership"))
        ]
        spoken = {texts["languages"][number]: int(row[at]) for number, row in enumerate(columns.levels) if row[at]}
        return {name: plain[name] for name in plain if name not in NUMBERED}, right, named, bool(plain["seen_by"]), spoken


def _take(numbers: Iterator[Any], count: int) -> list[int]:
    return [int(next(numbers)) for _ in range(count)]
