"""Tables of the points that a partner's values earn from the asker, and the asker from the partner, for the kernels."""

from __future__ import annotations

from typing import Any

import numpy as np

from services.matching.index.columns import UNASKED
from services.matching.index.encoding import KNOWN, SIZES, TYPES, Dictionaries
from services.matching.ranking import Candidate
from services.matching.ranking.scores import CRITERIA, FULL, HALF

ORDER = tuple(CRITERIA)
"""The order of weights in the kernels."""
ABOVE = 1 << 16


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
        return np.ascontiguousarray(points, np.int64)

    def near(self) -> np.ndarray:
        """By kind: how near the two are in size."""
        apart = np.abs(self._kinds[:, 2] - SIZES[self._one.size])
        return np.asarray(FULL - apart * FULL // (len(SIZES) - 1), np.int64)

    def shares(self, values: int, own: int, criterion: str) -> np.ndarray:
        """By the partner's set as bits: what share each has of the other's."""
        sets = np.arange(values)
        common, of_theirs = _counts(sets & own), _counts(sets)
        known = (sets != 0) & bool(own)
        mine = np.where(known, FULL * common // max(1, own.bit_count()), HALF)
        theirs = np.where(known, FULL * common // np.maximum(1, of_theirs), HALF)
        return np.asarray(self.both(criterion, mine, theirs), np.int64)

    def answering(self) -> np.ndarray:
        """By the partner's level of answering; the asker's own level counts the same for all."""
        one, levels = self._one, np.append(np.arange(UNASKED), HALF)
        own = FULL * one.answered // one.asked if one.asked else HALF
        return np.asarray(self.both("responsiveness", levels, own), np.int64)

    def languages(self, wished: bool) -> np.ndarray:
        """By the best common level, the level wished for, and the level at which the partner's wish is met (7: it has none)."""
        common, of_mine, of_theirs = np.meshgrid(np.arange(8), np.arange(8), np.arange(8), indexing="ij")
        mine = FULL * of_mine // 6 if wished else np.full(of_mine.shape, HALF)
        theirs = np.where(of_theirs == 7, HALF, FULL * of_theirs // 6)
        levels = FULL * common // 6
        return np.ascontiguousarray((self.both("common_language", levels, levels) + self.both("languages", mine, theirs)).reshape(-1))

    def wishes(self) -> np.ndarray:
        """What the asker earns by its type and its country: no wish (0), not met (2), met (3), types first."""
        level = np.array([HALF, HALF, 0, FULL])
        points = self.both("organisation_types", 0, level)[:, None] + self.both("countries", 0, level)[None, :]
        return np.ascontiguousarray(points.reshape(-1), np.int64)

    def open(self) -> np.ndarray:
        """By what is known of the partner."""
        one, total = self._one, np.zeros(256, np.int64)
        known = {name: (np.arange(256) & bit) != 0 for name, bit in KNOWN.items()}
        for criterion, own, partners in (
            ("topics", one.topics, "topics"), ("technologies", one.technologies, "technologies"), ("nace", one.nace, "nace"),
        ):  # fmt: skip
            level = np.where(known[partners] & bool(own), FULL, HALF)
            total += self.both(criterion, level, level)
        for criterion, wanted, offered, partners, partner_wants in (
            ("learning", one.want_to_learn, one.can_teach, "can_teach", "want_to_learn"), ("text", one.said, one.offered, "offered", "said"),
        ):  # fmt: skip
            mine = np.where(known[partners] & bool(wanted), FULL, HALF)
            theirs = np.where(known[partner_wants] & bool(offered), FULL, HALF)
            total += self.both(criterion, mine, theirs)
        return total


def _counts(sets: np.ndarray) -> np.ndarray:
    return np.asarray(np.bitwise_count(sets), np.int64)
