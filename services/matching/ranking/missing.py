"""What a participant's own profile leaves open, and what that is worth: criteria are neutral where nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.matching.ranking.candidate import Candidate


@dataclass(frozen=True)
class Open:
    """A field that could be filled in: the criteria unknown for it, and the points they are worth to each side."""

    step: str
    field: str
    criteria: tuple[str, ...]
    own_points: int
    partner_points: int


@dataclass(frozen=True)
class _Field:
    step: str
    name: str
    is_empty: Callable[[Candidate, str], bool]
    for_own: tuple[str, ...] = ()
    """Criteria of the own direction that need it."""
    for_partner: tuple[str, ...] = ()
    """Criteria of a partner's direction that need it."""


FIELDS = (
    _Field("offer", "want_to_learn", lambda one, role: not one.want_to_learn, ("learning",)),
    _Field("offer", "can_teach", lambda one, role: not one.can_teach, (), ("learning",)),
    _Field("offer", "ecosystems", lambda one, role: not one.ecosystems, ("ecosystems",), ("ecosystems",)),
    _Field("offer", "nace", lambda one, role: not one.nace, ("nace",), ("nace",)),
    _Field("offer", "topics", lambda one, role: not one.topics, ("topics",), ("topics",)),
    _Field("offer", "technologies", lambda one, role: not one.technologies, ("technologies",), ("technologies",)),
    _Field(
        "preferences", "activity_types", lambda one, role: not one.wishes[role].activity_types, ("activity_types",), ("activity_types",)
    ),
    _Field("preferences", "organisation_types", lambda one, role: not one.wishes[role].organisation_types, ("organisation_types",)),
    _Field("preferences", "countries", lambda one, role: not one.wishes[role].countries, ("countries",)),
    _Field("preferences", "languages", lambda one, role: not one.wishes[role].languages, ("languages",)),
)


def missing(one: Candidate, role: str, own: Mapping[str, int], of_day: Mapping[str, int]) -> list[Open]:
    """The fields that are empty and would tell something, those worth most first; `own` weights are the participant's."""
    found = [
        Open(
            field.step,
            field.name,
            tuple(dict.fromkeys(field.for_own + field.for_partner)),
            sum(own[name] for name in field.for_own),
            sum(of_day[name] for name in field.for_partner),
        )
        for field in FIELDS
        if field.is_empty(one, role)
    ]
    worth = [each for each in found if each.own_points + each.partner_points]
    return sorted(worth, key=lambda each: (-(each.own_points + each.partner_points), each.field))
