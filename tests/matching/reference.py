"""Random participants of every kind, and the slow, obvious way to rank them: the plain ranking over all pairs."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.nace import NACE_DIVISIONS
from contracts.words import ACTIVITY_TYPES, CEFR, ECOSYSTEMS, ORGANISATION_SIZES, ORGANISATION_TYPES
from services.matching.index import Entry, Index
from services.matching.ranking import WEIGHTS, Candidate, rank, read_candidate
from tests.matching.profiles import TODAY, profile

COUNTRIES = ("ES", "PT", "FR", "EL", "PL", "FI", "XK")
LANGUAGES = ("en", "fr", "es", "pl", "fi")
WORDS = ("robot", "welding", "wool", "dyeing", "lean", "production", "ports", "funding", "labs", "energy", "members", "training")
VISIBILITIES = ("all", "all", "all", "partnerships", "hidden")
ROLES = (["visitor"], ["host"], ["visitor", "host"])
NACE = sorted(NACE_DIVISIONS)


class Draw:
    """Participants drawn from one seed, crowded enough that most rules and ties come up."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, values: Any, most: int) -> list[Any]:
        """A few of them, often none."""
        values = list(values)
        return self.random.sample(values, min(len(values), self.random.randint(0, most)))

    def texts(self, most: int) -> list[str]:
        """A few texts of a few words; one may come twice, and one may have no word that counts."""
        return [
            " ".join(self.random.choices((*WORDS, "of", "a"), k=self.random.randint(1, 4))) for _ in range(self.random.randint(0, most))
        ]

    def windows(self) -> list[dict[str, str]]:
        """Stretches of days, short and long, past and future."""
        found = []
        for _ in range(self.random.choice((0, 1, 1, 2, 4))):
            start = TODAY + timedelta(self.random.randint(-40, 60))
            found.append({"start": start.isoformat(), "end": (start + timedelta(self.random.randint(0, 90))).isoformat()})
        return found

    def spoken(self) -> list[str]:
        """Mostly English, and a few others."""
        return sorted({*self.some(LANGUAGES, 3), *(["en"] if self.random.random() < 0.7 else [])})

    def wishes(self) -> dict[str, Any] | None:
        """What is wished of the other side, or nothing."""
        if self.random.random() < 0.2:
            return None
        of = {"countries": COUNTRIES, "organisation_types": ORGANISATION_TYPES, "activity_types": ACTIVITY_TYPES, "languages": LANGUAGES}
        return {name: self.some(values, 3) for name, values in of.items()}

    def profile(self, name: str, **changes: Any) -> dict[str, Any]:
        """A profile."""
        one, least = self.random, self.random.randint(1, 8)
        drawn: dict[str, Any] = {
            "roles": one.choice(ROLES), "country": one.choice(COUNTRIES), "organisation_type": one.choice(list(ORGANISATION_TYPES)),
            "size": one.choice(list(ORGANISATION_SIZES)), "ecosystems": self.some(ECOSYSTEMS, 3), "nace": self.some(NACE, 4),
            "technologies": self.texts(3), "topics": self.texts(3), "can_teach": self.texts(4), "want_to_learn": self.texts(4),
            "motivation": " ".join(one.choices(WORDS, k=one.randint(0, 14))), "host_preferences": self.wishes(),
            "visitor_preferences": self.wishes(), "availability": self.windows(), "min_days": least, "max_days": least + one.randint(0, 8),
            "languages": [{"language": code, "level": one.choice(list(CEFR))} for code in self.spoken()],
            "group_size": one.randint(1, 5), "capacity": one.randint(0, 3), "visibility": one.choice(VISIBILITIES),
            "may_visit": one.random() < 0.9, "may_host": one.random() < 0.9,
            "partnership_id": str(UUID(int=one.randint(1, 4))), "organisation_id": str(UUID(int=one.randint(1, 30))),
        }  # fmt: skip
        return profile(name, **drawn | changes)

    def weights(self) -> dict[str, int]:
        """Weights that somebody moved, 1000 together."""
        cuts = sorted(self.random.randint(0, 1000) for _ in range(len(WEIGHTS) - 1))
        return dict(zip(WEIGHTS, (end - start for start, end in zip([0, *cuts], [*cuts, 1000], strict=True)), strict=True))

    def entry(self, name: str, **changes: Any) -> Entry:
        """A participant with its standing; one of five has weights of its own."""
        told, one = self.profile(name, **changes), self.random
        asked = one.choice((0, 0, 3, 7))
        standing = {
            "active": one.random() < 0.9, "visit_consumed": one.random() < 0.05, "is_visiting": one.random() < 0.05,
            "hosted": one.choice((0, 0, 0, 1)), "hosting": one.random() < 0.9, "asked": asked, "answered": one.randint(0, asked),
            "weights": self.weights() if one.random() < 0.2 else None,
        }  # fmt: skip
        return Entry(read_candidate(told, **standing), told)

    def entries(self, count: int) -> list[Entry]:
        """Several."""
        return [self.entry(f"{number}") for number in range(count)]


def filled(entries: list[Entry]) -> Index:
    """An index with them in it."""
    index = Index()
    for entry in entries:
        index.put(entry)
    return index


def ranked(one: Candidate, role: str, others: list[Candidate], on: date = TODAY, **ways: Any) -> list[tuple[UUID, int, int, int]]:
    """The slow, obvious way: every pair, in plain Python; id, score, the asker's points and the partner's."""
    found = []
    for each in rank(one, role, others, on, **ways):
        mine, theirs = (each.visitor, each.host) if role == "visitor" else (each.host, each.visitor)
        found.append((each.partner.participation_id, each.score, mine.points, theirs.points))
    return found


def told(index: Index, found: Any) -> list[tuple[UUID, int, int, int]]:
    """What the index found, in the same form."""
    return [(index.slots.id_at(slot), score, mine, theirs) for slot, score, mine, theirs in found.rows.tolist()]
