"""What an index holds of each participant, in texts again: two indexes that hold the same say the same, however they came about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.matching.index.columns import NOWHERE, TYPES_OF, Side
from services.matching.index.encoding import SAID, marks, number_marks
from services.matching.index.index import Index
from services.matching.index.pairs import HEADER
from services.matching.index.ranked import Ranked

MARKED = ("marks", "taught_marks", "wanted_marks", "countries_wished", "languages_wished")
NUMBERED = ("slot", "country", "kind", "seen_by", "partnership", *MARKED)
"""Columns whose numbers mean something in their own index alone."""


def differences(one: Index, other: Index) -> list[UUID]:
    """Of whom the two hold something else, or whom only one of them holds."""
    first, second = _contents(one), _contents(other)
    return sorted(each for each in first.keys() | second.keys() if first.get(each) != second.get(each))


def _contents(index: Index) -> dict[UUID, Any]:
    texts = _Texts(index.ranked)
    slots = [slot for slot in range(index.slots.end) if index.slots.find(index.slots.id_at(slot)) == slot]
    more = [part for part in index.parts if hasattr(part, "content")]
    return {index.slots.id_at(slot): (texts.of(slot), [part.content(slot) for part in more]) for slot in slots}


class _Texts:
    """One index's numbers as texts."""

    def __init__(self, ranked: Ranked) -> None:
        self._ranked = ranked
        self._texts = {
            name: ["", *getattr(ranked.own, name).texts()] for name in ("words", "countries", "languages", "kinds", "partnerships")
        }

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
