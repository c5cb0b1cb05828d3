"""The crowd as one wide table of whole numbers, and the score without words as an expression: the same for every engine that takes SQL.

Whatever an engine would have to read texts for (what is taught and wanted, the motivation) counts as unknown in it; the best CANDIDATES it
finds are ranked anew by the exact score, in time that is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from contracts.words import NACE_DIVISIONS
from services.matching.ranking import WEIGHTS, Candidate
from services.matching.ranking.rules import working_day
from tests.matching_load.crowd import (
    ACTIVITY_CODES,
    ALWAYS,
    COUNTRIES,
    DAY,
    ECOSYSTEM_CODES,
    LANGUAGES,
    NACE,
    SIZES,
    TYPES,
    Crowd,
)

CANDIDATES = 400
FOREVER = 30_000
SECTIONS = sorted(set(NACE_DIVISIONS.values()))
SECTION_OF = np.array([SECTIONS.index(NACE_DIVISIONS[code]) for code in NACE])


def table(crowd: Crowd) -> dict[str, np.ndarray]:
    """The columns, of hosts' side: one row for each who can be shown as a host."""
    shown = crowd.hosts & crowd.active & (crowd.hosted < crowd.capacity) & (crowd.visibility != 2)
    rows = np.flatnonzero(shown)
    columns: dict[str, np.ndarray] = {
        "id": rows, "organisation": crowd.organisation[rows], "partnership": crowd.partnership[rows], "country": crowd.country[rows],
        "type": crowd.type[rows], "size": crowd.size[rows], "least": crowd.least_days[rows], "most": crowd.most_days[rows],
        "people": crowd.group[rows], "near_only": (crowd.visibility[rows] == 1).astype(np.int64),
        "answering": np.where(crowd.asked[rows] > 0, 1000 * crowd.answered[rows] // np.maximum(1, crowd.asked[rows]), 500),
        "ecosystems": _bits(crowd.ecosystems[rows]), "activities": _bits(crowd.activities[rows]),
        "wished_countries": _bits(crowd.wished_countries[rows]), "wished_types": _bits(crowd.wished_types[rows]),
        "wished_languages": _bits(crowd.wished_languages[rows]),
        "nace_low": _bits(np.where(crowd.nace[rows] < 60, crowd.nace[rows], -1)),
        "nace_high": _bits(np.where(crowd.nace[rows] >= 60, crowd.nace[rows] - 60, -1)),
        "sections": _bits(np.where(crowd.nace[rows] >= 0, SECTION_OF[crowd.nace[rows]], -1)),
        "topic_count": (crowd.topics[rows] >= 0).sum(axis=1), "technology_count": (crowd.technologies[rows] >= 0).sum(axis=1),
    }  # fmt: skip
    for name, values in (
        ("topic", crowd.topics),
        ("technology", crowd.technologies),
        ("language", crowd.languages),
        ("level", crowd.levels),
    ):
        columns |= {f"{name}{number}": values[rows, number] for number in range(values.shape[1])}
    days = np.array([[working_day(DAY + timedelta(day), after=after) for day in range(-30, 500)] for after in (False, True)])
    for number in range(3):
        start, end = crowd.starts[rows, number], crowd.ends[rows, number]
        always = (crowd.starts[rows] == ALWAYS).all(axis=1) & (number == 0)
        columns[f"start{number}"] = np.where(always, 0, np.where(start == ALWAYS, FOREVER, days[0][start + 30]))
        columns[f"end{number}"] = np.where(always, FOREVER, np.where(start == ALWAYS, 0, days[1][np.maximum(0, end) + 30]))
    return {name: np.ascontiguousarray(values, np.int64) for name, values in columns.items()}


class Expressions:
    """A visitor's search as SQL, in the dialect of `divide` and `ones`."""

    def __init__(self, one: Candidate, divide: Callable[[str, str], str], ones: Callable[[str], str]) -> None:
        self._one, self._wishes, self._divide, self._ones = one, one.wishes["visitor"], divide, ones

    def rules(self) -> str:
        """All hard rules."""
        one, country = self._one, COUNTRIES.index(self._one.country)
        stay = f"greatest(least, {one.min_days})"
        windows = [(working_day(max(DAY, start)), working_day(end, after=True)) for start, end in one.availability]
        pairs = [(a, b, n) for a, b in windows or [(working_day(DAY), FOREVER)] for n in range(3)]
        overlap = ", ".join(f"least(end{n}, {end}) - greatest(start{n}, {start})" for start, end, n in pairs)
        partnership = one.partnership_id.int & 0xFFFF_FFFF
        return (
            f"country <> {country} AND organisation <> {one.organisation_id.int & 0xFFFF_FFFF}"
            f" AND (near_only = 0 OR partnership = {partnership})"
            f" AND {stay} <= least(most, {one.max_days}) AND {self._common()} > 0 AND greatest({overlap}) >= {stay}"
        )

    def score(self) -> str:
        """Both directed scores in one, without words."""
        mine, theirs = (" + ".join(parts) for parts in zip(*self._parts(), strict=True))
        return self._divide(f"2 * ({mine}) * ({theirs})", f"({mine}) + ({theirs})")

    def _parts(self) -> list[tuple[str, str]]:
        one, wishes, points = self._one, self._wishes, self._points
        ecosystems = sum(1 << ECOSYSTEM_CODES.index(each) for each in one.ecosystems)
        activities = sum(1 << ACTIVITY_CODES.index(each) for each in wishes.activity_types)
        types = [TYPES.index(each) for each in wishes.organisation_types]
        countries = [COUNTRIES.index(each) for each in wishes.countries]
        spoken = self._level("0", {LANGUAGES.index(code): level for code, level in one.languages.items()})
        wished = self._level("6", {LANGUAGES.index(code): 6 for code in wishes.languages})
        near = f"1000 - 333 * abs(size - {SIZES.index(one.size)}) - (CASE abs(size - {SIZES.index(one.size)}) WHEN 3 THEN 1 ELSE 0 END)"
        group = f"CASE WHEN {one.group_size} <= people THEN 1000 ELSE 0 END"
        common = self._divide(f"1000 * {self._common()}", "6")
        answers = 1000 * one.answered // one.asked if one.asked else 500
        met = self._met(spoken)
        return [
            (f"{WEIGHTS['learning'] // 2 + WEIGHTS['text'] // 2}",) * 2,
            self._share("ecosystems", "ecosystems", ecosystems),
            self._share("activity_types", "activities", activities),
            self._nace(),
            self._listed("topics", "topic", 5, [int(each.removeprefix("topic")) for each in one.topics]),
            self._listed("technologies", "technology", 4, [int(each.removeprefix("technology")) for each in one.technologies]),
            (
                points("organisation_types", _among("type", types)),
                points("organisation_types", _wished("wished_types", TYPES.index(one.organisation_type))),
            ),
            (
                points("countries", _among("country", countries)),
                points("countries", _wished("wished_countries", COUNTRIES.index(one.country))),
            ),
            (points("languages", self._divide(f"1000 * {wished}", "6") if wishes.languages else "500"), points("languages", met)),
            (points("common_language", common),) * 2,
            (points("group_size", group),) * 2,
            (points("size", near),) * 2,
            (points("responsiveness", "answering"), points("responsiveness", f"{answers}")),
        ]  # fmt: skip

    def _points(self, criterion: str, level: str) -> str:
        return self._divide(f"{WEIGHTS[criterion]} * ({level})", "1000")

    def _share(self, criterion: str, column: str, own: int) -> tuple[str, str]:
        half = f"{WEIGHTS[criterion] // 2}"
        if not own:
            return half, half
        common = self._ones(f"{column} & {own}")
        mine = self._points(criterion, self._divide(f"1000 * {common}", f"{own.bit_count()}"))
        theirs = self._points(criterion, self._divide(f"1000 * {common}", f"greatest(1, {self._ones(column)})"))
        return tuple(f"CASE WHEN {column} = 0 THEN {half} ELSE {each} END" for each in (mine, theirs))  # type: ignore[return-value]

    def _listed(self, criterion: str, column: str, most: int, own: list[int]) -> tuple[str, str]:
        half = f"{WEIGHTS[criterion] // 2}"
        if not own:
            return half, half
        named = ", ".join(map(str, own))
        common = " + ".join(f"(CASE WHEN {column}{number} IN ({named}) THEN 1 ELSE 0 END)" for number in range(most))
        mine = self._points(criterion, self._divide(f"1000 * ({common})", f"{len(own)}"))
        theirs = self._points(criterion, self._divide(f"1000 * ({common})", f"greatest(1, {column}_count)"))
        return tuple(f"CASE WHEN {column}_count = 0 THEN {half} ELSE {each} END" for each in (mine, theirs))  # type: ignore[return-value]

    def _nace(self) -> tuple[str, str]:
        half, own = f"{WEIGHTS['nace'] // 2}", [NACE.index(each) for each in self._one.nace]
        if not own:
            return half, half
        sections = [int(SECTION_OF[each]) for each in own]
        near = [number for number in range(len(NACE)) if SECTION_OF[number] in sections]
        masks = [
            (sum(1 << each for each in numbers if each < 60), sum(1 << each - 60 for each in numbers if each >= 60))
            for numbers in (own, near)
        ]
        same, by_theirs = (f"({self._ones(f'nace_low & {low}')} + {self._ones(f'nace_high & {high}')})" for low, high in masks)
        by_mine = "(" + " + ".join(f"(CASE WHEN (sections & {1 << section}) <> 0 THEN 1 ELSE 0 END)" for section in sections) + ")"
        of_theirs = f"greatest(1, {self._ones('nace_low')} + {self._ones('nace_high')})"
        mine = self._points("nace", self._divide(f"750 * {same} + 250 * {by_mine}", f"{len(own)}"))
        theirs = self._points("nace", self._divide(f"750 * {same} + 250 * {by_theirs}", of_theirs))
        return tuple(f"CASE WHEN sections = 0 THEN {half} ELSE {each} END" for each in (mine, theirs))  # type: ignore[return-value]

    def _common(self) -> str:
        return self._level("level", {LANGUAGES.index(code): level for code, level in self._one.languages.items()})

    def _level(self, kind: str, levels: dict[int, int]) -> str:
        """The best over the partner's three languages of the lower of both levels."""
        found = []
        for number in range(3):
            cases = " ".join(f"WHEN {code} THEN least(level{number}, {level})" for code, level in levels.items())
            found.append(f"(CASE language{number} {cases} ELSE 0 END)" if cases else "0")
        return f"greatest({', '.join(found)})"

    def _met(self, spoken: str) -> str:
        """How well the asker speaks the best of the languages that the partner wishes for."""
        cases = " ".join(
            f"WHEN (wished_languages & {1 << LANGUAGES.index(code)}) <> 0 THEN {1000 * level // 6}"
            for code, level in sorted(self._one.languages.items(), key=lambda each: -each[1])
        )
        return f"CASE WHEN wished_languages = 0 THEN 500 {cases} ELSE 0 END"


def _among(column: str, values: list[int]) -> str:
    return f"CASE WHEN {column} IN ({', '.join(map(str, values))}) THEN 1000 ELSE 0 END" if values else "500"


def _wished(column: str, bit: int) -> str:
    return f"CASE WHEN {column} = 0 THEN 500 WHEN ({column} & {1 << bit}) <> 0 THEN 1000 ELSE 0 END"


def _bits(values: np.ndarray) -> np.ndarray:
    return np.where(values >= 0, np.int64(1) << np.maximum(values, 0).astype(np.int64), 0).sum(axis=1)
