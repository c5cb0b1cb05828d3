"""The search as anybody would write it down: one participation after the other, in plain Python. Slow and obvious."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from services.matching.index.search import Entry, Found, Query
from services.matching.index.search.entry import MARK, TRAITS, chord, point
from services.matching.index.search.query import WRITTEN


def find(entries: dict[int, Entry], query: Query) -> Found:
    """What the fast one has to find, of these participations by number."""
    corrected: dict[str, list[str]] = {}
    entries = {number: entry for number, entry in entries.items() if number not in query.without}
    narrowed = [number for number in entries if fits(entries[number], query)]
    found = [number for number in narrowed if all(has(entries[number], *each) for each in asked(query))]
    takes = {each: [each[1]] for each in asked(query)}
    if not found:
        tried, instead = correct(entries, narrowed, query)
        found = [number for number in narrowed if all(has_any(entries[number], *each) for each in instead.items())]
        corrected, takes = (tried, instead) if found else (corrected, takes)
    ranked = sorted((key(entries[number], number, query), entries[number].sort_name, number) for number in found)
    after = query.after or (-1, b"")
    rest = [each for each in ranked if each[:2] > after]
    page = rest[: query.limit]
    following = page[-1][:2] if len(rest) > query.limit else None
    counts = {facet: count(entries, query, facet, takes) for facet in query.facets}
    return Found(len(found), [each[2] for each in page], following, counts, places(entries, found, query.most_points), corrected)


def asked(query: Query) -> list[tuple[str, str]]:
    """The words asked for, with where they have to stand."""
    named = (("text", query.words), ("can_teach", query.teaches), ("want_to_learn", query.learns))
    return [(criterion, word) for criterion, words in named for word in words]


def words(entry: Entry, criterion: str) -> list[str]:
    """An entry's words of one kind."""
    return [each.split(MARK)[1] for each in entry.terms if each.startswith(criterion + MARK)]


def has(entry: Entry, criterion: str, word: str) -> bool:
    """Whether one of its words begins so."""
    return any(each.startswith(word) for each in words(entry, criterion))


def has_any(entry: Entry, where: tuple[str, str], instead: list[str]) -> bool:
    """Whether it has the word asked for, or one of those that are looked for instead."""
    return has(entry, *where) or any(each in words(entry, where[0]) for each in instead)


def correct(entries: dict[int, Entry], narrowed: list[int], query: Query) -> Any:
    """The nearest words that somebody who fits has, for each word that none of them has (or for all, if each has somebody)."""
    missing = [each for each in asked(query) if not any(has(entries[number], *each) for number in narrowed)] or asked(query)
    takes, corrected = {each: [each[1]] for each in asked(query)}, {}
    missing = [] if len(missing) > 4 else missing
    for criterion, word in missing:
        known = {each for number in narrowed for each in words(entries[number], criterion)}
        most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
        away = {each: distance(word, each) for each in known}
        near = {each: slips for each, slips in away.items() if 0 < slips <= most}
        if near:
            nearest = sorted(each for each, slips in near.items() if slips == min(near.values()))
            takes[(criterion, word)], corrected[word] = nearest, nearest
    return corrected, takes


def distance(one: str, other: str) -> int:
    """The optimal string alignment distance."""
    table = {(row, -1): row + 1 for row in range(-1, len(one))} | {(-1, column): column + 1 for column in range(-1, len(other))}
    for row, letter in enumerate(one):
        for column, facing in enumerate(other):
            same = table[row - 1, column - 1] + (letter != facing)
            table[row, column] = min(table[row - 1, column] + 1, table[row, column - 1] + 1, same)
            if row and column and letter == other[column - 1] and one[row - 1] == facing:
                table[row, column] = min(table[row, column], table[row - 2, column - 2] + 1)
    return table[len(one) - 1, len(other) - 1]


