"""The soft criteria: how well one participant serves another, in points of 1000, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from contracts.nace import NACE_DIVISIONS
from contracts.words import ORGANISATION_SIZES
from services.matching.ranking.candidate import VISITOR, Candidate, opposite

FULL = 1000
HALF = FULL // 2
SAME_SECTION = 250
MOST_WORDS = 10
"""So many words in common are as good as any more."""
MOST_VALUES = 10
SIZES = {code: number for number, code in enumerate(ORGANISATION_SIZES)}

WEIGHTS: dict[str, int] = {
    "learning": 180,
    "ecosystems": 150,
    "activity_types": 110,
    "nace": 100,
    "topics": 80,
    "technologies": 80,
    "organisation_types": 60,
    "countries": 60,
    "languages": 60,
    "common_language": 40,
    "text": 20,
    "group_size": 20,
    "size": 20,
    "responsiveness": 20,
}
"""The most points of each criterion, 1000 together, as the dated settings begin with them."""


class Satisfaction(NamedTuple):
    """How far a wish is met, from 0 to 1000, or None where it is not known; and what met it."""

    level: int | None
    met_by: Collection[str] = ()


UNKNOWN = Satisfaction(None)


class Points(NamedTuple):
    """One criterion's part in a directed score."""

    criterion: str
    points: int
    of: int
    known: bool
    met_by: Collection[str]

    @property
    def values(self) -> tuple[str, ...]:
        """What earned the points, in order and not too many: sorted only when it is shown, as most pairs never are."""
        return tuple(sorted(self.met_by)[:MOST_VALUES])


class Score(NamedTuple):
    """How well the other serves one side: `points` of 1000, and the parts they are made of."""

    points: int
    parts: tuple[Points, ...]


def directed_score(one: Candidate, other: Candidate, role: str, weights: dict[str, int] = WEIGHTS) -> Score:
    """How well `other` serves `one`, who would have that role; the weights add up to 1000."""
    parts = tuple(_points(name, weight, CRITERIA[name](one, other, role)) for name, weight in weights.items())
    return Score(sum(part.points for part in parts), parts)


def _points(criterion: str, weight: int, met: Satisfaction) -> Points:
    # What is not known is neutral, never zero: a preference not given must not push anybody down (domain, section 7).
    level = HALF if met.level is None else met.level
    return Points(criterion, weight * level // FULL, weight, met.level is not None, met.met_by)


def ecosystems(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """Which of one's ecosystems the other shares."""
    return _share(one.ecosystems, other.ecosystems)


def topics(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """Which of one's topics the other shares."""
    return _share(one.topics, other.topics)


def technologies(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """Which of one's technologies the other shares."""
    return _share(one.technologies, other.technologies)


def activity_types(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """Which of the activities that one wishes for in its role the other wishes for in its own."""
    return _share(one.wishes[role].activity_types, other.wishes[opposite(role)].activity_types)


def nace(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """How near the other comes to each of one's activities in NACE's hierarchy, on average."""
    if not one.nace or not other.nace:
        return UNKNOWN
    best = {code: max(nace_nearness(code, each) for each in other.nace) for code in one.nace}
    return Satisfaction(sum(best.values()) // len(best), [code for code, near in best.items() if near])


def nace_nearness(one: str, other: str) -> int:
    """1000 for the same division, 250 for two of one section, else 0."""
    if one == other:
        return FULL
    return SAME_SECTION if NACE_DIVISIONS[one] == NACE_DIVISIONS[other] else 0


def learning(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """How far the words of each thing that one wants to learn are covered by something the other can teach, on average."""
    if not one.want_to_learn or not other.can_teach:
        return UNKNOWN
    covered = {wish: max(_coverage(words, taught) for _, taught in other.can_teach) for wish, words in one.want_to_learn}
    return Satisfaction(sum(covered.values()) // len(covered), [wish for wish, level in covered.items() if level])


def organisation_types(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """Whether the other is of a kind that one wishes for."""
    return _wished(one.wishes[role].organisation_types, other.organisation_type)


def countries(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """Whether the other is in a country that one wishes for."""
    return _wished(one.wishes[role].countries, other.country)


def languages(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """How well the other speaks the best of the languages that one wishes for."""
    wished = one.wishes[role].languages
    if not wished or not other.languages:
        return UNKNOWN
    return _best_level({code: other.languages.get(code, 0) for code in wished})


def common_language(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """How well the weaker of the two speaks their best common language."""
    if not one.languages or not other.languages:
        return UNKNOWN
    return _best_level({code: min(level, other.languages.get(code, 0)) for code, level in one.languages.items()})


def size(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """How near the two are in size: from 1000 for the same class down to 0 from micro to large."""
    apart = abs(SIZES[one.size] - SIZES[other.size])
    return Satisfaction(FULL - apart * FULL // (len(SIZES) - 1), (other.size,))


def group_size(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """Whether the visitor's group is no larger than the host takes. No hard rule: who likes the host can come with fewer people."""
    coming, taken = (one.group_size, other.group_size) if role == VISITOR else (other.group_size, one.group_size)
    return Satisfaction(FULL if coming <= taken else 0, (f"{coming}/{taken}",))


def text(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """How many words of one's motivation stand in what the other says and offers."""
    if not one.said or not other.offered:
        return UNKNOWN
    common = one.said & other.offered
    return Satisfaction(min(FULL, FULL * len(common) // min(len(one.said), MOST_WORDS)), common)


def responsiveness(one: Candidate, other: Candidate, role: str) -> Satisfaction:
    """What part of the requests it got the other answered."""
    if not other.asked:
        return UNKNOWN
    return Satisfaction(FULL * other.answered // other.asked, (f"{other.answered}/{other.asked}",))


CRITERIA: dict[str, Callable[[Candidate, Candidate, str], Satisfaction]] = {
    each.__name__: each
    for each in (
        learning, ecosystems, activity_types, nace, topics, technologies, organisation_types, countries, languages, common_language,
        text, group_size, size, responsiveness,
    )
}  # fmt: skip


def _share(mine: frozenset[str], theirs: frozenset[str]) -> Satisfaction:
    if not mine or not theirs:
        return UNKNOWN
    return Satisfaction(FULL * len(mine & theirs) // len(mine), mine & theirs)


def _wished(wished: frozenset[str], value: str) -> Satisfaction:
    if not wished:
        return UNKNOWN
    return Satisfaction(FULL, (value,)) if value in wished else Satisfaction(0)


def _best_level(levels: dict[str, int]) -> Satisfaction:
    best = max(levels.values())
    return Satisfaction(FULL * best // 6, [code for code, level in levels.items() if level == best] if best else ())


def _coverage(wanted: frozenset[str], taught: frozenset[str]) -> int:
    return FULL * len(wanted & taught) // len(wanted) if wanted else 0
