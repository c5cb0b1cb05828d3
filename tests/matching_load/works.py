"""What is measured of the index: matches beside other engines, and updates; a work is a function from a stand to its figures."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from chassis.running.threads import thread_lock
from services.matching.index import Index
from services.matching.index.live import Live, take_in
from services.matching.index.search import Search
from services.matching.queries.entries import Row
from services.matching.ranking import Candidate, fit
from tests.load.figures import percentile, rounded
from tests.matching_load.crowd import DAY, Crowd
from tests.matching_load.engines import engines
from tests.matching_load.table import table

BEST = 20
MATCH, UPDATE = "match", "update"

Say = Callable[[str], None]


@dataclass
class Extent:
    """How many of each are measured."""

    matches: int = 400
    scans: int = 60
    others: int = 30
    updates: int = 1000


class Measured(NamedTuple):
    """One figure: what was done by which engine among how many, in milliseconds, and the share of the true best that it found."""

    work: str
    engine: str
    n: int
    p50_ms: float
    p99_ms: float
    recall: float | None = None

    def line(self) -> str:
        """As a line of JSON."""
        return json.dumps({name: value for name, value in self._asdict().items() if value is not None})


@dataclass
class Stand:
    """A crowd, and an index filled with it."""

    crowd: Crowd
    index: Index
    extent: Extent
    folder: Path
    say: Say
    search: Search | None = None
    """The catalogue's part, once it is measured."""

    def __len__(self) -> int:
        """How many participants."""
        return len(self.crowd)

    def visitors(self, count: int) -> Iterator[Candidate]:
        """Visitors who look for a host, spread over the crowd."""
        free = self.crowd.visits & self.crowd.active & ~self.crowd.consumed & (self.crowd.visibility != 2)
        rows = np.flatnonzero(free)
        chosen = np.random.default_rng(5).permutation(rows)[: min(count, len(rows))]
        return map(self.crowd.candidate, chosen.tolist())


def matches(stand: Stand) -> Iterator[Measured]:
    """The best hosts of visitors: ours, the plain scan of everybody, and other engines on the same table."""
    visitors = list(stand.visitors(stand.extent.matches))
    true = {
        each.participation_id: _best(stand.index, each, every=True) for each in visitors[: max(stand.extent.scans, stand.extent.others)]
    }
    yield _measured(stand, "ours", visitors, lambda each: _best(stand.index, each), true)
    yield _measured(stand, "scan", visitors[: stand.extent.scans], lambda each: _best(stand.index, each, every=True), true)
    stand.say("filling the other engines")
    with engines(table(stand.crowd), stand.folder) as others:
        for engine in others:
            some = visitors[: stand.extent.others]
            searches = {each.participation_id: engine.prepare(each) for each in some}
            answers: dict[Any, list[int]] = {}

            def ask(each: Candidate, engine: Any = engine, searches: Any = searches, answers: Any = answers) -> None:
                answers[each.participation_id] = engine.ask(searches[each.participation_id])

            taken = _times(some, ask)
            shares = [_share(true[each.participation_id], _ranked_anew(stand, each, answers[each.participation_id])) for each in some]
            yield Measured(MATCH, engine.name, len(stand), *taken, rounded(float(np.mean(shares))))


def updates(stand: Stand) -> Iterator[Measured]:
    """A changed profile, texts and all, from the row as the database gives it until the next search finds it."""
    live = Live(thread_lock())
    live.become(stand.index)
    rows = np.random.default_rng(6).integers(0, len(stand), stand.extent.updates).tolist()
    changed = [Row(stand.crowd.id(row), json.dumps(profile(stand.crowd, row, rows[place - 1])), {}, {}) for place, row in enumerate(rows)]
    taken = _times(changed, lambda row: live.at(live.version + 1, [row], len))
    yield Measured(UPDATE, "ours", len(stand), *taken)
    take_in(stand.index, changed)


def profile(crowd: Crowd, row: int, other: int) -> dict[str, Any]:
    """A public profile in plain JSON of who stands in a row, with the texts of another one."""
    one, words = crowd.candidate(row), crowd.candidate(other)
    wishes = {
        name: sorted(getattr(one.wishes["host"], name)) for name in ("countries", "organisation_types", "activity_types", "languages")
    }
    levels = ("A1", "A2", "B1", "B2", "C1", "C2")
    ids = {f"{kind}_id": str(getattr(one, f"{kind}_id")) for kind in ("participation", "organisation", "partnership")}
    plain = {
        name: getattr(one, name)
        for name in ("country", "organisation_type", "size", "min_days", "max_days", "group_size", "capacity", "visibility")
    }
    sets = {name: sorted(getattr(words, name)) for name in ("technologies", "topics")} | {
        name: sorted(getattr(one, name)) for name in ("ecosystems", "nace")
    }
    return ids | plain | sets | {
        "roles": sorted(one.roles), "may_visit": True, "may_host": True, "motivation": " ".join(sorted(words.said)),
        "can_teach": [text for text, _ in words.can_teach], "want_to_learn": [text for text, _ in words.want_to_learn],
        "host_preferences": wishes, "visitor_preferences": wishes,
        "languages": [{"language": code, "level": levels[level - 1]} for code, level in one.languages.items()],
        "availability": [{"start": start.isoformat(), "end": end.isoformat()} for start, end in one.availability],
    }  # fmt: skip


def _best(index: Index, one: Candidate, *, every: bool = False) -> list[tuple[int, int]]:
    """Slot and score of the best; a crowd's rows are its slots."""
    found = index.ranked.best(one, "visitor", DAY, BEST, every=every)
    return [(slot, score) for slot, score, *_ in found.rows.tolist()]


def _measured(stand: Stand, engine: str, visitors: list[Candidate], ask: Callable[[Candidate], Any], true: dict[Any, Any]) -> Measured:
    answers: dict[Any, Any] = {}

    def kept(each: Candidate) -> None:
        answers[each.participation_id] = ask(each)

    taken = _times(visitors, kept)
    known = [each.participation_id for each in visitors if each.participation_id in true]
    return Measured(MATCH, engine, len(stand), *taken, float(np.mean([_share(true[each], answers[each]) for each in known])))


def _times(all_of: list[Any], ask: Callable[[Any], Any]) -> tuple[float, float]:
    """The median and the 99th percentile of asking for each, in milliseconds; asked for some beforehand, uncounted."""
    for each in all_of[:5]:
        ask(each)
    gc.collect()
    gc.disable()
    taken = []
    for each in all_of:
        began = time.perf_counter()
        ask(each)
        taken.append((time.perf_counter() - began) * 1000)
    gc.enable()
    return rounded(percentile(taken, 50)), rounded(percentile(taken, 99))


def _ranked_anew(stand: Stand, one: Candidate, rows: list[int]) -> list[tuple[int, int]]:
    fits = [(row, fit(one, stand.crowd.candidate(row), "visitor").score) for row in rows]
    return sorted(fits, key=lambda each: (-each[1], stand.crowd.id(each[0])))[:BEST]


def _share(true: list[tuple[int, int]], found: list[tuple[int, int]]) -> float:
    """Which part of the true best was found, each with its score."""
    return len({*true} & {*found}) / len(true) if true else 1.0
