"""A crowd of participants out of a seed: skewed as life is, in columns of numbers, a million in seconds.

Every engine is filled from the same columns; `candidate` reads one out as the plain ranking sees it. What is short of a list's length
is filled up with -1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from contracts.words import ACTIVITY_TYPES, ECOSYSTEMS, NACE_DIVISIONS, ORGANISATION_SIZES, ORGANISATION_TYPES
from services.matching.ranking import Candidate, Wishes

DAY = date(2027, 2, 1)
COUNTRIES = (
    "DE", "FR", "ES", "IT", "PL", "NL", "PT", "RO", "EL", "BE", "CZ", "SE", "HU", "AT", "BG", "DK", "FI", "SK", "IE", "HR", "LT", "SI",
    "LV", "EE", "CY", "LU", "MT", "NO", "TR", "UA", "RS", "IS",
)  # fmt: skip
LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pl",
    "nl",
    "pt",
    "ro",
    "el",
    "cs",
    "sv",
    "hu",
    "bg",
    "da",
    "fi",
    "sk",
    "hr",
    "lt",
    "sl",
    "lv",
    "et",
)
SPOKEN_IN = (
    1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 10, 11, 12, 1, 13, 14, 15, 16, 0, 17, 18, 19, 20, 21, 9, 2, 0, 14, 0, 5, 17, 14,
)  # fmt: skip
"""The language of each country, by its place above."""
TYPES, SIZES = tuple(ORGANISATION_TYPES), tuple(ORGANISATION_SIZES)
ECOSYSTEM_CODES, ACTIVITY_CODES, NACE = tuple(ECOSYSTEMS), tuple(ACTIVITY_TYPES), tuple(sorted(NACE_DIVISIONS))
TOPICS, TECHNOLOGIES, TERMS = 3000, 1200, 20_000
"""How many topics, technologies and words there are; each ecosystem has favourites of its own."""
ITEMS, ITEM_WORDS = 3, 4
PARTNERSHIPS = 120
ALWAYS = -1


@dataclass
class Crowd:
    """The columns; rows are participants."""

    ids: np.ndarray
    organisation: np.ndarray
    partnership: np.ndarray
    country: np.ndarray
    type: np.ndarray
    size: np.ndarray
    visits: np.ndarray
    hosts: np.ndarray
    ecosystems: np.ndarray
    nace: np.ndarray
    topics: np.ndarray
    technologies: np.ndarray
    teaches: np.ndarray
    """By item and word."""
    wants: np.ndarray
    said: np.ndarray
    languages: np.ndarray
    levels: np.ndarray
    starts: np.ndarray
    """Days after DAY; ALWAYS where there is no window."""
    ends: np.ndarray
    least_days: np.ndarray
    most_days: np.ndarray
    group: np.ndarray
    capacity: np.ndarray
    hosted: np.ndarray
    visibility: np.ndarray
    asked: np.ndarray
    answered: np.ndarray
    active: np.ndarray
    consumed: np.ndarray
    wished_countries: np.ndarray
    wished_types: np.ndarray
    activities: np.ndarray
    wished_languages: np.ndarray

    def __len__(self) -> int:
        """How many there are."""
        return len(self.ids)

    def candidate(self, row: int) -> Candidate:
        """One participant as the plain ranking sees it."""
        wishes = Wishes(
            _named(self.wished_countries[row], COUNTRIES), _named(self.wished_types[row], TYPES),
            _named(self.activities[row], ACTIVITY_CODES), _named(self.wished_languages[row], LANGUAGES),
        )  # fmt: skip
        topics, technologies = _words(self.topics[row], "topic"), _words(self.technologies[row], "technology")
        teaches, wants = _items(self.teaches[row]), _items(self.wants[row])
        said = _words(self.said[row], "word")
        return Candidate(
            participation_id=self.id(row),
            organisation_id=UUID(int=(7 << 100) | int(self.organisation[row])),
            partnership_id=UUID(int=(9 << 100) | int(self.partnership[row])),
            country=COUNTRIES[self.country[row]],
            organisation_type=TYPES[self.type[row]],
            size=SIZES[self.size[row]],
            roles=frozenset(role for role, takes in (("visitor", self.visits[row]), ("host", self.hosts[row])) if takes),
            ecosystems=_named(self.ecosystems[row], ECOSYSTEM_CODES),
            nace=_named(self.nace[row], NACE),
            technologies=technologies,
            topics=topics,
            can_teach=teaches,
            want_to_learn=wants,
            wishes={"visitor": wishes, "host": wishes},
            languages={LANGUAGES[code]: int(level) for code, level in zip(self.languages[row], self.levels[row], strict=True) if code >= 0},
            availability=self._windows(row),
            min_days=int(self.least_days[row]),
            max_days=int(self.most_days[row]),
            group_size=int(self.group[row]),
            capacity=int(self.capacity[row]),
            visibility=("all", "partnerships", "hidden")[self.visibility[row]],
            said=said,
            offered=said.union(topics, technologies, *(words for _, words in teaches)),
            active=bool(self.active[row]),
            visit_consumed=bool(self.consumed[row]),
            hosted=int(self.hosted[row]),
            asked=int(self.asked[row]),
            answered=int(self.answered[row]),
        )

    def id(self, row: int) -> UUID:
        """Its id."""
        high, low = self.ids[row].tolist()
        return UUID(int=high << 64 | low)

    def _windows(self, row: int) -> tuple[tuple[date, date], ...]:
        pairs = zip(self.starts[row].tolist(), self.ends[row].tolist(), strict=True)
        return tuple((DAY + timedelta(start), DAY + timedelta(end)) for start, end in pairs if start != ALWAYS)


def crowd(count: int, seed: int = 1) -> Crowd:
    """So many participants."""
    draw = np.random.default_rng(seed)
    country = _skewed(draw, count, len(COUNTRIES), 0.8)
    ecosystems = _distinct(_listed(draw, _skewed(draw, (count, 3), len(ECOSYSTEMS), 0.5), draw.choice(3, count, p=(0.5, 0.35, 0.15)) + 1))
    main = ecosystems.max(axis=1)
    role = draw.choice(3, count, p=(0.4, 0.35, 0.25))
    starts, ends = _windows(draw, count)
    least = draw.choice((1, 2, 3, 4, 5), count, p=(0.1, 0.15, 0.5, 0.1, 0.15))
    languages, levels = _languages(draw, country)
    asked = np.where(draw.random(count) < 0.4, draw.geometric(0.3, count), 0)
    capacity = np.where(role == 0, 0, draw.integers(1, 4, count))
    return Crowd(
        ids=draw.integers(1, 2**63, (count, 2), dtype=np.uint64),
        organisation=np.maximum(0, np.arange(count) - (draw.random(count) < 0.1)),
        partnership=draw.integers(0, PARTNERSHIPS, count),
        country=country,
        type=_skewed(draw, count, len(TYPES), 0.9),
        size=draw.choice(4, count, p=(0.35, 0.4, 0.18, 0.07)),
        visits=role != 1,
        hosts=role != 0,
        ecosystems=ecosystems,
        nace=_distinct(_listed(draw, _favourite(draw, main, 4, len(NACE), 8, 0.7), draw.integers(1, 5, count))),
        topics=_distinct(_listed(draw, _favourite(draw, main, 5, TOPICS, 200, 0.8), draw.integers(0, 6, count))),
        technologies=_distinct(_listed(draw, _favourite(draw, main, 4, TECHNOLOGIES, 100, 0.8), draw.integers(0, 5, count))),
        teaches=_things(draw, main),
        wants=_things(draw, main),
        said=_distinct(_listed(draw, _favourite(draw, main, 40, TERMS, 1500, 0.5), draw.integers(8, 41, count))),
        languages=languages,
        levels=levels,
        starts=starts,
        ends=ends,
        least_days=least,
        most_days=least + draw.choice((2, 5, 10), count),
        group=draw.choice((1, 2, 3, 4), count, p=(0.3, 0.4, 0.2, 0.1)),
        capacity=capacity,
        hosted=np.where(draw.random(count) < 0.2, draw.integers(0, 3, count), 0),
        visibility=draw.choice(3, count, p=(0.9, 0.08, 0.02)),
        asked=asked,
        answered=draw.binomial(asked, draw.beta(4, 2, count)),
        active=draw.random(count) < 0.92,
        consumed=draw.random(count) < 0.15,
        wished_countries=_distinct(_listed(draw, _skewed(draw, (count, 6), len(COUNTRIES), 0.8), _often(draw, count, 0.5, 6))),
        wished_types=_distinct(_listed(draw, _skewed(draw, (count, 3), len(TYPES), 0.9), _often(draw, count, 0.6, 3))),
        activities=_distinct(_listed(draw, _skewed(draw, (count, 3), len(ACTIVITY_TYPES), 0.5), _often(draw, count, 0.85, 3))),
        wished_languages=_distinct(_listed(draw, _skewed(draw, (count, 2), len(LANGUAGES), 1.5), _often(draw, count, 0.4, 2))),
    )


def _skewed(draw: np.random.Generator, shape: int | tuple[int, ...], values: int, power: float) -> np.ndarray:
    """Numbers below `values`, the smaller the more often."""
    weights = 1 / np.arange(1, values + 1) ** power
    return np.searchsorted(np.cumsum(weights / weights.sum()), draw.random(shape)).clip(max=values - 1).astype(np.int32)


def _favourite(draw: np.random.Generator, main: np.ndarray, wide: int, values: int, own: int, share: float) -> np.ndarray:
    """Mostly what the ecosystem has as its own, skewed; the rest out of everything."""
    shape = (len(main), wide)
    of_own = (main[:, None] * (values // len(ECOSYSTEMS)) + _skewed(draw, shape, own, 0.9)) % values
    return np.where(draw.random(shape) < share, of_own, _skewed(draw, shape, values, 0.9)).astype(np.int32)


def _listed(draw: np.random.Generator, values: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The first so many of each row."""
    return np.where(np.arange(values.shape[1]) < lengths[:, None], values, -1)


