"""Whoever looks for partners, made ready for the kernels: its own values, and tables of the points that each value of a partner earns.

Points of both directions travel in one number: what the partner earns from the asker below, what the asker earns from the partner
above 16 bits. Weights add up to less than 65,536, so neither overflows.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import numpy as np

from contracts.nace import NACE_DIVISIONS
from services.matching.index.columns import UNASKED
from services.matching.index.encoding import (
    ACTIVITY_BITS,
    DIVISIONS,
    ECOSYSTEM_BITS,
    SECTIONS,
    SIDES,
    TECHNOLOGY,
    TOPIC,
    TYPES,
    Dictionaries,
    bits,
    items_of,
    mixed,
    nace_bits,
    nace_shift,
    shift,
    windows_of,
)
from services.matching.index.points import ORDER, Tables, grouped, highest
from services.matching.ranking import Candidate
from services.matching.ranking.candidate import VISITOR, opposite
from services.matching.ranking.rules import working_day
from services.matching.ranking.scores import FULL

IN_SAID, IN_OFFERED, IN_TOPICS, IN_TECHNOLOGIES = 1, 2, 4, 8
LANGUAGES = 256


class Asking(NamedTuple):
    """All that the kernels know of the asker. Arrays and whole numbers only."""

    facts: np.ndarray
    """Single numbers, in the order in which `pairs` names them."""
    geometric: int
    mine: np.ndarray
    """Weights in ORDER."""
    theirs: np.ndarray
    country: int
    organisation: np.uint64
    partnership: int
    seen_by: int
    """0, or the only partnership whose participants see the asker."""
    windows: np.ndarray
    least_days: int
    most_days: int
    spoken: np.ndarray
    """Rows of language and level."""
    levels: np.ndarray
    """Level by language."""
    wished_languages: np.ndarray
    is_wished: np.ndarray
    """By language."""
    type: int
    group: int
    visits: int
    nace: np.ndarray
    """Divisions in two words, all divisions of its sections in two words, sections."""
    by_section: np.ndarray
    """Rows of a section's bit and how many of the divisions are in it."""
    nace_count: int
    masks: np.ndarray
    """Marks of topics, technologies, of the words of three groups of wishes to learn, of what it can teach, and of divisions."""
    more: np.ndarray
    """For each mask, how many of its words have a mark that another one has as well."""
    want_lengths: np.ndarray
    words: np.ndarray
    """The numbers of all its words: each one's row below is its place here, and one more."""
    want_mask: np.ndarray
    teach_mask: np.ndarray
    where: np.ndarray
    kind_points: np.ndarray
    sizes_near: np.ndarray
    """By kind: the level of size."""
    ecosystem_points: np.ndarray
    activity_points: np.ndarray
    answering_points: np.ndarray
    language_points: np.ndarray
    wish_points: np.ndarray
    """By whether types are wished, met, countries wished, met."""
    group_points: np.ndarray
    marked_points: np.ndarray
    """At most, by how many topics and technologies there are and in common."""
    learning_points: np.ndarray
    """At most, by how many words of each group of wishes are taught, and whether anything is."""
    teaching_points: np.ndarray
    """At most, by how many words are wished for of what is taught, and the length of the shortest wish."""
    nace_points: np.ndarray
    """At most, by how many divisions and sections are in common, and how many divisions there are."""
    text_points: np.ndarray
    """At most, by what is known of the partner."""
    others_most: int
    """The most that answering, languages, the partner's wishes of type and country, group and text add to both directions together."""