def fits(entry: Entry, query: Query, but: str = "") -> bool:
    """Whether all but the words (and but one facet) fits."""
    stands = entry.stands
    seen = entry.visibility == "all" or (
        entry.visibility == "partnerships" and (query.partnerships is None or str(entry.partnership_id) in query.partnerships)
    )
    if not (seen and stands.listed and (stands.free_as_host or stands.free_as_visitor)):
        return False
    numbers = {
        "least_days": entry.min_days, "most_days": entry.max_days, "group_size": entry.group_size, "places_left": stands.places_left,
        "share": stands.share, "hours": 65_535 if stands.usual_hours is None else stands.usual_hours,
    }  # fmt: skip
    if not all(least <= numbers[name] <= most for name, (least, most) in query.ranges.items()):
        return False
    if query.period and entry.windows:
        start, end = query.period
        if not any(first <= end and last >= start for first, last in entry.windows):
            return False
    if query.place and query.within_km is not None and apart(entry, query) > chord(query.within_km):
        return False
    role = {"host": stands.free_as_host, "visitor": stands.free_as_visitor, None: True}
    if but != "roles" and not role[query.role]:
        return False
    if any(name != but and (f"traits{MARK}{name}" in entry.terms) is not holds for name, holds in query.traits.items()):
        return False
    return all(facet == but or not terms or any_of(entry, facet, terms) for facet, terms in query.any_of.items())


def any_of(entry: Entry, facet: str, terms: tuple[str, ...]) -> bool:
    """Whether it has one of the terms."""
    if facet in WRITTEN:
        return any(each.startswith(term + MARK) for each in entry.terms for term in terms)
    return not entry.terms.isdisjoint(terms)


def apart(entry: Entry, query: Query) -> int:
    """How far it is from the query's place."""
    assert query.place
    here, there = point(*entry.place[2:]), point(*query.place)
    return int(sum((one - other) ** 2 for one, other in zip(here, there, strict=True)) ** 0.5)


def key(entry: Entry, number: int, query: Query) -> int:
    """What it is sorted by, before the name."""
    if query.sort == "match":
        return 1000 - int(query.scores(np.array([number]))[0])
    if query.sort == "distance":
        return apart(entry, query)
    return {"name": 0, "newest": 2**31 - 1 - entry.listed, "responsiveness": 1000 - entry.stands.share}[query.sort]


def count(entries: dict[int, Entry], query: Query, facet: str, takes: Any) -> list[tuple[str, int]]:
    """The values of a facet among all that fit everything else."""
    inside = [each for each in entries.values() if fits(each, query, facet) and all(has_any(each, *one) for one in takes.items())]
    if facet == "roles":
        return [
            ("host", sum(each.stands.free_as_host for each in inside)),
            ("visitor", sum(each.stands.free_as_visitor for each in inside)),
        ]
    if facet in TRAITS:
        holds = sum(f"traits{MARK}{facet}" in each.terms for each in inside)
        return [("true", holds), ("false", len(inside) - holds)]
    terms = Counter(each for entry in inside for each in entry.terms if each.startswith(facet + MARK))
    if facet not in WRITTEN:
        return sorted(((each.split(MARK)[1], many) for each, many in terms.items()), key=lambda each: (-each[1], each[0]))[
            : query.most_values
        ]
    sums: dict[str, Counter[str]] = {}
    for each, many in terms.items():
        _, spelt, written = each.split(MARK)
        sums.setdefault(spelt, Counter())[written] += many
    found = [(min(each, key=lambda written: (-each[written], written)), each.total()) for each in sums.values()]
    return sorted(found, key=lambda each: (-each[1], each[0]))[: query.most_values]


def places(entries: dict[int, Entry], found: list[int], most: int) -> list[Any]:
    """Where they are, the places of most first."""
    counted = Counter(entries[number].place for number in found)
    return sorted(((*place, many) for place, many in counted.items()), key=lambda each: (-each[4], each[:4]))[:most]
