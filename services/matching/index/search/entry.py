"""A participation as the search keeps it: the terms it is found by, what it is sorted by, and how it stands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from contracts.words import CEFR
from services.matching.index.search.words import spelling, words_of
from services.matching.ranking.candidate import HOST, VISITOR

MARK = "\x1f"
"""Stands between a criterion and a value in a term, and in no text."""
TEXT, TEACHES, LEARNS = "text", "can_teach", "want_to_learn"
TRAITS = ("sme", "cluster_member", "outermost_region", "may_visit", "may_host")
FIRST_DAY = date(2020, 1, 1)
FIRST_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)
MOST_DAYS = 32_767
RADIUS = 1 << 22
"""The earth's radius in steps of 1.5 m: places are whole numbers, so that every machine finds the same distance."""
EARTH_KM = 6371.0088
NEVER = 0xFFFF


@dataclass(frozen=True)
class Stands:
    """How a participation stands at the moment; `usual_hours` is None before the first answer."""

    listed: bool = True
    free_as_visitor: bool = False
    free_as_host: bool = False
    places_left: int = 0
    asked: int = 0
    answered: int = 0
    usual_hours: int | None = None

    @property
    def share(self) -> int:
        """What part of its requests it answers, of 1000; few requests say little, so each counts as with two more, one answered."""
        return 1000 * (self.answered + 1) // (self.asked + 2)


@dataclass(frozen=True)
class Entry:
    """One participation. `terms` are a criterion and a value each; `windows` are days since 2020, none meaning always."""

    participation_id: UUID
    partnership_id: UUID
    visibility: str
    terms: frozenset[str]
    name: str
    place: tuple[str, str, float, float]
    listed: int
    min_days: int
    max_days: int
    group_size: int
    windows: tuple[tuple[int, int], ...]
    stands: Stands

    @property
    def sort_name(self) -> bytes:
        """What it is sorted by where names count: no two have the same."""
        return name_key(self.name, self.participation_id)

    @property
    def digest(self) -> int:
        """Tells whether anything but its standing has changed."""
        told = (self.participation_id, self.visibility, sorted(self.terms), self.name, self.place, self.listed)
        numbers = (self.min_days, self.max_days, self.group_size, self.windows)
        return int.from_bytes(blake2b(repr((told, numbers)).encode(), digest_size=8).digest(), "big")


def name_key(name: str, participation_id: UUID) -> bytes:
    """The order of names: as they are spelt, then by id."""
    return spelling(name).encode() + b"\0" + participation_id.bytes


def term(criterion: str, value: str) -> str:
    """A criterion's value as the dictionary has it."""
    return f"{criterion}{MARK}{value}"


def value_of(found: str) -> str:
    """The value of a term, as it is shown."""
    return found.rsplit(MARK, 1)[1]


def spelt_value(found: str) -> str:
    """The value of a term, as it is asked for."""
    return found.split(MARK, 2)[1]


def read_entry(profile: dict[str, Any], listed_at: datetime, stands: Stands) -> Entry:
    """An entry out of a public profile as JSON."""
    return Entry(
        participation_id=UUID(str(profile["participation_id"])),
        partnership_id=UUID(str(profile["partnership_id"])),
        visibility=profile["visibility"],
        terms=frozenset(_terms(profile)),
        name=profile["legal_name"],
        place=(profile["country"], profile["town"], float(profile["latitude"]), float(profile["longitude"])),
        listed=max(0, int((listed_at - FIRST_MOMENT).total_seconds())),
        min_days=profile["min_days"],
        max_days=profile["max_days"],
        group_size=profile["group_size"],
        windows=tuple((day_number(each["start"]), day_number(each["end"])) for each in profile["availability"]),
        stands=stands,
    )


def day_number(day: Any) -> int:
    """A day as a small whole number."""
    when = day if isinstance(day, date) else date.fromisoformat(day)
    return min(max((when - FIRST_DAY).days, 0), MOST_DAYS)


def point(latitude: float, longitude: float) -> tuple[int, int, int]:
    """A place on the globe in whole steps."""
    up, round_ = math.radians(latitude), math.radians(longitude)
    flat = math.cos(up)
    return round(RADIUS * flat * math.cos(round_)), round(RADIUS * flat * math.sin(round_)), round(RADIUS * math.sin(up))


def chord(km: float) -> int:
    """A distance along the ground as one straight through the globe, in steps."""
    return int(2 * RADIUS * math.sin(min(km / EARTH_KM, math.pi) / 2))


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> int:
    """The distance of two places along the ground."""
    apart = math.dist(point(*one), point(*other)) / (2 * RADIUS)
    return round(2 * EARTH_KM * math.asin(min(apart, 1.0)))


def _terms(profile: dict[str, Any]) -> set[str]:
    found = {term(name, each) for name, values in _values(profile).items() for each in values if each}
    taught, wanted = " ".join(profile["can_teach"]), " ".join(profile["want_to_learn"])
    told = [profile["legal_name"], profile["town"], profile["motivation"], *profile["topics"], *profile["technologies"], taught, wanted]
    for criterion, text in ((TEXT, " ".join(told)), (TEACHES, taught), (LEARNS, wanted)):
        found |= {term(criterion, word) for word in words_of(text)}
    return found


def _values(profile: dict[str, Any]) -> dict[str, list[str]]:
    wishes = [profile[f"{role}_preferences"] or {} for role in (HOST, VISITOR) if role in profile["roles"]]
    wished = {
        name: [each for wish in wishes for each in wish.get(name, ())]
        for name in ("activity_types", "countries", "organisation_types", "languages")
    }
    levels = list(CEFR)
    spoken = [f"{skill['language']}:{level}" for skill in profile["languages"] for level in levels[: levels.index(skill["level"]) + 1]]
    return {
        "countries": [profile["country"]],
        "organisation_types": [profile["organisation_type"]],
        "sizes": [profile["size"]],
        "partnerships": [str(profile["partnership_id"])],
        "towns": _spelt([profile["town"]]),
        "regions": [profile["nuts"][:length] for length in range(2, len(profile["nuts"]) + 1)],
        **{name: profile[name] for name in ("ecosystems", "nace")},
        **{name: _spelt(profile[name]) for name in ("topics", "technologies")},
        "activity_types": wished["activity_types"],
        "wished_countries": wished["countries"],
        "wished_organisation_types": wished["organisation_types"],
        "wished_languages": wished["languages"],
        "languages": [skill["language"] for skill in profile["languages"]],
        "speaks": spoken,
        "traits": [name for name in TRAITS if profile[name]],
    }


def _spelt(texts: list[str]) -> list[str]:
    """Texts of people's own: found by their spelling, shown as written; two spellings of one entry are one."""
    return [f"{spelt}{MARK}{written}" for spelt, written in {spelling(each): each for each in reversed(texts)}.items() if spelt]
