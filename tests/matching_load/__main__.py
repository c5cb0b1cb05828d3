"""`make bench-matching`: a crowd from a seed, the index beside other engines in the same run, on one core.

A line of JSON for each figure on standard output; progress on standard error. N=100000 measures one size alone, and leaves the page
alone, as QUICK=1 does with counts that mean nothing.
"""

from __future__ import annotations

import os

# One core for everybody: polars takes the number of its threads when it is imported.
os.environ["POLARS_MAX_THREADS"] = "1"

import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numba
import numpy as np
import polars

from chassis.bare.message import real_now
from deploy.local.program import ROOT
from services.matching.index import Entry, Index, snapshot
from services.matching.index.warming import warm
from tests.load import machine
from tests.load.figures import Figure, Target, rounded
from tests.load.page import update
from tests.matching_load.crowd import crowd
from tests.matching_load.ready import replica
from tests.matching_load.searching import a_search, searches
from tests.matching_load.works import Extent, Measured, Stand, matches, updates

PAGE = ROOT / "docs" / "benchmarks.md"
PART = "matching"
SIZES = (10_000, 100_000, 1_000_000)
LARGEST = SIZES[-1]
WORKS: dict[str, Callable[[Stand], Iterator[Measured]]] = {"match": matches, "update": updates, "search": searches}
"""What is measured at each size, in order; whoever adds a part of the index adds its work here."""


def main() -> int:
    """Measure what was asked for."""
    quick, one = os.environ.get("QUICK", "0") not in ("", "0"), os.environ.get("N", "")
    sizes = (int(one),) if one else (2000, 5000) if quick else SIZES
    extent = Extent(20, 5, 5, 50) if quick else Extent()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"  {time.monotonic() - began:6.1f} s  {what}", file=sys.stderr, flush=True)

    say("compiling")
    warm()
    figures = [Figure(PART, "reading memory", {"gigabytes_per_s": rounded(bandwidth())})]
    print(json.dumps({"work": "memory", "engine": "numpy", "gigabytes_per_s": figures[0].values["gigabytes_per_s"]}), flush=True)
    for size in sizes:
        figures += list(_at(size, extent, say))
    if not (quick or one):
        update(PAGE, figures, about())
        say(f"wrote {PAGE.relative_to(ROOT)}")
    for figure in figures:
        for target in figure.targets:
            say(f"{'met' if target.is_met else 'MISSED'}: {target.promise}: {target.value:g}")
    return 0


def _at(size: int, extent: Extent, say: Callable[[str], None]) -> Iterator[Figure]:
    """All figures of one size."""
    say(f"making {size} participants")
    made = crowd(size)
    index, began = Index(), time.perf_counter()
    for row in range(size):
        index.put(Entry(made.candidate(row), {}))
    built = time.perf_counter() - began
    say(f"filled in {built:.1f} s")
    saved, loaded = _snapshot(index)
    told = {
        "n": size,
        "seconds": rounded(built),
        "bytes_each": round(index.bytes / size),
        "save_s": rounded(saved),
        "load_s": rounded(loaded),
    }
    print(json.dumps({"work": "fill", "engine": "ours"} | told), flush=True)
    yield Figure(PART, f"fill, ours, {size}", told)
    with tempfile.TemporaryDirectory(prefix="clusterxchange-bench-") as folder:
        stand = Stand(made, index, extent, Path(folder), say)
        found: list[Measured] = []
        for name, work in WORKS.items():
            say(f"{name} at {size}")
            for each in work(stand):
                print(each.line(), flush=True)
                found.append(each)
                yield _figure(each, found if size == LARGEST else [])
        say(f"a replica of {size}")
        yield replica(stand, a_search(made), PART, is_promised=size == LARGEST)


def _snapshot(index: Index) -> tuple[float, float]:
    """Seconds that writing a snapshot takes, and reading it back, from where it lies in the system's cache."""
    with tempfile.TemporaryDirectory(prefix="clusterxchange-bench-") as folder:
        path, began = Path(folder) / snapshot.NAME, time.perf_counter()
        snapshot.save(1, "a line", index.save(), path)
        saved = time.perf_counter()
        snapshot.load(path, "a line")
        return saved - began, time.perf_counter() - saved


def _figure(one: Measured, all_of: list[Measured]) -> Figure:
    values = {name: value for name, value in one._asdict().items() if name not in ("work", "engine") and value is not None}
    return Figure(PART, f"{one.work}, {one.engine}, {one.n}", values, targets=_targets(one, all_of))


def _targets(one: Measured, all_of: list[Measured]) -> tuple[Target, ...]:
    """What was promised at the largest size, once the two that it is about are known."""
    ours = next((each for each in all_of if (each.work, each.engine) == ("match", "ours")), None)
    if ours is None:
        return ()
    if one is ours:
        return (
            Target("match at 1,000,000: p99 over p50, at most 2", rounded(one.p99_ms / one.p50_ms), most=2),
            Target("match at 1,000,000: share of the plain scan's best 20 with their scores, at least 1", one.recall or 0.0, least=1),
        )
    if one.work == "match":
        least = {"polars": 10, "postgresql": 40, "scan": 4}.get(one.engine)
        return (
            (
                Target(
                    f"match at 1,000,000: times faster than {one.engine}, at least {least}", rounded(one.p50_ms / ours.p50_ms), least=least
                ),
            )
            if least
            else ()
        )
    if (one.work, one.engine) == ("search", "ours"):
        return (Target("search at 1,000,000: p99 in ms, at most 5", one.p99_ms, most=5),)
    if one.work == "update":
        return (Target("update at 1,000,000 visible: p99 in ms, at most 2", one.p99_ms, most=2),)
    return ()


def bandwidth() -> float:
    """Gigabytes a second that one core reads of memory in order: the best of several."""
    numbers = np.ones(64 << 20, np.int64)
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        numbers.sum()
        taken.append(time.perf_counter() - began)
    return float(numbers.nbytes / min(taken) / 1e9)


def about() -> dict[str, Any]:
    """Where and when."""
    versions = {"Python": platform.python_version(), "numba": numba.__version__, "numpy": np.__version__}
    return machine.plain_about(real_now()) | {"versions": versions | {"polars": polars.__version__, "duckdb": duckdb.__version__}}


if __name__ == "__main__":
    sys.exit(main())
