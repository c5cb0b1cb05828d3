"""A ranked list as one would work it out by hand, from profiles as they are stored: slow, obvious, and without the service's own ranking."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import date, timedelta
from math import isqrt
from typing import Any, NamedTuple
from uuid import UUID

from contracts.nace import NACE_DIVISIONS
from contracts.words import CEFR, ORGANISATION_SIZES
from services.matching.ranking.tokens import NOT_TELLING

HORIZON = timedelta(days=400)
"""Whoever names no days is there on all of them; no stay takes longer than this."""
OTHER = {"visitor": "host", "host": "visitor"}


class One(NamedTuple):
    """A participant: its profile, and how it stands."""

    profile: dict[str, Any]
    standing: dict[str, Any]

    @property
    def id(self) -> UUID:
        """Its id."""
        return UUID(self.profile["participation_id"])


def ranked(
    one: One, role: str, others: list[One], on: date, weights: dict[str, int], mean: str = "harmonic"
) -> list[tuple[UUID, int, int, int]]:
    """All possible partners, best first: id, score, the asker's points and the partner's."""
    found = []
    for other in others:
        visitor, host = (one, other) if role == "visitor" else (other, one)
        if not may_meet(visitor, host, on):
            continue
        mine = points(one, other, role, one.standing["weights"] or weights)
        theirs = points(other, one, OTHER[role], other.standing["weights"] or weights)
        found.append((other.id, fused(mine, theirs, mean), mine, theirs))
    return sorted(found, key=lambda each: (-each[1], each[0]))


def fused(mine: int, theirs: int, mean: str) -> int:
    """Two numbers as one."""
    if mean == "geometric":
        return isqrt(mine * theirs)
    return 2 * mine * theirs // (mine + theirs) if mine or theirs else 0


def may_meet(visitor: One, host: One, on: date) -> bool:
    """Every hard rule, one after the other."""
    one, other = visitor.profile, host.profile
    if "visitor" not in one["roles"] or not one["may_visit"] or "host" not in other["roles"] or not other["may_host"]:
        return False
    if not visitor.standing["active"] or not host.standing["active"]:
        return False
    if one["organisation_id"] == other["organisation_id"] or visitor.id == host.id or one["country"] == other["country"]:
        return False
    if visitor.standing["visit_consumed"] or visitor.standing["is_visiting"]:
        return False
    if not host.standing["hosting"] or other["capacity"] - host.standing["hosted"] < 1:
        return False
    for seen, looking in ((one, other), (other, one)):
        if seen["visibility"] == "hidden":
            return False
        if seen["visibility"] == "partnerships" and seen["partnership_id"] != looking["partnership_id"]:
            return False
    if not set(spoken(one)) & set(spoken(other)):
        return False
    stay = max(one["min_days"], other["min_days"])
    if stay > one["max_days"] or stay > other["max_days"]:
        return False
    return any(working_days(max(a, c, on), min(b, d)) >= stay for a, b in windows(one, on) for c, d in windows(other, on))


def windows(profile: dict[str, Any], on: date) -> list[tuple[date, date]]:
    """When it is there."""
    named = [(date.fromisoformat(each["start"]), date.fromisoformat(each["end"])) for each in profile["availability"]]
    return named or [(on, on + HORIZON)]


def working_days(first: date, last: date) -> int:
    """Counted on the fingers."""
    return sum((first + timedelta(days)).weekday() < 5 for days in range((last - first).days + 1))


def spoken(profile: dict[str, Any]) -> dict[str, int]:
    """Each language with its level, from 1 to 6."""
    return {each["language"]: 1 + list(CEFR).index(each["level"]) for each in profile["languages"]}


def points(one: One, other: One, role: str, weights: dict[str, int]) -> int:
    """What the other is worth to one in that role: of each criterion its weight, as far as it is met; half where it is not known."""
    mine, theirs = one.profile, other.profile
    wished, offered = mine[f"{role}_preferences"] or {}, theirs[f"{OTHER[role]}_preferences"] or {}
    met: dict[str, int | None] = {
        "learning": learning(mine["want_to_learn"], theirs["can_teach"]),
        "ecosystems": share(mine["ecosystems"], theirs["ecosystems"]),
        "activity_types": share(wished.get("activity_types", ()), offered.get("activity_types", ())),
        "nace": nace(mine["nace"], theirs["nace"]),
        "topics": share(map(same, mine["topics"]), map(same, theirs["topics"])),
        "technologies": share(map(same, mine["technologies"]), map(same, theirs["technologies"])),
        "organisation_types": wish(wished.get("organisation_types"), theirs["organisation_type"]),
        "countries": wish(wished.get("countries"), theirs["country"]),
        "languages": level(wished.get("languages") or (), spoken(theirs)),
        "common_language": level(spoken(mine), {code: min(grade, spoken(mine).get(code, 0)) for code, grade in spoken(theirs).items()}),
        "text": said(mine, theirs),
        "group_size": group(mine, theirs) if role == "visitor" else group(theirs, mine),
        "size": size(mine["size"], theirs["size"]),
        "responsiveness": 1000 * other.standing["answered"] // other.standing["asked"] if other.standing["asked"] else None,
    }
    assert met.keys() == weights.keys()
    known = {name: 500 if part is None else part for name, part in met.items()}
    return sum(weight * known[name] // 1000 for name, weight in weights.items())


def same(text: str) -> str:
    """A text without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in apart if not unicodedata.combining(letter)).split())


