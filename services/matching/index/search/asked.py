"""From what somebody asks of the catalogue to what the search looks for."""

from __future__ import annotations

from typing import Any

from contracts.words import LANGUAGES
from services.matching.index.search.entry import MARK, MOST_DAYS, NEVER, TRAITS, day_number, term
from services.matching.index.search.query import WRITTEN, Query
from services.matching.index.search.words import asked_words, spelling

CODED = (
    "countries", "regions", "ecosystems", "nace", "organisation_types", "sizes", "activity_types", "wished_countries",
    "wished_organisation_types", "wished_languages",
)  # fmt: skip
MOST = 255


def asked(criteria: dict[str, Any], **more: Any) -> Query:
    """The search for these criteria (`CatalogueCriteria`, loaded); `more` are further parts of it by name."""
    terms = {name: tuple(term(name, each) for each in criteria[name]) for name in CODED}
    terms |= {name: tuple(term(name, spelling(each)) for each in criteria[name]) for name in WRITTEN}
    terms["languages"] = _languages(criteria)
    partnerships = {*criteria["partnerships"], *([criteria["partnership_id"]] if criteria["partnership_id"] else [])}
    terms["partnerships"] = tuple(term("partnerships", str(each)) for each in sorted(partnerships, key=str))
    return Query(
        words=_words(criteria["text"]),
        teaches=_words(criteria["can_teach"]),
        learns=_words(criteria["want_to_learn"]),
        any_of={facet: wanted for facet, wanted in terms.items() if wanted},
        role=criteria["role"],
        traits={name: criteria[name] for name in TRAITS if criteria[name] is not None},
        ranges=_ranges(criteria),
        period=_period(criteria),
        within_km=criteria["within_km"],
        **more,
    )


def _words(text: str | None) -> tuple[str, ...]:
    """The words of a text; one that has none is looked for as it is, and found nowhere."""
    return (asked_words(text) or (MARK,)) if text else ()


def _languages(criteria: dict[str, Any]) -> tuple[str, ...]:
    level = criteria["language_level"]
    if level is None:
        return tuple(term("languages", each) for each in criteria["languages"])
    return tuple(term("speaks", f"{each}:{level}") for each in criteria["languages"] or LANGUAGES)


def _ranges(criteria: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """Two stretches of days meet if each begins before the other ends."""
    bounds = {
        "most_days": (criteria["stay_from"], None),
        "least_days": (None, criteria["stay_to"]),
        "group_size": (criteria["group_from"], criteria["group_to"]),
        "places_left": (criteria["places_from"], None),
        "hours": (None, criteria["answers_within_hours"]),
    }
    widest = {"hours": NEVER - 1}
    return {
        name: (0 if least is None else least, widest.get(name, MOST) if most is None else min(most, widest.get(name, MOST)))
        for name, (least, most) in bounds.items()
        if (least, most) != (None, None)
    }


def _period(criteria: dict[str, Any]) -> tuple[int, int] | None:
    start, end = criteria["start"], criteria["end"]
    if start is None and end is None:
        return None
    return (day_number(start) if start else 0, day_number(end) if end else MOST_DAYS)
