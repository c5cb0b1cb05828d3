"""The ranking's part of the index: lines, blocks and both sides' columns, and the search in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from services.matching.index.asking import Asking, asking
from services.matching.index.columns import Side, kinds_in_numbers
from services.matching.index.compiled import zeros
from services.matching.index.encoding import (
    MOST_COUNTED,
    SAID,
    SIDES,
    TECHNOLOGY,
    TOPIC,
    Dictionaries,
    can_be_shown,
    items_of,
    marks,
    mixed,
    nace_bits,
    nace_marks,
    windows_of,
)
from services.matching.index.entry import Arrays, Entry
from services.matching.index.lists import Lists
from services.matching.index.scanning import best, reach, scan, score
from services.matching.index.slots import Slots
from services.matching.ranking import WEIGHTS, Candidate
from services.matching.ranking.candidate import opposite
from services.matching.ranking.order import GEOMETRIC, HARMONIC
from services.matching.ranking.scores import CRITERIA

FIRST = 1024
LINE = 4
DICTIONARIES = ("countries", "languages", "kinds", "partnerships", "words")


class Found(NamedTuple):
    """The best partners in order: rows of slot, score, the asker's points, the partner's; and how many are possible at all."""

    rows: np.ndarray
    possible: int
    scored: int
    """How many were scored exactly to find them."""


class Ranked:
    """All participants for ranked lists."""

    name = "ranked"

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self.own = Dictionaries()
        self.lines = zeros(FIRST, LINE)
        self.lists = Lists()
        self.sides = {role: Side(role, self.own) for role in SIDES}
        self._kinds = kinds_in_numbers(self.own)
        self._tags = np.zeros(1, np.int32)
        self._scratch = tuple(np.zeros(1, kind) for kind in (np.int32, np.uint16))

    def put(self, slot: int, entry: Entry) -> None:
        """Take a participant in, or its newer state."""
        one = entry.candidate
        if slot >= len(self.lines):
            longer = zeros(max(2 * len(self.lines), slot + 1), LINE)
            longer[: len(self.lines)] = self.lines
            self.lines = longer
        line, block, marked = self._encoded(one)
        self.lines[slot] = line
        self.lists.put(slot, block)
        for role, side in self.sides.items():
            if can_be_shown(one, role):
                side.put(slot, one, marked)
            else:
                side.remove(slot)

    def remove(self, slot: int) -> None:
        """Forget whoever has the slot."""
        for side in self.sides.values():
            side.remove(slot)
        self.lists.remove(slot)
        if slot < len(self.lines):
            self.lines[slot] = 0

    def best(
        self, one: Candidate, role: str, on: date, most: int, weights: dict[str, int] = WEIGHTS, fusion: str = HARMONIC,
        without: Iterable[int] = (), besides: Iterable[int] = (), *, every: bool = False,
    ) -> Found:  # fmt: skip
        """The best partners for one in that role on that day, without those slots; those `besides` are possible, and not looked for.

        `every` scores every possible partner exactly: the plain scan, beside which the search is measured and tested.
        """
        asker = self._asking(one, role, on, weights, fusion)
        side = self.sides[opposite(role)]
        if not can_be_shown(one, role) or not side.count:
            return Found(np.zeros((0, 4), np.int64), 0, 0)
        self._make_room(side.count)
        found = np.zeros((most, 4), np.int64)
        gone = set(without)
        impossible, unwanted = side.places(gone), side.places(set(besides) - gone)
        lists = (self.lists.numbers, self.lists.start)
        left_out = (np.concatenate([impossible, unwanted]), len(impossible))
        stores = (side.columns, side.count, self.lines, *lists, self._slots.ids, self._tags, *left_out)
        if every:
            kept, possible = scan(asker, *stores, found)
            return Found(found[:kept], possible, possible)
        kept, possible, scored = best(asker, *stores, *self._scratch, found)
        return Found(found[:kept], possible, scored)

    def reach(self, one: Candidate, role: str, on: date, reached: np.ndarray, without: Iterable[int] = ()) -> None:
        """Mark everybody who is possible for one, by slot."""
        side = self.sides[opposite(role)]
        if not can_be_shown(one, role) or not side.count:
            return
        asker, by_place = self._asking(one, role, on, WEIGHTS, HARMONIC), np.zeros(side.count, np.bool_)
        stores = (side.columns, side.count, self.lines, self.lists.numbers, self.lists.start)
        reach(asker, *stores, side.places(set(without)), by_place)
        reached[side.columns.slot[: side.count][by_place]] = True

    def scores(
        self,
        one: Candidate,
        role: str,
        on: date,
        slots: Sequence[int] | np.ndarray,
        weights: dict[str, int] = WEIGHTS,
        fusion: str = HARMONIC,
    ) -> np.ndarray:
        """One's score with each of these in that role; -1 with whoever is not possible."""
        scores, side = np.full(len(slots), -1, np.int64), self.sides[opposite(role)]
        if can_be_shown(one, role) and side.count:
            asker = self._asking(one, role, on, weights, fusion)
            self._make_room(side.count)
            score(asker, side.columns, self.lines, self.lists.numbers, self.lists.start, self._tags, side.places(slots), scores)
        return scores

    def save(self) -> Arrays:
        """As arrays."""
        found = {"lines": self.lines[: self._slots.end]}
        found |= {f"dictionary.{name}": getattr(self.own, name).save() for name in DICTIONARIES}
        for part, saved in {"lists": self.lists.save(), **{role: side.save() for role, side in self.sides.items()}}.items():
            found |= {f"{part}.{name}": array for name, array in saved.items()}
        return found

    def load(self, arrays: Arrays) -> None:
        """Become what was saved."""
        for name in DICTIONARIES:
            getattr(self.own, name).load(arrays[f"dictionary.{name}"])
        self.lines = zeros(max(FIRST, len(arrays["lines"])), LINE)
        self.lines[: len(arrays["lines"])] = arrays["lines"]
        stores: list[tuple[str, Lists | Side]] = [("lists", self.lists), *self.sides.items()]
        for part, store in stores:
            beginning = f"{part}."
            store.load({name.removeprefix(beginning): array for name, array in arrays.items() if name.startswith(beginning)})

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        dictionaries = sum(int(getattr(self.own, name).bytes) for name in DICTIONARIES)
        return int(self.lines.nbytes) + self.lists.bytes + dictionaries + sum(side.bytes for side in self.sides.values())

    def _asking(self, one: Candidate, role: str, on: date, weights: dict[str, int], fusion: str) -> Asking:
        if len(self._kinds) != len(self.own.kinds):
            self._kinds = kinds_in_numbers(self.own)
        return asking(one, role, on, weights, self.own, self._kinds, geometric=fusion == GEOMETRIC)

    def _make_room(self, count: int) -> None:
        if len(self._tags) < len(self.own.words):
            self._tags = np.zeros(2 * len(self.own.words), np.int32)
        if len(self._scratch[0]) < count:
            self._scratch = tuple(np.zeros(2 * count, each.dtype) for each in self._scratch)

    def _encoded(self, one: Candidate) -> tuple[list[int], list[int], dict[str, int]]:
        own = self.own
        low, high, sections = nace_bits(one.nace)
        topics, technologies = (
            own.words.numbers(map(TOPIC.__add__, one.topics)),
            own.words.numbers(map(TECHNOLOGY.__add__, one.technologies)),
        )
        wants, teaches = items_of(one.want_to_learn, own.words), items_of(one.can_teach, own.words)
        said = set(own.words.numbers(one.said))
        offered = [number | SAID if number in said else number for number in own.words.numbers(one.offered)]
        windows = windows_of(one.availability)
        many = [day for window in windows for day in window] if len(windows) > 2 else []
        spoken = [own.languages.number(code) << 3 | level for code, level in one.languages.items()]
        weights = [one.weights[name] for name in CRITERIA] if one.weights else []
        wishes = [
            dictionary.numbers(getattr(one.wishes[role], name))
            for role in SIDES
            for name, dictionary in (("countries", own.countries), ("languages", own.languages))
        ]
        counts = [len(topics), len(technologies), len(wants), len(teaches), len(offered), len(many) // 2, len(spoken), len(weights)]
        block = [*counts, *map(len, wishes), len(said), 0, *topics, *technologies]
        for item in (*wants, *teaches):
            block += [len(item), *item]
        for numbers in (offered, many, spoken, weights, *wishes):
            block += numbers
        shortest = min((len(item) for item in wants if item), default=0)
        marked = {
            "marks": marks([*topics, *technologies]),
            "taught_marks": marks(word for item in teaches for word in item),
            "wanted_marks": marks(word for item in wants for word in item),
            "nace_marks": nace_marks(one.nace),
            "counts": _packed(len(topics), len(technologies), len(one.nace), shortest),
        }
        return [low, high | sections << 32, mixed(one.organisation_id), 0], block, marked


def _packed(*counts: int) -> int:
    return sum(min(count, MOST_COUNTED) << 3 * place for place, count in enumerate(counts))
