"""One organisation read and one command written, beside the same without a database, the gateway alone, and a raw echo.

All of them take turns, round after round, so that whatever else the machine does falls on all alike; the median of the rounds counts.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.load.figures import Figure, Target, middle, percentile, rounded
from tests.load.stand import Stand

PART = "requests"
CONNECTIONS = (1, 8, 32)
SETTLED_S = 120
FACT = "query_received"

ECHO, ALONE, SAID, READ, WRITTEN = "raw echo", "gateway alone", "call without database", "organisation read", "command written"

Load = Callable[[int, float], dict[str, Any]]


@dataclass(frozen=True)
class Extent:
    """How much is measured: rounds, and the seconds of each turn in them."""

    rounds: int
    seconds: float


def figures(stand: Stand, extent: Extent, say: Callable[[str], None]) -> Iterator[Figure]:
    """For each number of connections a figure of each kind."""
    loads = _loads(stand)
    for connections in CONNECTIONS:
        say(f"requests on {connections} connections")
        for load in loads.values():
            load(connections, extent.seconds / 3)
        turns: dict[str, list[dict[str, float]]] = defaultdict(list)
        for _ in range(extent.rounds):
            for name, load in loads.items():
                turns[name].append(_turn(stand, name, load, connections, extent.seconds))
        rows = {name: middle(found) for name, found in turns.items()}
        yield from (_figure(name, connections, rows) for name in rows)


def _loads(stand: Stand) -> dict[str, Load]:
    size = _size_of_answer(stand)

    def over_http(request: str) -> Load:
        return lambda connections, seconds: stand.callers.tell(port=stand.port, request=request, connections=connections, seconds=seconds)

    body = json.dumps({"subject": "A question", "question": "Are the days of travel paid for?"})
    return {
        ECHO: lambda connections, seconds: stand.echo.tell(in_flight=connections, seconds=seconds, size=size),
        ALONE: over_http(stand.live()),
        SAID: over_http(stand.say()),
        READ: over_http(stand.read()),
        WRITTEN: over_http(stand.request("POST", "/v1/queries", body, key="{key}")),
    }


def _size_of_answer(stand: Stand) -> int:
    """What is echoed is as long as the answer that is read."""
    return len(stand.representative.get(stand.registration).content)


def _turn(stand: Stand, name: str, load: Load, connections: int, seconds: float) -> dict[str, float]:
    """One kind of load for so long: requests a second, milliseconds, and milliseconds of processor time of each process per request."""
    before = stand.processor_time()
    heard = load(connections, seconds)
    if name == WRITTEN:
        _settle(stand)
    after = stand.processor_time()
    good = [ms for status, times in heard["ms"].items() if status in ("200", "201") for ms in times]
    failed = sum(len(times) for times in heard["ms"].values()) - len(good) + heard["lost"]
    if not good:
        raise RuntimeError(f"{name}: no good answer among {failed}")
    cpu = {f"cpu_ms {each}": (after[each] - before[each]) * 1000 / len(good) for each in after}
    took = {"requests_per_s": len(good) / heard["seconds"], "p50_ms": percentile(good, 50), "p99_ms": percentile(good, 99)}
    return took | {"failed": failed, "cpu_ms": sum(cpu.values())} | cpu


def _settle(stand: Stand) -> None:
    """What follows from a command belongs to what it costs: wait until its facts are heard."""
    until = time.monotonic() + SETTLED_S
    while _count(stand, "registry", "journal WHERE type = %s") > _count(stand, "identity", "heard WHERE listener = %s"):
        if time.monotonic() > until:
            raise RuntimeError(f"not all facts were heard within {SETTLED_S} s")
        time.sleep(0.1)


def _count(stand: Stand, login: str, rows: str) -> int:
    return int(stand.rows(login, f"SELECT count(*) FROM {rows}", FACT)[0][0])


def _figure(name: str, connections: int, rows: dict[str, dict[str, float]]) -> Figure:
    row = rows[name]
    values = {each: rounded(value) for each, value in row.items() if not each.startswith("cpu_ms ")}
    values["cpu_ms_by_process"] = {
        each.removeprefix("cpu_ms "): rounded(ms) for each, ms in row.items() if each.startswith("cpu_ms ") and ms >= 0.005
    }
    pace = {each: rows[each]["requests_per_s"] for each in rows}
    ratios = {f"of {each}": rounded(pace[name] / pace[each]) for each in (ECHO, ALONE, SAID) if each != name}
    return Figure(PART, f"{name}, {connections} connections", values, ratios, _targets(name, connections, pace))


def _targets(name: str, connections: int, pace: dict[str, float]) -> tuple[Target, ...]:
    if name == READ:
        share = rounded(pace[READ] / pace[SAID])
        return (Target(f"on {connections} connections reads are at least half of calls without database", share, least=0.5),)
    if name == SAID:
        share = rounded(pace[SAID] / pace[ECHO])
        return (Target(f"on {connections} connections calls without database are at least 40 % of the raw echo", share, least=0.4),)
    return ()