def _distinct(values: np.ndarray) -> np.ndarray:
    """Each value of a row once; what is short stands first."""
    ordered = np.sort(values, axis=1)
    ordered[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = -1
    return np.sort(ordered, axis=1)


def _often(draw: np.random.Generator, count: int, share: float, most: int) -> np.ndarray:
    return np.where(draw.random(count) < share, draw.integers(1, most + 1, count), 0)


def _things(draw: np.random.Generator, main: np.ndarray) -> np.ndarray:
    """Things to teach or to learn: up to ITEMS of up to ITEM_WORDS words."""
    count = len(main)
    words = _favourite(draw, main, ITEMS * ITEM_WORDS, TERMS, 400, 0.85).reshape(count * ITEMS, ITEM_WORDS)
    lengths = draw.integers(2, ITEM_WORDS + 1, (count, ITEMS))
    lengths[np.arange(ITEMS) >= draw.integers(0, ITEMS + 1, count)[:, None]] = 0
    return _distinct(_listed(draw, words, lengths.reshape(-1))).reshape(count, ITEMS, ITEM_WORDS)


def _languages(draw: np.random.Generator, country: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mostly English, the country's own, and sometimes one more; and how well."""
    count = len(country)
    languages = np.stack(
        [
            np.where(draw.random(count) < 0.9, 0, -1),
            np.array(SPOKEN_IN)[country],
            np.where(draw.random(count) < 0.3, _skewed(draw, count, len(LANGUAGES), 0.9), -1),
        ],
        axis=1,
    ).astype(np.int32)
    languages[languages[:, 0] == languages[:, 1], 1] = -1
    languages[(languages[:, 2:] == languages[:, :2]).any(axis=1), 2] = -1
    levels = np.stack([draw.integers(3, 7, count), np.full(count, 6), draw.integers(1, 6, count)], axis=1)
    return languages, levels


def _windows(draw: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """None, one, two or three stretches in the year to come."""
    starts = draw.integers(-20, 330, (count, 3))
    ends = starts + draw.integers(5, 120, (count, 3))
    how_many = draw.choice(4, count, p=(0.3, 0.45, 0.2, 0.05))
    starts[np.arange(3) >= how_many[:, None]] = ALWAYS
    return starts, ends


def _named(values: np.ndarray, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset([names[value] for value in values.tolist() if value >= 0])


def _words(values: np.ndarray, kind: str) -> frozenset[str]:
    return frozenset([f"{kind}{value}" for value in values.tolist() if value >= 0])


def _items(values: np.ndarray) -> tuple[tuple[str, frozenset[str]], ...]:
    found = ([f"word{word}" for word in item if word >= 0] for item in values.tolist())
    return tuple((" ".join(words), frozenset(words)) for words in found if words)
