"""What a search asks for and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from services.matching.index.search.columns import BY_DISTANCE, BY_MATCH, BY_NAME, BY_NEWEST, BY_RESPONSIVENESS
from services.matching.index.search.entry import TRAITS

SORTS = {"name": BY_NAME, "match": BY_MATCH, "distance": BY_DISTANCE, "newest": BY_NEWEST, "responsiveness": BY_RESPONSIVENESS}
ROLES = "roles"
TERM_FACETS = (
    "countries", "ecosystems", "organisation_types", "sizes", "nace", "activity_types", "languages", "partnerships", "towns", "regions",
    "topics", "technologies", "wished_countries", "wished_organisation_types", "wished_languages",
)  # fmt: skip
WRITTEN = ("towns", "topics", "technologies")
"""Criteria whose values are people's own words: found in every spelling."""
FACETS = (*TERM_FACETS, ROLES, *TRAITS)


@dataclass(frozen=True)
class Query:
    """One search.

    `partnerships` are those of whoever looks (None: sees all that is not hidden). `any_of` holds terms by facet, one of which must be
    there; `traits` what must hold or not. `ranges` are of columns, both ends in. Days are numbers, places latitude and longitude.
    """

    partnerships: frozenset[str] | None = frozenset()
    without: frozenset[int] = frozenset()
    """The numbers of those who are not to be found, whatever fits."""
    words: tuple[str, ...] = ()
    teaches: tuple[str, ...] = ()
    learns: tuple[str, ...] = ()
    any_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    role: str | None = None
    traits: Mapping[str, bool] = field(default_factory=dict)
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    period: tuple[int, int] | None = None
    place: tuple[float, float] | None = None
    within_km: int | None = None
    sort: str = "name"
    scores: Callable[[np.ndarray], np.ndarray] | None = None
    """For the order by match: the scores of such numbers, -1 where there is none."""
    facets: tuple[str, ...] = ()
    most_values: int = 50
    most_points: int = 0
    after: tuple[int, bytes] | None = None
    """The number and the name after which the page begins."""
    limit: int = 25


@dataclass(frozen=True)
class Found:
    """A page of what fits, by the numbers of the participations, and what is counted over all that fits.

    `corrected` holds, for each word that nobody has, the words that were looked for instead.
    """

    total: int
    numbers: list[int]
    after: tuple[int, bytes] | None
    counts: dict[str, list[tuple[str, int]]]
    points: list[tuple[str, str, float, float, int]]
    corrected: dict[str, list[str]]