def words(text: str) -> set[str]:
    """The words of it that say something."""
    letters = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in same(text))
    return {word for word in letters.split() if len(word) > 2 and word not in NOT_TELLING}


def share(mine: Any, theirs: Any) -> int | None:
    """Which part of what one has the other has too."""
    one, other = set(mine), set(theirs)
    return 1000 * len(one & other) // len(one) if one and other else None


def learning(wants: list[str], teaches: list[str]) -> int | None:
    """How far each wish is covered by whatever covers it best, on average over different wishes."""
    if not wants or not teaches:
        return None
    covered = []
    for wanted in dict.fromkeys(wants):
        asked = words(wanted)
        covered.append(max(1000 * len(asked & words(taught)) // len(asked) if asked else 0 for taught in teaches))
    return sum(covered) // len(covered)


def nace(mine: Collection[str], theirs: Collection[str]) -> int | None:
    """The same activity is as near as can be, one of the same section a quarter of it; on average over one's own."""
    if not mine or not theirs:
        return None
    near = []
    for code in set(mine):
        of_section = any(NACE_DIVISIONS[code] == NACE_DIVISIONS[each] for each in theirs)
        near.append(1000 if code in theirs else 250 if of_section else 0)
    return sum(near) // len(near)


def wish(wished: Collection[str] | None, value: str) -> int | None:
    """All or nothing, if anything is wished for."""
    return (1000 if value in wished else 0) if wished else None


def level(codes: Collection[str], grades: dict[str, int]) -> int | None:
    """The best level in one of these languages, of six."""
    return 1000 * max(grades.get(code, 0) for code in codes) // 6 if codes and grades else None


def said(mine: dict[str, Any], theirs: dict[str, Any]) -> int | None:
    """How many of one's words the other uses, ten at most."""
    own = words(mine["motivation"])
    other = words(" ".join([theirs["motivation"], *theirs["can_teach"], *theirs["topics"], *theirs["technologies"]]))
    return min(1000, 1000 * len(own & other) // min(10, len(own))) if own and other else None


def group(visitor: dict[str, Any], host: dict[str, Any]) -> int:
    """Whether the host takes so many."""
    return 1000 if visitor["group_size"] <= host["group_size"] else 0


def size(one: str, other: str) -> int:
    """How few classes lie between them."""
    order = list(ORGANISATION_SIZES)
    return 1000 - abs(order.index(one) - order.index(other)) * 1000 // (len(order) - 1)
