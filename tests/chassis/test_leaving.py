"""A process that is told to leave takes nothing new, and finishes, answers and settles what it has taken; one that is killed is not missed."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text

from chassis.bare.refusals import Unavailable
from deploy.local.broker_rights import Broker
from tests.chassis import wires
from tests.chassis.conftest import TABLES, at_once
from tests.chassis.tiny.contracts import ListThings, MakeThing, ThingPoked
from tests.chassis.tiny.model import Poke, Thing

pytestmark = pytest.mark.slow


@pytest.fixture
def uri(broker: Broker, tiny_engine: Engine) -> str:
    """The broker with the tiny service's queues, and its tables: all empty."""
    broker.prepare(["tiny"], asking=["tiny"])
    wires.declare(broker.administrator_uri())
    wires.empty(broker.administrator_uri(), "tiny.rpc", "tiny.parked", *(f"tiny.on.{event.slug()}" for event in wires.EVENTS))
    with tiny_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in TABLES)} RESTART IDENTITY"))
    return broker.administrator_uri()


@pytest.fixture
def start(uri: str, broker: Broker, tiny_engine: Engine, tmp_path: Path) -> Iterator[Callable[[str], wires.Process]]:
    """Starts a replica under a name, ready; all of them are gone afterwards."""
    made: list[wires.Process] = []

    def begin(name: str) -> wires.Process:
        made.append(wires.Process(tmp_path, tiny_engine, broker.uri("tiny"), name))
        made[-1].asker._uri, made[-1].asker._timeout = uri, 30
        wires.wait_for(made[-1].is_ready)
        return made[-1]

    yield begin
    for process in made:
        process.stop()


@pytest.fixture
def names(tiny_engine: Engine) -> Callable[..., list[str]]:
    """The names in a column, in order."""

    def rows(column: Any = Thing.name) -> list[str]:
        with tiny_engine.connect() as connection:
            return sorted(connection.scalars(select(column)))

    return rows


def make(process: wires.Process, name: str, **fields: Any) -> dict[str, Any]:
    """Ask for a thing; without a key, so that each run of the call makes one."""
    return process.asker.ask(MakeThing, {"name": name} | fields, "test")


class Asking(threading.Thread):
    """A call that takes its time, asked in a thread of its own."""

    def __init__(self, process: wires.Process, name: str, seconds: float) -> None:
        super().__init__()
        self._asked = (process, name, seconds)
        self.outcome: Any = None
        self.start()

    def run(self) -> None:
        """Ask, and keep what comes."""
        process, name, seconds = self._asked
        try:
            self.outcome = make(process, name, seconds=seconds)
        except Exception as error:
            self.outcome = {"name": f"{error} {error.__cause__!r}"}


def test_a_call_in_flight_is_finished_once_though_others_could_take_it(
    start: Callable[[str], wires.Process], names: Callable[..., list[str]]
) -> None:
    """The leaving process keeps its connection until the call is settled; else the broker would hand it to the other, and it would run twice."""
    both = [start("one"), start("two")]
    asking = Asking(both[0], "in flight", 6)
    leaving = wires.wait_for(lambda: next((each for each in both if each.in_flight()), None))
    other = both[1 - both.index(leaving)]
    assert leaving.stop() == 0
    asking.join()
    assert asking.outcome["name"] == "in flight"
    time.sleep(0.5)
    assert other.in_flight() == 0 and other.ended("make_thing", "done") == 0
    assert names() == ["in flight"]


def test_what_was_taken_but_not_begun_is_answered_too(start: Callable[[str], wires.Process], names: Callable[..., list[str]]) -> None:
    """More calls than workers: the leaving one has taken some that wait for a worker; each is done once, by whomever."""
    leaving, _ = start("one"), start("two")
    asking = [Asking(leaving, f"n-{number:02}", 2) for number in range(36)]
    wires.wait_for(lambda: leaving.in_flight() >= 10)
    assert leaving.stop() == 0
    for each in asking:
        each.join()
    wanted = [f"n-{number:02}" for number in range(36)]
    assert [each.outcome["name"] for each in asking] == wanted
    time.sleep(1)
    assert names() == wanted


