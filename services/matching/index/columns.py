"""One side's columns: all who can be shown in a role at present, closely packed, each attribute in an array of its own."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from services.matching.index.encoding import (
    ACTIVITY_BITS,
    COUNTRIES_WISHED,
    ECOSYSTEM_BITS,
    KNOWN,
    LANGUAGES_WISHED,
    MANY_WINDOWS,
    NEVER,
    OWN_WEIGHTS,
    SIZES,
    TYPES,
    Dictionaries,
    bits,
    mixed,
    number_marks,
    windows_of,
)
from services.matching.index.entry import Arrays
from services.matching.index.lists import grown
from services.matching.ranking import Candidate

UNASKED = 1001
"""The level of answering of whoever was never asked."""
NOWHERE = -1
FIRST = 1024


class Columns(NamedTuple):
    """By place: who is there and what each hard rule and each criterion looks at; languages have a row for each."""

    slot: np.ndarray
    country: np.ndarray
    kind: np.ndarray
    """Country, type of organisation and size in one number."""
    ecosystems: np.ndarray
    activities: np.ndarray
    group: np.ndarray
    known: np.ndarray
    answering: np.ndarray
    wished: np.ndarray
    """Types of organisation wished for as bits, and whether countries and languages are."""
    first_start: np.ndarray
    first_end: np.ndarray
    second_start: np.ndarray
    second_end: np.ndarray
    least_days: np.ndarray
    most_days: np.ndarray
    seen_by: np.ndarray
    """0, or the only partnership that sees it."""
    partnership: np.ndarray
    organisation: np.ndarray
    marks: np.ndarray
    """Of topics and technologies."""
    taught_marks: np.ndarray
    """Of the words of what it can teach."""
    wanted_marks: np.ndarray
    nace_marks: np.ndarray
    counts: np.ndarray
    """How many topics, technologies, activities, and words of the shortest wish to learn: three bits each."""
    countries_wished: np.ndarray
    """Marks of the countries wished for."""
    languages_wished: np.ndarray
    levels: np.ndarray
    """By language: how well it is spoken, 0 to 6."""


TYPES_OF = {
    "slot": np.int32, "country": np.uint8, "kind": np.uint16, "ecosystems": np.uint16, "activities": np.uint8, "group": np.uint8,
    "known": np.uint8, "answering": np.uint16, "wished": np.uint16, "first_start": np.int16, "first_end": np.int16,
    "second_start": np.int16, "second_end": np.int16, "least_days": np.uint8, "most_days": np.uint8, "seen_by": np.int32,
    "partnership": np.int32, "organisation": np.uint16, "marks": np.uint64, "taught_marks": np.uint64, "wanted_marks": np.uint64,
    "nace_marks": np.uint64, "counts": np.uint16, "countries_wished": np.uint64, "languages_wished": np.uint64,
}  # fmt: skip


class Side:
    """The columns of one role, and where in them each slot stands."""

    def __init__(self, role: str, dictionaries: Dictionaries) -> None:
        self.role, self._dictionaries = role, dictionaries
        self.count = 0
        self.place = np.full(FIRST, NOWHERE, np.int32)
        plain = {name: np.zeros(FIRST, kind) for name, kind in TYPES_OF.items()}
        self.columns = Columns(**plain, levels=np.zeros((1, FIRST), np.uint8))

    def put(self, slot: int, one: Candidate, marked: dict[str, int]) -> None:
        """Stand the participant in the columns, or its newer state."""
        self.remove(slot)
        at = self._next(slot)
        self.count += 1
        for name, value in (self._values(one) | marked).items():
            getattr(self.columns, name)[at] = value
        self.columns.slot[at] = slot
        for language, level in one.languages.items():
            self._level(self._dictionaries.languages.number(language))[at] = level

    def remove(self, slot: int) -> None:
        """Take it out; the last one moves into its place."""
        if slot >= len(self.place) or self.place[slot] == NOWHERE:
            return
        at, last, columns = int(self.place[slot]), self.count - 1, self.columns
        if at != last:
            for name in TYPES_OF:
                column = getattr(columns, name)
                column[at] = column[last]
            self.place[columns.slot[at]] = at
        columns.levels[:, at] = columns.levels[:, last]
        columns.levels[:, last] = 0
        self.place[slot], self.count = NOWHERE, last

    def places(self, slots: Collection[int] | np.ndarray) -> np.ndarray:
        """Where these stand; NOWHERE for those who do not."""
        wanted = slots if isinstance(slots, np.ndarray) else np.fromiter(slots, np.int64, len(slots))
        there = wanted < len(self.place)
        return np.where(there, self.place[np.where(there, wanted, 0)], NOWHERE).astype(np.int64)

    def save(self) -> Arrays:
        """As arrays, cut to those who are there."""
        columns = self.columns
        found = {name: getattr(columns, name)[: self.count] for name in TYPES_OF}
        return found | {"place": self.place, "levels": columns.levels[:, : self.count]}

    def load(self, arrays: Arrays) -> None:
        """Become what was saved."""
        self.count, self.place = len(arrays["slot"]), arrays["place"]
        room = max(FIRST, self.count)
        plain = {name: _longer(arrays[name], room) for name in TYPES_OF}
        self.columns = Columns(**plain, levels=_wider(arrays["levels"], room))

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return sum(int(column.nbytes) for column in self.columns) + int(self.place.nbytes)

    def _values(self, one: Candidate) -> dict[str, int]:
        wishes, dictionaries = one.wishes[self.role], self._dictionaries
        windows = windows_of(one.availability)
        (start, end), (second_start, second_end) = (*windows, NEVER)[:2]
        partnership = dictionaries.partnerships.number(str(one.partnership_id))
        return {
            "country": dictionaries.countries.number(one.country),
            "kind": dictionaries.kinds.number(f"{one.country} {one.organisation_type} {one.size}"),
            "ecosystems": bits(one.ecosystems, ECOSYSTEM_BITS),
            "activities": bits(wishes.activity_types, ACTIVITY_BITS),
            "group": one.group_size | (OWN_WEIGHTS if one.weights else 0),
            "known": known_of(one) | (MANY_WINDOWS if len(windows) > 2 else 0),
            "answering": 1000 * one.answered // one.asked if one.asked else UNASKED,
            "wished": sum(1 << TYPES[each] for each in wishes.organisation_types)
            | (COUNTRIES_WISHED if wishes.countries else 0)
            | (LANGUAGES_WISHED if wishes.languages else 0),
            "first_start": start, "first_end": end, "second_start": second_start, "second_end": second_end,
            "least_days": one.min_days, "most_days": one.max_days,
            "seen_by": 0 if one.visibility == "all" else partnership,
            "partnership": partnership,
            "organisation": mixed(one.organisation_id) & 0xFFFF,
            "countries_wished": number_marks(dictionaries.countries.numbers(wishes.countries)),
            "languages_wished": number_marks(dictionaries.languages.numbers(wishes.languages)),
        }  # fmt: skip

    def _next(self, slot: int) -> int:
        if slot >= len(self.place):
            before = len(self.place)
            self.place = grown(self.place, slot + 1)
            self.place[before:] = NOWHERE
        at = self.count
        if at == len(self.columns.slot):
            room = 2 * at
            plain = {name: _longer(getattr(self.columns, name), room) for name in TYPES_OF}
            self.columns = Columns(**plain, levels=_wider(self.columns.levels, room))
        self.place[slot] = at
        return at

    def _level(self, language: int) -> np.ndarray:
        if language >= len(self.columns.levels):
            self.columns = self.columns._replace(levels=_taller(self.columns.levels, language + 1))
        row: np.ndarray = self.columns.levels[language]
        return row


def kinds_in_numbers(dictionaries: Dictionaries) -> np.ndarray:
    """Country, type and size of each kind, by its number; the first row is nobody's."""
    rows = [(0, 0, 0)]
    for kind in dictionaries.kinds.texts():
        country, organisation_type, size = kind.split(" ")
        rows.append((dictionaries.countries.number(country), TYPES[organisation_type], SIZES[size]))
    return np.array(rows, np.int64)


def known_of(one: Candidate) -> int:
    """What a participant has said about itself, as bits."""
    return sum(bit for name, bit in KNOWN.items() if getattr(one, name))


def _longer(column: np.ndarray, room: int) -> np.ndarray:
    longer = np.zeros(room, column.dtype)
    longer[: len(column)] = column
    return longer


def _wider(table: np.ndarray, room: int) -> np.ndarray:
    wider = np.zeros((len(table), room), table.dtype)
    wider[:, : table.shape[1]] = table
    return wider


def _taller(table: np.ndarray, rows: int) -> np.ndarray:
    taller = np.zeros((rows + 8, table.shape[1]), table.dtype)
    taller[: len(table)] = table
    return taller