def asking(
    one: Candidate, role: str, on: date, weights: dict[str, int], own: Dictionaries, kinds: np.ndarray, *, geometric: bool
) -> Asking:
    """The asker in that role on that day; `weights` hold for whoever has none of its own."""
    mine_by_name, wishes = one.weights or weights, one.wishes[role]
    mine, theirs = (np.array([each[name] for name in ORDER], np.int64) for each in (mine_by_name, weights))
    words, want_mask, teach_mask, where, wants, teaches = _words(one, own)
    levels, is_wished = np.zeros(LANGUAGES, np.int64), np.zeros(LANGUAGES, np.int64)
    spoken = [(own.languages.number(code), level) for code, level in sorted(one.languages.items())]
    wished_languages = own.languages.numbers(sorted(wishes.languages))
    for language, level in spoken:
        levels[language] = level
    is_wished[wished_languages] = 1
    divisions_low, divisions_high, sections = nace_bits(one.nace)
    near_low, near_high, _ = nace_bits(frozenset(each for each in DIVISIONS if sections >> SECTIONS[NACE_DIVISIONS[each]] & 1))
    today = working_day(on)
    partnership = own.partnerships.number(str(one.partnership_id))
    groups = grouped(wants)
    masks, more = _masks(one, own, groups, teaches)
    scores = Tables(one, role, mine, theirs, own, kinds)
    others = {
        "answering_points": scores.answering(),
        "language_points": scores.languages(bool(wishes.languages)),
        "wish_points": scores.wishes(),
        "group_points": scores.groups(role),
        "text_points": scores.text(),
    }
    return Asking(
        facts=np.array(
            [
                SIDES.index(opposite(role)),
                len(one.nace),
                len(teaches),
                len(one.topics),
                len(one.technologies),
                len(one.said),
                len(one.offered),
                bits(one.ecosystems, ECOSYSTEM_BITS),
                bits(wishes.activity_types, ACTIVITY_BITS),
                TYPES[one.organisation_type],
                own.countries.number(one.country),
                one.group_size,
                int(role == VISITOR),
                FULL * one.answered // one.asked if one.asked else UNASKED,
                len(wishes.languages),
                len(one.languages),
            ],
            np.int64,
        ),
        geometric=int(geometric),
        mine=mine,
        theirs=theirs,
        country=own.countries.number(one.country),
        organisation=np.uint64(mixed(one.organisation_id)),
        partnership=partnership,
        seen_by=0 if one.visibility == "all" else partnership,
        windows=np.array([(max(start, today), end) for start, end in windows_of(one.availability)], np.int16),
        least_days=one.min_days,
        most_days=one.max_days,
        spoken=np.array(spoken, np.int64).reshape(-1, 2),
        levels=levels,
        wished_languages=np.array(wished_languages, np.int64),
        is_wished=is_wished,
        type=TYPES[one.organisation_type],
        group=one.group_size,
        visits=int(role == VISITOR),
        nace=np.array([divisions_low, divisions_high, near_low, near_high, sections], np.uint64),
        by_section=_by_section(one),
        nace_count=len(one.nace),
        masks=np.array(masks, np.uint64),
        more=np.array(more, np.uint64),
        want_lengths=np.array([len(item) for item in wants], np.int64),
        words=words,
        want_mask=want_mask,
        teach_mask=teach_mask,
        where=where,
        sizes_near=scores.near(),
        marked_points=scores.marked(),
        learning_points=scores.learning(groups),
        teaching_points=scores.teaching(),
        nace_points=scores.nace(),
        kind_points=scores.kinds(),
        ecosystem_points=scores.shares(1 << len(ECOSYSTEM_BITS), bits(one.ecosystems, ECOSYSTEM_BITS), "ecosystems"),
        activity_points=scores.shares(1 << len(ACTIVITY_BITS), bits(wishes.activity_types, ACTIVITY_BITS), "activity_types"),
        **others,
        others_most=sum(highest(points) for points in others.values()),
    )


def _masks(one: Candidate, own: Dictionaries, groups: list[list[list[int]]], teaches: list[list[int]]) -> tuple[list[int], list[int]]:
    """The asker's marks, and for how many words more than marks each of them stands."""
    sets = [own.words.numbers(map(TOPIC.__add__, one.topics)), own.words.numbers(map(TECHNOLOGY.__add__, one.technologies))]
    # A word in two wishes of a group counts twice where it is taught.
    sets += [[word for item in group for word in item] for group in groups]
    sets += [sorted({word for item in teaches for word in item})]
    shifts = [[shift(word) for word in words] for words in sets] + [[nace_shift(code) for code in one.nace]]
    masks = [sum(1 << each for each in set(some)) for some in shifts]
    return masks, [len(some) - mask.bit_count() for some, mask in zip(shifts, masks, strict=True)]


def _by_section(one: Candidate) -> np.ndarray:
    counts: dict[int, int] = {}
    for code in one.nace:
        section = SECTIONS[NACE_DIVISIONS[code]]
        counts[section] = counts.get(section, 0) + 1
    return np.array(sorted(counts.items()), np.int64).reshape(-1, 2)


def _words(one: Candidate, own: Dictionaries) -> tuple[Any, ...]:
    """The asker's words, and for each where it stands: in which wishes, in which things taught, and in which lists."""
    number = own.words.numbers
    wants, teaches = items_of(one.want_to_learn, own.words), items_of(one.can_teach, own.words)
    lists = {
        IN_SAID: number(sorted(one.said)),
        IN_OFFERED: number(sorted(one.offered)),
        IN_TOPICS: number(TOPIC + each for each in sorted(one.topics)),
        IN_TECHNOLOGIES: number(TECHNOLOGY + each for each in sorted(one.technologies)),
    }
    rows: dict[int, int] = {}
    for item in (*wants, *teaches, *lists.values()):
        for word in item:
            rows.setdefault(word, len(rows) + 1)
    masks = np.zeros((2, len(rows) + 1), np.uint64)
    where = np.zeros(len(rows) + 1, np.int64)
    for mask, items in zip(masks, (wants, teaches), strict=True):
        for place, item in enumerate(items):
            for word in item:
                mask[rows[word]] |= np.uint64(1 << place)
    for flag, words in lists.items():
        for word in words:
            where[rows[word]] |= flag
    return np.array(list(rows), np.int64), masks[0], masks[1], where, wants, teaches
