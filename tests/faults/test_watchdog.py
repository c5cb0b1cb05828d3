"""The watchdog: a loop that stands is reported with the function that holds it; one that is only busy is not."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import threading
import time
import weakref
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Engine
from structlog.testing import capture_logs

from chassis.running import watchdog
from chassis.running.watchdog import Watchdog
from deploy.local.broker_rights import Broker
from gateway.watching import Watched
from tests.chassis import wires
from tests.chassis.conftest import tiny_engine  # noqa: F401
from tests.chassis.tiny.contracts import ThingPoked

STOOD = "the event loop stood still"


@pytest.fixture(scope="module")
def uri(broker: Broker) -> str:
    """The broker, with the tiny service's queues, empty."""
    broker.prepare(["tiny"], asking=["tiny"])
    wires.declare(broker.administrator_uri())
    wires.empty(broker.administrator_uri(), "tiny.parked", *(f"tiny.on.{event.slug()}" for event in wires.EVENTS))
    return broker.administrator_uri()


@pytest.fixture(scope="module")
def elsewhere(broker: Broker) -> str:
    """The broker, for the service whose events the tiny one hears."""
    return wires.elsewhere(broker)


@pytest.fixture(scope="module")
def process(uri: str, broker: Broker, tiny_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[wires.Process]:  # noqa: F811
    """A real service."""
    with wires.process(tmp_path_factory.mktemp("process"), tiny_engine, broker.uri("tiny")) as running:
        yield running


def reports(process: wires.Process) -> list[dict[str, Any]]:
    """What its watchdog said, in order."""
    return said(process, STOOD)


def said(process: wires.Process, event: str) -> list[dict[str, Any]]:
    """The lines of its log about that, in order."""
    lines = [json.loads(line) for line in process.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


def held_by(process: wires.Process, function: str) -> list[dict[str, Any]]:
    """The reports that name a function."""
    return [report for report in reports(process) if any(frame.endswith(f" {function}") for frame in report["stack"])]


@pytest.mark.parametrize("seconds", [0.4, 1.0])
def test_stall_of_a_service_is_reported_with_the_function_that_holds_the_loop(
    process: wires.Process, elsewhere: str, seconds: float
) -> None:
    """In one log line, with how long it stood, what of that the machine took, and the stack; and counted for Prometheus."""
    known = len(held_by(process, "hold_the_loop"))
    wires.publish(elsewhere, ThingPoked.of(uuid4(), how=f"hold:{seconds}"))
    report = wires.wait_for(lambda: held_by(process, "hold_the_loop")[known:], 20)[0]
    assert report["level"] == "warning" and report["service"] == "tiny"
    assert report["seconds"] >= seconds - 0.1 and 0 <= report["waited_for_cpu"] <= report["seconds"]
    assert any("tests/chassis/tiny/service.py" in frame for frame in report["stack"])
    assert stalls(process) >= known + 1


def test_busy_service_that_lets_others_in_is_not_reported(process: wires.Process, elsewhere: str) -> None:
    """However long it computes. (Of what the machine itself took away from it, it cannot be held guilty.)"""
    wires.publish(elsewhere, ThingPoked.of(uuid4(), how="busy:2"))
    done = process.ended("on thing_poked", "done")
    wires.wait_for(lambda: process.ended("on thing_poked", "done") > done, 30)
    time.sleep(0.2)
    assert [report for report in held_by(process, "be_busy_and_kind") if report["seconds"] - report["waited_for_cpu"] >= 0.3] == []


@pytest.mark.usefixtures("_unfrozen")
def test_stall_of_the_gateways_loop_is_reported_with_its_function() -> None:
    """The same, on asyncio."""

    async def serve() -> None:
        watched = Watched()
        await watched.process_startup({}, {})
        await asyncio.sleep(0.2)
        block_asyncio(0.5)
        await asyncio.sleep(0.2)
        for _ in range(20):
            sum(range(100_000))
            await asyncio.sleep(0)
        await watched.process_shutdown({}, {})

    with capture_logs() as lines:
        asyncio.run(serve())
    guilty = [line for line in lines if line["event"] == STOOD and line["seconds"] - line["waited_for_cpu"] >= 0.3]
    assert len(guilty) == 1 and guilty[0]["seconds"] >= 0.4
    assert any(frame.endswith(" block_asyncio") for frame in guilty[0]["stack"])


def block_asyncio(seconds: float) -> None:
    """What nobody may do on a loop."""
    time.sleep(seconds)


def test_loop_that_stands_for_good_is_reported_while_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, past the locks of logging: it may be these that stand."""
    monkeypatch.setattr(watchdog, "HOPELESS_S", 0.4)
    dog = Watchdog("stuck", threading.get_ident())
    looking = threading.Thread(target=looks, args=(dog, 12))
    monkeypatch.setattr(watchdog.os, "write", written := Written())
    looking.start()
    looking.join()
    (line,) = written.lines
    assert line["event"] == "the event loop stands still" and line["service"] == "stuck" and line["seconds"] >= 0.4
    assert any("test_loop_that_stands_for_good" in frame for frame in line["stack"])


@pytest.fixture
def _unfrozen() -> Iterator[None]:
    """The process of the tests keeps nothing apart."""
    callbacks = list(gc.callbacks)
    yield
    gc.callbacks[:] = callbacks
    gc.unfreeze()


@pytest.mark.usefixtures("_unfrozen")
def test_collector_looks_no_more_at_what_a_process_keeps_and_keeps_no_garbage() -> None:
    """For as long as it looks, the loop stands."""
    circle, kept = Circle(), [Circle() for _ in range(1000)]
    gone = weakref.ref(circle)
    del circle
    assert watchdog.set_apart() > len(kept)
    assert gone() is None
    assert not any(map(looked_at, kept[::100]))


@pytest.mark.usefixtures("_unfrozen")
def test_what_the_first_calls_leave_is_set_apart_and_what_comes_later_is_not() -> None:
    """Or circles that were under way at a collection would stay for good, a few at each."""
    watchdog.set_apart()
    before = gc.get_freeze_count()
    early = Circle()
    gc.collect()
    assert gc.get_freeze_count() > before and not looked_at(early)
    for _ in range(watchdog.FIRST_COLLECTIONS):
        gc.collect()
    late = Circle()
    gc.collect()
    assert looked_at(late)


def looked_at(one: object) -> bool:
    """Whether the collector looks at it."""
    return any(each is one for each in gc.get_objects())


def test_service_sets_apart_what_it_keeps_before_it_serves(process: wires.Process) -> None:
    """What it imported is tens of thousands of objects."""
    (line,) = said(process, "serving")
    assert line["objects_kept"] > 50_000


class Circle:
    """Refers to itself, so that only the collector finds it."""

    def __init__(self) -> None:
        self.self = self


def test_every_beat_is_counted_by_how_late_it_came() -> None:
    """Also those that are far from worth a report: a loop that stands for a twentieth of a second now and then is slow for all."""
    dog = Watchdog("late", threading.get_ident())
    for pause in (watchdog.BEAT_S, watchdog.BEAT_S + 0.15):
        time.sleep(pause)
        dog.beat()
    assert late("0.1") == 1 and late("+Inf") == 2


def late(most: str) -> float:
    """How many beats of that process came so late at most."""
    return REGISTRY.get_sample_value("loop_lateness_seconds_bucket", {"service": "late", "le": most}) or 0.0


class Written:
    """Stands in for the file descriptor."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def __call__(self, _file: int, data: bytes) -> int:
        """Keep what is written."""
        self.lines.append(json.loads(data))
        return len(data)


def looks(dog: Watchdog, times: int) -> None:
    """Look so often, a twentieth of a second apart."""
    for _ in range(times):
        time.sleep(0.05)
        dog.look()


def stalls(process: wires.Process) -> int:
    """How many stalls the process' metrics count."""
    metrics = httpx.get(f"http://127.0.0.1:{process.port}/metrics", timeout=5).text
    found = re.search(r'loop_stall_seconds_count\{service="tiny"\} ([\d.]+)', metrics)
    return int(float(found[1])) if found else 0
