"""Ranked lists over the whole way among many participants, by one process of matching and by two; and how soon a change is searchable."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx
from sqlalchemy import create_engine

from deploy.local.people.entrance import Entrance
from deploy.local.scale import Scaling
from tests.load.cpu import used
from tests.load.figures import Figure, Target, middle, percentile, rounded
from tests.load.searchable import Changing, changing
from tests.load.stand import Stand
from tests.matching_load.crowd import crowd
from tests.matching_load.filling import fill

PART = "lists"
MATCHING = "matching"
REPLICAS = (1, 2)
CONNECTIONS = (1, 8)
KNOWN_S = 60
COUNTED = {
    "index_s": re.compile(r'^work_seconds_sum\{work="index"\} (\S+)$', re.MULTILINE),
    "searches": re.compile(r'^work_seconds_count\{work="index"\} (\S+)$', re.MULTILINE),
    "beats": re.compile(r"^loop_lateness_seconds_count\{\S+\} (\S+)$", re.MULTILINE),
    "in_time": re.compile(r'^loop_lateness_seconds_bucket\{le="0.02",\S+\} (\S+)$', re.MULTILINE),
}
"""What the processes of matching count of themselves; in time is a beat of the event loop that came 20 ms late at most."""


@dataclass(frozen=True)
class Extent:
    """How many participants, how many of them ask, rounds, and the seconds of each turn in them; how many changes are looked for."""

    participants: int
    asking: int
    rounds: int
    seconds: float
    changes: int


def figures(stand: Stand, extent: Extent, say: Callable[[str], None]) -> Iterator[Figure]:
    """A figure for each number of processes and of connections, and one of changes for each number of processes."""
    scaling = Scaling(stand.here, stand.running.supervisor)
    asking = _filled(stand, scaling, extent, say)
    alone: dict[int, float] = {}
    found: Changing | None = None
    for replicas in REPLICAS:
        say(f"lists by {replicas} processes of matching")
        scaling.scale(MATCHING, replicas)
        for connections in CONNECTIONS:
            _turn(stand, scaling, asking, connections, extent.seconds / 3)
            rows = middle([_turn(stand, scaling, asking, connections, extent.seconds) for _ in range(extent.rounds)])
            pace = alone.setdefault(connections, rows["requests_per_s"])
            values = {"participants": extent.participants} | {name: rounded(value) for name, value in rows.items()}
            ratios = {"of one process": rounded(rows["requests_per_s"] / pace)} if replicas > 1 else {}
            yield Figure(PART, f"{_processes_said(replicas)}, {connections} connections", values, ratios)
        found = found or changing(stand.here, Entrance(f"http://127.0.0.1:{stand.port}"), stand.representative)
        yield _searchable(found, replicas, extent, say)
    scaling.scale(MATCHING, REPLICAS[0])


def _processes_said(replicas: int) -> str:
    return f"{replicas} {'process' if replicas == 1 else 'processes'}"


def _searchable(found: Changing, replicas: int, extent: Extent, say: Callable[[str], None]) -> Figure:
    """From a changed profile's commit until somebody else finds it, one change after the other."""
    say(f"{extent.changes} changes that are looked for")
    ms = [found.change()[1] for _ in range(extent.changes)]
    most = rounded(percentile(ms, 99))
    values = {"participants": extent.participants, "changes": len(ms), "p50_ms": rounded(percentile(ms, 50)), "p99_ms": most}
    promise = f"a change is searchable within a second of its commit, by {_processes_said(replicas)}: at most 1000 ms (p99)"
    return Figure(PART, f"{_processes_said(replicas)}, change searchable by others", values, targets=(Target(promise, most, most=1000),))


def _filled(stand: Stand, scaling: Scaling, extent: Extent, say: Callable[[str], None]) -> list[UUID]:
    """Put everybody into the database while no process of matching runs; returns the participations that ask."""
    scaling.scale(MATCHING, 0)
    engine = create_engine(stand.here.database.url(MATCHING))
    try:
        return fill(engine, crowd(extent.participants), _organisation(stand), extent.asking, say)
    finally:
        engine.dispose()


def _organisation(stand: Stand) -> UUID:
    """The organisation for which the load asks, once its representative has that role."""
    until = time.monotonic() + KNOWN_S
    while time.monotonic() < until:
        for held in stand.representative.me()["roles"]:
            if held["role"] == "representative":
                return UUID(held["place"])
        time.sleep(0.5)
    raise RuntimeError(f"nobody was made representative within {KNOWN_S} s")


def _turn(stand: Stand, scaling: Scaling, asking: list[UUID], connections: int, seconds: float) -> dict[str, float]:
    """So many callers for so long."""
    before, cpu_before = _counted(stand, scaling), _processor_time(stand, scaling)
    request = stand.request("GET", "/v1/participations/{choice}/matches?as=visitor&limit=20")
    heard = stand.callers.tell(
        port=stand.port, request=request, connections=connections, seconds=seconds, choices=[str(each) for each in asking]
    )
    after, cpu_after = _counted(stand, scaling), _processor_time(stand, scaling)
    good = heard["ms"].get("200", [])
    failed = sum(len(times) for times in heard["ms"].values()) - len(good) + heard["lost"]
    if not good:
        raise RuntimeError(f"no list among {failed} answers: {sorted(heard['ms'])}")
    more = {name: after[name] - before[name] for name in COUNTED}
    index_ms = more["index_s"] * 1000 / max(1.0, more["searches"])
    whole_ms = sum(good) / len(good)
    return {
        "requests_per_s": len(good) / heard["seconds"], "p50_ms": percentile(good, 50), "p99_ms": percentile(good, 99), "failed": failed,
        "index_ms": index_ms, "index_share": index_ms / whole_ms,
        "matching_cpu_ms": (cpu_after - cpu_before) * 1000 / len(good), "beats_over_20_ms_late": 1 - more["in_time"] / max(1.0, more["beats"]),
    }  # fmt: skip


def _processes(stand: Stand, scaling: Scaling) -> dict[str, int]:
    names = scaling.running(MATCHING)
    return {state["name"]: state["pid"] for state in stand.running.supervisor.states() if state["name"] in names}


def _processor_time(stand: Stand, scaling: Scaling) -> float:
    return sum(map(used, _processes(stand, scaling).values()))


def _counted(stand: Stand, scaling: Scaling) -> dict[str, float]:
    """The same of all processes of matching together."""
    told = [httpx.get(f"http://127.0.0.1:{stand.here.health_port(name)}/metrics", timeout=20).text for name in _processes(stand, scaling)]
    return {name: sum(float(value) for each in told for value in pattern.findall(each)) for name, pattern in COUNTED.items()}
