"""Tables of the points that a partner's values earn from the asker, and the asker from the partner, for the kernels."""

from __future__ import annotations

from typing import Any

import numpy as np

from contracts.words import ECOSYSTEMS
from services.matching.index.columns import UNASKED
from services.matching.index.encoding import KNOWN, MOST_COUNTED, SIZES, TYPES, Dictionaries
from services.matching.ranking import Candidate
from services.matching.ranking.candidate import VISITOR
from services.matching.ranking.scores import CRITERIA, FULL, HALF

ORDER = tuple(CRITERIA)
"""The order of weights in the kernels."""
ABOVE = 1 << 16
SETS = np.arange(1 << len(ECOSYSTEMS))
BITS_SET = np.bitwise_count(SETS).astype(np.int64)
"""How many bits each small number has."""


class Tables:
    """Points by the partner's value, for each criterion that has few values."""

    def __init__(self, one: Candidate, role: str, mine: np.ndarray, theirs: np.ndarray, own: Dictionaries, kinds: np.ndarray) -> None:
        self._one, self._wishes, self._own, self._kinds = one, one.wishes[role], own, kinds
        self._mine, self._theirs = dict(zip(ORDER, mine.tolist(), strict=True)), dict(zip(ORDER, theirs.tolist(), strict=True))
        self.countries_wished = np.zeros(len(own.countries) + 1 if self._wishes.countries else 0, np.int64)
        for code in self._wishes.countries:
            if number := own.countries.find(code):
                self.countries_wished[number] = 1

    def both(self, criterion: str, mine: Any, theirs: Any) -> Any:
        """Points of both directions for these levels."""
        return self._mine[criterion] * mine // FULL + self._theirs[criterion] * theirs // FULL * ABOVE

    def kinds(self) -> np.ndarray:
        """By kind: what the asker wishes of country and type, and how near the two are in size."""
        country, organisation_type, _ = self._kinds.T
        types, near = self._wishes.organisation_types, self.near()
        is_wished = np.zeros(len(TYPES), bool)
        is_wished[[TYPES[each] for each in types]] = True
        of_type = is_wished[organisation_type] * FULL if types else np.full(len(country), HALF)
        countries = self.countries_wished
        of_country = countries[np.minimum(country, len(countries) - 1)] * FULL if len(countries) else np.full(len(country), HALF)
        points = self.both("organisation_types", of_type, 0) + self.both("countries", of_country, 0) + self.both("size", near, near)
        return np.ascontiguousarray(points, np.int32)

    def near(self) -> np.ndarray:
        """By kind: how near the two are in size."""
        apart = np.abs(self._kinds[:, 2] - SIZES[self._one.size])
        return np.asarray(FULL - apart * FULL // (len(SIZES) - 1), np.int64)

    def shares(self, values: int, own: int, criterion: str) -> np.ndarray:
        """By the partner's set as bits: what share each has of the other's."""
        most = values.bit_length()
        of_common, of_theirs = np.meshgrid(np.arange(most), np.arange(most), indexing="ij")
        known = (of_theirs > 0) & bool(own)
        mine = np.where(known, FULL * of_common // max(1, own.bit_count()), HALF)
        theirs = np.where(known, FULL * of_common // np.maximum(1, of_theirs), HALF)
        by_counts = np.asarray(self.both(criterion, mine, theirs), np.int32).reshape(-1)
        sets = SETS[:values]
        points: np.ndarray = by_counts[BITS_SET[sets & own] * most + BITS_SET[:values]]
        return points

    def answering(self) -> np.ndarray:
        """By the partner's level of answering; the asker's own level counts the same for all."""
        one, levels = self._one, np.append(np.arange(UNASKED), HALF)
        own = FULL * one.answered // one.asked if one.asked else HALF
        return np.asarray(self.both("responsiveness", levels, own), np.int32)

    def languages(self, wished: bool) -> np.ndarray:
        """By the level at which the partner's wish is met (7: it has none), the level wished for, and the best common one: `language_code`."""
        of_theirs, of_mine, common = np.meshgrid(np.arange(8), np.arange(8), np.arange(8), indexing="ij")
        mine = FULL * of_mine // 6 if wished else np.full(of_mine.shape, HALF)
        theirs = np.where(of_theirs == 7, HALF, FULL * of_theirs // 6)
        levels = FULL * common // 6
        return np.ascontiguousarray(
            (self.both("common_language", levels, levels) + self.both("languages", mine, theirs)).reshape(-1), np.int32
        )

    def wishes(self) -> np.ndarray:
        """What the asker earns by its type and its country: no wish (0), not met (2), met (3), types first."""
        level = np.array([HALF, HALF, 0, FULL])
        points = self.both("organisation_types", 0, level)[:, None] + self.both("countries", 0, level)[None, :]
        return np.ascontiguousarray(points.reshape(-1), np.int32)

    def groups(self, role: str) -> np.ndarray:
        """By the size of the partner's group, or of the largest it takes."""
        sizes, own = np.arange(128), self._one.group_size
        level = np.where(own <= sizes if role == VISITOR else sizes <= own, FULL, 0)
        return np.asarray(self.both("group_size", level, level), np.int32)

    def marked(self) -> np.ndarray:
        """At most, by topics and technologies in common and there."""
        topics, technologies = (self._at_most(name, len(getattr(self._one, name))) for name in ("topics", "technologies"))
        return np.ascontiguousarray((topics[None, :] + technologies[:, None]).reshape(-1), np.int32)

    def learning(self, groups: list[list[list[int]]]) -> np.ndarray:
        """At most, by the words of each group of wishes that are taught; without anything taught it is not known."""
        if not self._one.want_to_learn:
            return np.full(1024, self.both("learning", HALF, 0), np.int32)
        level = np.zeros(1, np.int64)
        for group in groups:
            level = (self._covered(group)[:, None] + level[None, :]).reshape(-1)
        met = self.both("learning", np.minimum(FULL, level // sum(map(len, groups))), 0)
        return np.concatenate([np.full(512, self.both("learning", HALF, 0)), met]).astype(np.int32)

    def teaching(self) -> np.ndarray:
        """At most, by words in common and the length of the shortest wish; without a word wished for it is not known."""
        common, shortest = np.meshgrid(np.arange(16), np.arange(8), indexing="ij")
        level = np.where(common == 15, FULL, np.minimum(FULL, FULL * common // np.maximum(1, shortest)))
        level = np.where((shortest > 0) & bool(self._one.can_teach), level, HALF)
        return np.ascontiguousarray(self.both("learning", 0, level).reshape(-1), np.int32)

    def nace(self) -> np.ndarray:
        """At most, by divisions and sections in common and how many divisions there are; both ways no division counts twice."""
        there, near, same = np.meshgrid(np.arange(8), np.arange(8), np.arange(8), indexing="ij")
        own = len(self._one.nace)
        mine = np.where((same == MOST_COUNTED) | (near == MOST_COUNTED), FULL, (750 * same + 250 * near) // max(1, own))
        theirs = np.where(near > 0, (750 * np.minimum(same, there) + 250 * there) // np.maximum(1, there), 0)
        theirs = np.where((same == MOST_COUNTED) & (near > 0), FULL, theirs)
        known = (there > 0) & bool(own)
        levels = (np.where(known, np.minimum(FULL, each), HALF) for each in (mine, theirs))
        return np.ascontiguousarray(self.both("nace", *levels).reshape(-1), np.int32)

    def text(self) -> np.ndarray:
        """At most, by what is known of the partner: the motivation weighs too little for marks of its own."""
        one, known = self._one, {name: (np.arange(256) & bit) != 0 for name, bit in KNOWN.items()}
        mine = np.where(known["offered"] & bool(one.said), FULL, HALF)
        theirs = np.where(known["said"] & bool(one.offered), FULL, HALF)
        return np.asarray(self.both("text", mine, theirs), np.int32)

    def _at_most(self, criterion: str, own: int) -> np.ndarray:
        """By how many there are and in common, three bits each."""
        there, common = np.meshgrid(np.arange(8), np.arange(8), indexing="ij")
        known = (there > 0) & bool(own)
        mine = np.where(common == MOST_COUNTED, FULL, np.minimum(FULL, FULL * common // max(1, own)))
        theirs = np.where(common == MOST_COUNTED, FULL, np.minimum(FULL, FULL * common // np.maximum(1, there)))
        return np.asarray(self.both(criterion, np.where(known, mine, HALF), np.where(known, theirs, HALF)), np.int64).reshape(-1)

    @staticmethod
    def _covered(group: list[list[int]]) -> np.ndarray:
        """The levels of a group's wishes together, at most, by how many of their words are taught."""
        lengths, common = [len(item) for item in group if item], np.arange(8)
        if not lengths:
            return np.zeros(8, np.int64)
        # Words that fill the shortest wishes first earn most; rounding down each wish on its own never gives more.
        level = np.minimum(FULL * len(lengths), -(-FULL * common // min(lengths)))
        return np.where(common == MOST_COUNTED, FULL * len(lengths), level)


def grouped(wants: list[list[int]]) -> list[list[list[int]]]:
    """Wishes to learn in three groups: mostly of one each; those behind the second together."""
    return [wants[:1], wants[1:2], wants[2:]]


def highest(points: np.ndarray) -> int:
    """The most that both directions have together in a table."""
    return int(((points & (ABOVE - 1)) + (points >> 16)).max(initial=0))