def test_the_last_to_leave_answers_what_still_comes_until_callers_can_know(
    start: Callable[[str], wires.Process], uri: str, names: Callable[..., list[str]]
) -> None:
    """It gives up its consumer first, which callers see, and serves those who looked a moment before; nothing waits in the queue afterwards."""
    last = start("one")
    outcomes: dict[str, Any] = {}

    def stream() -> None:
        for number in range(100):
            name = f"s-{number:02}"
            began = time.monotonic()
            try:
                outcomes[name] = make(last, name)["name"]
            except Unavailable as error:
                outcomes[name] = (str(error), time.monotonic() - began)
                if len([each for each in outcomes.values() if isinstance(each, tuple)]) >= 5:
                    return

    asking = threading.Thread(target=stream)
    asking.start()
    time.sleep(0.3)
    assert last.stop() == 0
    asking.join()
    refused = [each for each in outcomes.values() if isinstance(each, tuple)]
    assert len(refused) == 5 and all("tiny" in sentence and took < 10 for sentence, took in refused)
    assert names() == sorted(name for name, outcome in outcomes.items() if outcome == name)
    assert wires.ready(uri, "tiny.rpc") == 0


def test_who_asks_while_nobody_is_there_hears_it_at_once_and_nothing_is_done_later(
    start: Callable[[str], wires.Process], names: Callable[..., list[str]]
) -> None:
    """Not after the whole time-out, and not executed when the service is back within it."""
    process = start("one")
    assert process.stop() == 0
    began = time.monotonic()
    with pytest.raises(Unavailable, match="tiny"):
        make(process, "nobody there")
    assert time.monotonic() - began < 10
    again = start("two")
    assert make(again, "somebody there")["name"] == "somebody there"
    assert names() == ["somebody there"]


def test_a_killed_process_is_not_missed_by_callers(start: Callable[[str], wires.Process]) -> None:
    """What it had taken is handed to the other within the caller's time."""
    victim, _ = start("one"), start("two")
    asking = [Asking(victim, f"k-{number}", 5) for number in range(4)]
    wires.wait_for(lambda: victim.in_flight() == 2)
    victim.child.send_signal(signal.SIGKILL)
    for each in asking:
        each.join()
    assert [each.outcome["name"] for each in asking] == [f"k-{number}" for number in range(4)]


def test_events_under_way_are_settled_before_leaving(
    start: Callable[[str], wires.Process], broker: Broker, uri: str, names: Callable[..., list[str]]
) -> None:
    """Three replicas share the queue, two of them leave while it is full: each event is applied once, none counts as a crash."""
    replicas = [start(name) for name in ("one", "two", "three")]
    wanted = [f"poke-{number:03}" for number in range(300)]
    elsewhere = wires.elsewhere(broker)
    for what in wanted:
        wires.publish(elsewhere, ThingPoked.of(uuid4(), how=what))
    for leaving in replicas[:2]:
        assert leaving.stop() == 0
    wires.wait_for(lambda: len(names(Poke.what)) >= 300)
    time.sleep(0.5)
    assert names(Poke.what) == wanted
    assert wires.taken(uri, "tiny.parked") == []


def test_a_new_process_takes_calls_only_when_it_has_caught_up(
    uri: str,
    start: Callable[[str], wires.Process],
    broker: Broker,
    tiny_engine: Engine,
    tmp_path: Path,
) -> None:
    """Until then it says that it is not ready and why, and the others take all of them."""
    old = start("one")
    (tmp_path / "blobs").mkdir(exist_ok=True)
    (tmp_path / "blobs" / "behind").touch()
    behind = wires.Process(tmp_path, tiny_engine, broker.uri("tiny"), "two")
    try:
        wires.wait_for(lambda: behind.parts() is not None)
        time.sleep(1)
        assert behind.parts() == {"ready": False, "started": False, "caught_up": False, "database": True, "broker": False}
        at_once(*[lambda number=number: make(old, f"c-{number}") for number in range(12)])  # type: ignore[misc]
        assert old.ended("make_thing", "done") == 12 and behind.ended("make_thing", "done") == 0
        (tmp_path / "blobs" / "behind").unlink()
        wires.wait_for(behind.is_ready)
        wires.wait_for(lambda: (at_once(*[lambda: old.asker.ask(ListThings, {}, "test")] * 12), behind.ended("list_things", "done"))[1])
    finally:
        behind.stop()
