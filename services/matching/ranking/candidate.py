"""A participant as the ranking sees it: the public profile made comparable, and its standing at the moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from contracts.words import CEFR
from services.matching.ranking.tokens import plain, tokens

HOST, VISITOR = "host", "visitor"
LEVELS = {code: number for number, code in enumerate(CEFR, 1)}
"""CEFR levels as numbers: A1 is 1, C2 is 6."""


def opposite(role: str) -> str:
    """The complementary role."""
    return HOST if role == VISITOR else VISITOR


@dataclass(frozen=True)
class Wishes:
    """What a participant wishes of the other side in one role; an empty set means: no preference."""

    countries: frozenset[str] = frozenset()
    organisation_types: frozenset[str] = frozenset()
    activity_types: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """One participant; days are working days, `availability` windows include both ends; `group_size`: see PeriodStep.

    `active` means accepted and neither paused nor gone; `hosted` counts open exchanges as host, and `hosting` is false while it pauses
    as one; `asked` and `answered` count requests received.
    """

    participation_id: UUID
    organisation_id: UUID
    partnership_id: UUID
    country: str
    organisation_type: str
    size: str
    roles: frozenset[str]
    ecosystems: frozenset[str]
    nace: frozenset[str]
    technologies: frozenset[str]
    topics: frozenset[str]
    can_teach: tuple[tuple[str, frozenset[str]], ...]
    want_to_learn: tuple[tuple[str, frozenset[str]], ...]
    wishes: dict[str, Wishes]
    languages: dict[str, int]
    availability: tuple[tuple[date, date], ...]
    min_days: int
    max_days: int
    group_size: int
    capacity: int
    visibility: str
    said: frozenset[str]
    offered: frozenset[str]
    active: bool = True
    visit_consumed: bool = False
    is_visiting: bool = False
    hosted: int = 0
    hosting: bool = True
    asked: int = 0
    answered: int = 0
    avoids: frozenset[UUID] = field(default_factory=frozenset)
    """The participations with which it is in contact already (looking for one's list, in the role asked for)."""
    weights: dict[str, int] | None = None
    """How much each criterion counts for this participant, 1000 together; None: as the figures of the day say."""


def read_candidate(profile: dict[str, Any], **standing: Any) -> Candidate:
    """A candidate out of a public profile as JSON or loaded; `standing` are the candidate's last fields by name."""
    taught, wanted = profile["can_teach"], profile["want_to_learn"]
    return Candidate(
        participation_id=_id(profile["participation_id"]),
        organisation_id=_id(profile["organisation_id"]),
        partnership_id=_id(profile["partnership_id"]),
        roles=frozenset(role for role in profile["roles"] if profile["may_visit" if role == VISITOR else "may_host"]),
        **_as_told(profile),
        can_teach=tuple((item, tokens(item)) for item in taught),
        want_to_learn=tuple((item, tokens(item)) for item in wanted),
        wishes={role: _wishes(profile[f"{role}_preferences"]) for role in (HOST, VISITOR)},
        languages={skill["language"]: LEVELS[skill["level"]] for skill in profile["languages"]},
        availability=tuple((_day(window["start"]), _day(window["end"])) for window in profile["availability"]),
        said=tokens(profile["motivation"]),
        offered=tokens(" ".join([profile["motivation"], *taught, *profile["topics"], *profile["technologies"]])),
        **standing,
    )


def _as_told(profile: dict[str, Any]) -> dict[str, Any]:
    plainly = ("country", "organisation_type", "size", "min_days", "max_days", "group_size", "capacity", "visibility")
    codes = {name: frozenset(profile[name]) for name in ("ecosystems", "nace")}
    texts = {name: frozenset(map(plain, profile[name])) for name in ("technologies", "topics")}
    return {name: profile[name] for name in plainly} | codes | texts


def _wishes(preferences: dict[str, Any] | None) -> Wishes:
    names = ("countries", "organisation_types", "activity_types", "languages")
    return Wishes(**{name: frozenset((preferences or {}).get(name, ())) for name in names})


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
