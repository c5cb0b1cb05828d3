"""A participant in numbers: what its line, its block of lists and its place on each side's columns hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from contracts.nace import NACE_DIVISIONS
from contracts.words import ACTIVITY_TYPES, ECOSYSTEMS, ORGANISATION_SIZES, ORGANISATION_TYPES
from services.matching.index.words import Dictionary
from services.matching.ranking import Candidate
from services.matching.ranking.candidate import HOST, VISITOR
from services.matching.ranking.rules import LAST_DAY, working_day

SIDES = (VISITOR, HOST)
ALWAYS = (0, working_day(LAST_DAY, after=True))
"""Windows are kept in working days, counted from the first of all; who has none is available at any time."""
NEVER = (32_767, 0)
SAID = 1 << 30
"""Marks the words of the motivation among those of the whole profile."""
TOPIC, TECHNOLOGY = "\x01", "\x02"
"""Stand before the texts of topics and technologies, which have the dictionary in common with words."""

TYPES = {code: number for number, code in enumerate(ORGANISATION_TYPES)}
SIZES = {code: number for number, code in enumerate(ORGANISATION_SIZES)}
ECOSYSTEM_BITS = {code: 1 << number for number, code in enumerate(ECOSYSTEMS)}
ACTIVITY_BITS = {code: 1 << number for number, code in enumerate(ACTIVITY_TYPES)}
SECTIONS = {section: number for number, section in enumerate(sorted(set(NACE_DIVISIONS.values())))}
DIVISIONS = {division: number for number, division in enumerate(sorted(NACE_DIVISIONS))}
CLOSED = "\n".join(" ".join(each) for each in (TYPES, SIZES, ECOSYSTEM_BITS, ACTIVITY_BITS, SECTIONS, DIVISIONS))
"""The closed lists whose order the numbers stand on: a snapshot made with others is no good."""

KNOWN = {name: 1 << bit for bit, name in enumerate(("topics", "technologies", "nace", "can_teach", "want_to_learn", "said", "offered"))}
MANY_WINDOWS = 1 << 7
COUNTRIES_WISHED, LANGUAGES_WISHED = 1 << 14, 1 << 15
OWN_WEIGHTS = 1 << 7
MOST_COUNTED = 7
"""Counts beside marks have three bits; this one stands for itself and all above."""


@dataclass
class Dictionaries:
    """All dictionaries of the ranking's part."""

    countries: Dictionary = field(default_factory=Dictionary)
    languages: Dictionary = field(default_factory=Dictionary)
    kinds: Dictionary = field(default_factory=Dictionary)
    partnerships: Dictionary = field(default_factory=Dictionary)
    words: Dictionary = field(default_factory=Dictionary)


def bits(values: frozenset[str], of: dict[str, int]) -> int:
    """A set as bits."""
    found = 0
    for value in values:
        found |= of[value]
    return found


def mixed(organisation_id: UUID) -> int:
    """An id in 64 bits."""
    number = organisation_id.int
    return (number >> 64) ^ (number * 0x9E37_79B9_7F4A_7C15 & 0xFFFF_FFFF_FFFF_FFFF)


def shift(number: int) -> int:
    """Which of 64 bits is the mark of a word: several words may have the same."""
    return (number * 0x9E37_79B9_7F4A_7C15 & 0xFFFF_FFFF_FFFF_FFFF) >> 58


def marks(numbers: Iterable[int]) -> int:
    """The marks of several words."""
    found = 0
    for number in numbers:
        found |= 1 << shift(number)
    return found


def number_marks(numbers: Iterable[int]) -> int:
    """The marks of countries or languages: as long as there are no more than 63, each has a bit of its own."""
    found = 0
    for number in numbers:
        found |= 1 << (number & 63)
    return found


def nace_shift(division: str) -> int:
    """Which bit is the mark of a division, above those of the sections."""
    return len(SECTIONS) + DIVISIONS[division] % (64 - len(SECTIONS))


def nace_marks(nace: frozenset[str]) -> int:
    """Sections, each with a bit of its own, and the marks of divisions."""
    found = 0
    for code in nace:
        found |= 1 << SECTIONS[NACE_DIVISIONS[code]] | 1 << nace_shift(code)
    return found


def nace_bits(nace: frozenset[str]) -> tuple[int, int, int]:
    """The divisions in two words, and their sections."""
    divisions, sections = 0, 0
    for code in nace:
        divisions |= 1 << DIVISIONS[code]
        sections |= 1 << SECTIONS[NACE_DIVISIONS[code]]
    return divisions & 0xFFFF_FFFF_FFFF_FFFF, divisions >> 64, sections


def windows_of(availability: tuple[tuple[date, date], ...]) -> list[tuple[int, int]]:
    """Windows as the first working day and the one behind the last: so their common stretch is a difference."""
    return [(working_day(start), working_day(end, after=True)) for start, end in availability] or [ALWAYS]


def items_of(items: tuple[tuple[str, frozenset[str]], ...], words: Dictionary) -> list[list[int]]:
    """The words of each thing taught or wished for; the same text counts once."""
    return [words.numbers(tokens) for tokens in dict(items).values()]


def can_be_shown(one: Candidate, role: str) -> bool:
    """Whether anybody at all could see it in that role: all hard rules that hang on nobody else."""
    if role not in one.roles or not one.active or one.visibility == "hidden":
        return False
    return one.hosting and one.hosted < one.capacity if role == HOST else not (one.visit_consumed or one.is_visiting)
