"""Fairness of lists: who was shown less lately stands further up, whoever does not answer stands last, and what that costs in score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

Scored = tuple[Any, int]
"""Somebody, by id, with the score of the pair."""

FULL = 1000
OFF, GENTLE, STRONG = "off", "gentle", "strong"
DAYS = 7
"""Exposure is counted over so many days."""


class Way(NamedTuple):
    """How far the order for exposure goes: among the best `within`, by at most `most` of 1000 parts of a score."""

    within: int
    most: int


WAYS = {OFF: Way(0, 0), GENTLE: Way(100, 50), STRONG: Way(200, 150)}
SETTINGS = tuple(WAYS)
"""The settings in the order of their numbers as figures."""


class Choice(NamedTuple):
    """Who is shown, with the place each has by score alone; `best_total` is the sum of scores by that order, `given_up` what is lost of it."""

    shown: list[Scored]
    by_score: list[int]
    best_total: int
    given_up: int


def considered(setting: str, limit: int) -> int:
    """Among so many of the best the order for exposure chooses: for a longer list the beginning stays the same."""
    return max(limit, WAYS[setting].within)


def counting(score: int, shown: int, usual: int, setting: str) -> int:
    """What a score counts for in the order: the less, the more often one was shown; half of the most at the usual number of times."""
    return score * (FULL - WAYS[setting].most * shown // (shown + usual)) // FULL if shown else score


def choose(best: Sequence[Scored], last: Sequence[Scored], exposure: Mapping[Any, int], usual: int, setting: str, limit: int) -> Choice:
    """Choose whom to show, both in the order of scores: `best` are considered, `last` fill up only what they leave.

    `exposure` says how often each was shown lately, `usual` (1 at least) how often those were on average who were shown at all.
    """
    places = {each: place for place, (each, _) in enumerate([*best, *last], 1)}
    # The order is stable: whoever counts the same stays in the order of scores, and so of ids.
    ordered = sorted(best, key=lambda each: -counting(each[1], exposure.get(each[0], 0), usual, setting))
    shown, by_score_alone = [*ordered, *last][:limit], [*best, *last][:limit]
    best_total = sum(score for _, score in by_score_alone)
    return Choice(shown, [places[each] for each, _ in shown], best_total, best_total - sum(score for _, score in shown))


def week_of(day: date) -> date:
    """The Monday of the week in which a host is shown at most so often."""
    return day - timedelta(days=day.weekday())


def gini(counts: Iterable[int]) -> int:
    """How unequal exposure is, of 1000: nothing where everybody was shown as often, near 1000 where one was shown alone."""
    return gini_of(Counter(counts))


def gini_of(many: Mapping[int, int]) -> int:
    """The same of how many were shown how often."""
    total, everybody = sum(shown * of_these for shown, of_these in many.items()), sum(many.values())
    if not total:
        return 0
    before = apart = 0
    for shown, of_these in sorted(many.items()):
        # The sum over their places, which follow each other.
        apart += shown * of_these * (2 * before + of_these - everybody)
        before += of_these
    return FULL * apart // (everybody * total)
