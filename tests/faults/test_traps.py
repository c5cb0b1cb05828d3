"""The traps of the framework below us, one by one, on a real broker with real processes: what they do here."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import kombu
import pytest
from sqlalchemy import Engine, func, select, text

from chassis.bare.principal import service
from chassis.bare.protocol import call_headers, encode
from chassis.bare.refusals import Unavailable
from chassis.bare.tables import JournalRow
from chassis.running import topology
from chassis.running.calls import BrokerAsker, Line
from chassis.running.doors import Works
from chassis.running.rooms import service_class
from deploy.local.installation import SERVICES
from gateway.admission import Admission
from gateway.rpc import Rpc
from services.registry import towns
from tests.chassis import wires
from tests.chassis.conftest import TABLES, at_once, tiny_engine  # noqa: F401
from tests.chassis.tiny.contracts import ForAnyone, MakeThing, ThingPoked
from tests.chassis.tiny.model import Poke, Thing
from tests.faults.one_node import OneNode, one_node
from tests.gateway.test_real import Forwarder

pytestmark = pytest.mark.slow
Count = Callable[..., int]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneNode]:
    """A broker of these tests' own."""
    with one_node(tmp_path_factory.mktemp("node")) as node:
        yield node


@pytest.fixture(autouse=True)
def clean(node: OneNode, tiny_engine: Engine) -> None:  # noqa: F811
    """Nothing in queues or tables."""
    wires.declare(node.uri)
    wires.empty(node.uri, "tiny.rpc", "tiny.parked", *(f"tiny.on.{event.slug()}" for event in wires.EVENTS))
    with tiny_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in TABLES)} RESTART IDENTITY"))


@pytest.fixture
def way(node: OneNode) -> Iterator[Forwarder]:
    """A way to the broker that can be cut."""
    made = Forwarder(node.ports.of("way"), node.ports.of("amqp"))
    made.join()
    yield made
    made.cut()


@pytest.fixture
def start(node: OneNode, tiny_engine: Engine, tmp_path: Path) -> Iterator[Callable[..., wires.Process]]:  # noqa: F811
    """Starts processes of the tiny service, each ready and with keys of its own."""
    started: list[wires.Process] = []

    def make(port: int | None = None, room: str = "tests.chassis.tiny", ready: bool = True) -> wires.Process:
        folder = tmp_path / "process" if not started else started[0].folder
        folder.mkdir(exist_ok=True)
        process = wires.Process(folder, tiny_engine, node.uri_of("tiny", port), f"tiny-{len(started)}", room)
        started.append(process)
        if ready:
            wires.wait_for(process.is_ready)
        return process

    yield make
    for process in started:
        process.stop()


@pytest.fixture
def count(tiny_engine: Engine) -> Count:  # noqa: F811
    """How many rows of a table have this value, or how many there are at all."""

    def rows(column: Any, value: Any = None) -> int:
        statement = select(func.count()).select_from(column.class_)
        with tiny_engine.connect() as connection:
            return connection.scalar(statement if value is None else statement.where(column == value)) or 0

    return rows


def call(process: wires.Process, uri: str, name: str, key: str, seconds: float = 0.0, patience: float = 40) -> dict[str, Any]:
    """Ask for a thing with a key of the caller's; the outcome as it came, or whatever breaks the caller's connection."""
    deadline = time.time() + patience
    headers = call_headers(process.signer.token(service("asker")), deadline, "test", key)
    line = Line(uri)
    try:
        return line.exchange(MakeThing, encode({"name": name, "seconds": seconds}), headers, deadline)
    finally:
        line.close()


class Asking(threading.Thread):
    """A call under way, whose outcome (or error) is looked at later."""

    outcome: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(daemon=True)
        self._how = args, kwargs
        self.start()

    def run(self) -> None:
        """Ask."""
        try:
            self.outcome = call(*self._how[0], **self._how[1])
        except Exception as error:
            self.outcome = error

    def end(self) -> Any:
        """What came."""
        self.join(60)
        assert not self.is_alive(), "the caller hangs"
        return self.outcome


# 1: one dropped connection executes a running call twice at once.


@pytest.mark.parametrize("closed_by", ["the network", "the broker"])
def test_connection_dropped_during_a_call_leaves_one_effect_and_one_answer(
    node: OneNode, way: Forwarder, start: Callable[..., wires.Process], count: Count, closed_by: str
) -> None:
    """The broker delivers the call again while it still runs; the second waits for the first and gives its answer."""
    process, key = start(way.port), str(uuid4())
    asking = Asking(process, node.uri, "cut", key, seconds=3)
    time.sleep(1)
    if closed_by == "the network":
        way.cut()
        way.join()
    else:
        assert node.close_connections("tiny") >= 1
    first = asking.end()
    assert first["answer"]["name"] == "cut" and count(Thing.name, "cut") == 1
    wires.wait_for(process.is_ready)
    # A reply sent into a connection that is being closed is lost, which its caller hears of by the time-out and asks again.
    assert call_again(lambda: call(process, node.uri, "cut", key, seconds=3)) == first and count(Thing.name, "cut") == 1
    wires.wait_for(lambda: count(Poke.what, "heard cut"))


def test_caller_whose_connection_drops_hears_so_at_once_and_its_repeat_gets_the_first_answer(
    node: OneNode, start: Callable[..., wires.Process], count: Count
) -> None:
    """In the gateway that is a 503 with Retry-After."""
    process = start()

    async def ask(key: str, *, cut: bool) -> Any:
        rpc = Rpc(node.uri_of("gateway"), 30, Admission(64, 6, 2**26))
        content = {"name": "gone", "seconds": 10}
        asked = asyncio.create_task(rpc.call(MakeThing, content, process.signer.token(service("asker")), "test", key))
        if cut:
            await asyncio.sleep(1)
            await asyncio.to_thread(node.close_connections, "gateway")
        try:
            return await asked
        finally:
            await rpc.close()

    key, began = str(uuid4()), time.monotonic()
    with pytest.raises(Unavailable):
        asyncio.run(ask(key, cut=True))
    assert time.monotonic() - began < 29, "that was its time-out, and not the news of its connection"
    answer = call_again(lambda: asyncio.run(ask(key, cut=False)))["answer"]
    assert answer["name"] == "gone" and count(Thing.name, "gone") == 1


def call_again(ask: Callable[[], Any]) -> Any:
    """Ask until there is an answer, as a client does that was told to come again."""
    until = time.monotonic() + 60
    while True:
        try:
            outcome = ask()
            if "unavailable" not in outcome:
                return outcome
        except (Unavailable, TimeoutError):
            pass
        assert time.monotonic() < until
        time.sleep(0.2)


# 2: a loop that is blocked for longer than the heartbeat makes a call loop.


def test_door_that_holds_the_loop_past_the_heartbeat_is_not_run_again_and_again(
    node: OneNode, start: Callable[..., wires.Process], count: Count, tmp_path: Path
) -> None:
    """The broker takes the connection away and delivers the event again; by then it is known."""
    process, runs = start(), tmp_path / "runs"
    wires.publish(node.uri_of("elsewhere"), ThingPoked.of(uuid4(), how=f"long:12:{runs}"))
    wires.wait_for(runs.exists)
    wires.wait_for(lambda: "heartbeat" in (node.folder / "broker.log").read_text(), 40)
    wires.publish(node.uri_of("elsewhere"), ThingPoked.of(uuid4(), how="after"))
    wires.wait_for(lambda: count(Poke.what, "after") and process.ended("on thing_poked", "done") >= 2)
    time.sleep(2)
    assert runs.read_text() == "x" and count(Poke.what, "long") == 1 and not wires.taken(node.uri, "tiny.parked")


def test_hashing_a_password_leaves_the_loop_to_others() -> None:
    """It runs in a real thread beside the loop."""
    code = """
import eventlet; eventlet.monkey_patch()
from eventlet import patcher
real = patcher.original("threading")
from services.identity import passwords
main, seen, hash = real.get_ident(), [], passwords._hasher.hash
class Hasher:
    def hash(self, password):
        seen.append(real.get_ident()); return hash(password)
passwords._hasher = Hasher()
passwords.hash_password("an ordinary password")
print(seen and seen != [main])
"""
    said = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split()[-1] == "True"


@pytest.mark.parametrize("name", SERVICES)
def test_documents_are_made_in_worker_processes_alone(name: str) -> None:
    """Only doors of long work call what renders them."""
    cls = service_class(f"services.{name}")
    methods = [getattr(cls, method) for method in dir(cls)]
    rendering = [method for method in methods if "render" in getattr(getattr(method, "__wrapped__", None), "__code__", NO_CODE).co_names]
    assert all(isinstance(door, Works) for method in rendering for door in method.doors)
    assert bool(rendering) == (name == "agreements")


def test_towns_are_read_before_registry_takes_its_first_call() -> None:
    """Reading them holds every thread of the process for a third of a second and more."""
    towns._lines.cache_clear()
    assert service_class("services.registry").caught_up(None)  # type: ignore[attr-defined]
    assert towns._lines.cache_info().currsize == 1


NO_CODE = (lambda: None).__code__


# 3: an event whose listener raises is lost, or spins.


def test_listener_that_raises_is_tried_again_ever_later_and_then_parked(node: OneNode, start: Callable[..., wires.Process]) -> None:
    """Six runs with five growing pauses between them: neither lost nor spinning."""
    process, began = start(), time.monotonic()
    event_id = wires.publish(node.uri_of("elsewhere"), ThingPoked.of(uuid4(), how="raise"))
    (message,) = wires.wait_for(lambda: wires.taken(node.uri, "tiny.parked"))
    assert event_id in str(message.body)
    assert time.monotonic() - began >= sum(topology.DELAYS_S)
    time.sleep(1)
    assert process.ended("on thing_poked", "failed") == 6 and wires.taken(node.uri, "tiny.on.thing_poked") == []


# 4: an abandoned call is executed later, when the service returns.


def test_calls_abandoned_while_the_service_was_away_are_never_executed(
    node: OneNode, start: Callable[..., wires.Process], count: Count
) -> None:
    """Neither by the broker's clock nor, where that lets them through, by the service's own."""
    process = start()
    process.stop()
    headers = call_headers(process.signer.token(service("asker")), time.time() + 1, "test")
    for kept in ({}, {"expiration": 1}):
        wires.send(node.uri, "rpc", "tiny", encode({"name": "abandoned"}), type="make_thing", headers=headers, **kept)
    time.sleep(1.5)
    process = start()
    assert call(process, node.uri, "later", str(uuid4()))["answer"]["name"] == "later"
    assert count(Thing.name, "abandoned") == 0


# 5: an event that is published before its queue exists is gone without an error.


def test_event_before_its_queue_stays_in_the_journal_until_the_queue_is_there(
    node: OneNode, start: Callable[..., wires.Process], count: Count, tiny_engine: Engine  # noqa: F811
) -> None:  # fmt: skip
    """Nothing but declaring the topology is needed then, no restart and no hand."""
    process = start()
    with kombu.Connection(node.uri) as connection:
        connection.default_channel.queue_unbind("tiny.on.thing_made", "tiny.events", "thing_made")
    assert call(process, node.uri, "too early", str(uuid4()))["answer"]
    time.sleep(2)

    def unpublished() -> int:
        with tiny_engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(JournalRow).where(JournalRow.published_at.is_(None))) or 0

    assert unpublished() == 1 and count(Poke.what, "heard too early") == 0
    wires.declare(node.uri)
    wires.wait_for(lambda: count(Poke.what, "heard too early") and unpublished() == 0)
    assert count(Poke.what, "heard too early") == 1


def test_service_whose_queue_was_deleted_says_that_it_is_not_ready_and_goes_on_when_it_is_there_again(
    node: OneNode, start: Callable[..., wires.Process]
) -> None:
    """It neither ends nor looks as if it worked."""
    process = start()
    with kombu.Connection(node.uri) as connection:
        connection.default_channel.queue_delete("tiny.on.thing_poked")
    wires.wait_for(lambda: not process.is_ready())
    wires.declare(node.uri)
    wires.wait_for(process.is_ready)
    assert call_again(lambda: call(process, node.uri, "as before", str(uuid4())))["answer"]["name"] == "as before"


# 6: reply and acknowledgement go out before a provider's hook could commit.


def test_what_was_answered_is_committed(node: OneNode, start: Callable[..., wires.Process], count: Count) -> None:
    """The process is killed the moment the answer is here: the effect stands, and its fact is heard by the next process."""
    process, key = start(), str(uuid4())
    first = call(process, node.uri, "answered", key)
    process.child.send_signal(signal.SIGKILL)
    assert count(Thing.name, "answered") == 1
    following = start()
    wires.wait_for(lambda: count(Poke.what, "heard answered"))
    assert call(following, node.uri, "answered", key) == first and count(Thing.name, "answered") == 1


# 7: a queue named after the listener's method is orphaned when the method is renamed.


def test_renamed_listener_hears_what_came_for_the_earlier_one(node: OneNode, start: Callable[..., wires.Process], count: Count) -> None:
    """The queue bears the names of service and event."""
    start().stop()
    wires.publish(node.uri_of("elsewhere"), ThingPoked.of(uuid4(), how="for whoever listens"))
    start(room="tests.faults.renamed.tiny")
    wires.wait_for(lambda: count(Poke.what, "for whoever listens"))
    assert count(Poke.what, "for whoever listens") == 1


# 8: a client that threads share hangs.


def test_asker_shared_by_threads_answers_or_says_that_it_cannot_even_when_connections_drop(
    node: OneNode, start: Callable[..., wires.Process]
) -> None:
    """None hangs, none gets another's answer; and afterwards all are answered."""
    process = start()
    asker = BrokerAsker(node.uri_of("gateway"), process.signer, 8)

    def ask(name: str) -> str:
        return str(asker.ask(MakeThing, {"name": name}, "test")["name"])

    def many(number: int) -> list[Any]:
        return [outcome(lambda turn=turn: ask(f"t-{number}-{turn}")) for turn in range(12)]  # type: ignore[misc]

    results = at_once(*[lambda number=number: many(number) for number in range(8)], lambda: node.close_connections("gateway"))  # type: ignore[misc]
    for number, answers in enumerate(results[:8]):
        assert all(answer == f"t-{number}-{turn}" or isinstance(answer, Unavailable) for turn, answer in enumerate(answers)), answers
    node.close_connections("gateway")
    time.sleep(0.5)
    assert [ask(f"after-{turn}") for turn in range(6)] == [f"after-{turn}" for turn in range(6)], (
        "a closed connection is noticed before it is used"
    )


def outcome(ask: Callable[[], Any]) -> Any:
    """What came, or what was raised."""
    try:
        return ask()
    except Exception as error:
        return error


# 9: SIGTERM finishes what is in flight, SIGKILL has it delivered again.


def test_sigterm_with_a_call_in_flight_answers_it_and_ends_well(node: OneNode, start: Callable[..., wires.Process], count: Count) -> None:
    """Its caller notices nothing."""
    process = start()
    asking = Asking(process, node.uri, "leaving", str(uuid4()), seconds=2)
    wires.wait_for(lambda: not wires.depth(node.uri, "tiny.rpc"))
    time.sleep(0.7)
    assert process.stop() == 0
    assert asking.end()["answer"]["name"] == "leaving" and count(Thing.name, "leaving") == 1


def test_sigkill_with_a_call_in_flight_has_another_process_answer_it(
    node: OneNode, start: Callable[..., wires.Process], count: Count
) -> None:
    """Once: what the killed one had begun was rolled back."""
    process = start()
    asking = Asking(process, node.uri, "killed", str(uuid4()), seconds=2)
    time.sleep(1)
    process.child.send_signal(signal.SIGKILL)
    process.child.wait()
    start()
    assert asking.end()["answer"]["name"] == "killed" and count(Thing.name, "killed") == 1


# 10: publishing on a connection that the broker has blocked hangs or corrupts.


@pytest.mark.parametrize("alarm", ["memory", "disk"])
def test_blocked_broker_is_said_to_callers_and_everything_goes_on_when_it_is_well(
    node: OneNode, start: Callable[..., wires.Process], count: Count, alarm: str
) -> None:
    """Services' and gateway's callers hear that nobody can be reached; nobody hangs, and what was committed is heard afterwards."""
    process = start()
    process.asker._timeout = 3
    assert call(process, node.uri, "before", str(uuid4()))["answer"]
    try:
        set_alarm(node, alarm, on=True)
        with pytest.raises(Unavailable):
            process.asker.ask(MakeThing, {"name": "blocked"}, "test")
        with pytest.raises(Unavailable):
            asyncio.run(ask_as_gateway(node, process))
    finally:
        set_alarm(node, alarm, on=False)
    answer = call_again(lambda: {"answer": process.asker.ask(MakeThing, {"name": "after"}, "test")})["answer"]
    assert answer["name"] == "after" and "answer" in call_again(lambda: asyncio.run(ask_as_gateway(node, process)))
    wires.wait_for(lambda: count(Poke.what, "heard before") and count(Poke.what, "heard after"))
    assert process.child.poll() is None and count(Thing.name, "blocked") <= 1


async def ask_as_gateway(node: OneNode, process: wires.Process) -> dict[str, Any]:
    """One question over the gateway's own client."""
    rpc = Rpc(node.uri_of("gateway"), 3, Admission(64, 6, 2**26))
    try:
        return await rpc.call(ForAnyone, {}, process.signer.token(service("asker")), "test")
    finally:
        await rpc.close()


ALARMS = {
    "memory": (("set_vm_memory_high_watermark", "absolute", "1"), ("set_vm_memory_high_watermark", "0.4")),
    "disk": (("set_disk_free_limit", "900000GB"), ("set_disk_free_limit", "100MB")),
}
"""What has the broker believe that it runs out of something, and what has it well again."""


def set_alarm(node: OneNode, alarm: str, *, on: bool) -> None:
    """Raise or clear an alarm; the broker knows of it when this returns."""
    node.control(*ALARMS[alarm][0 if on else 1])
    wires.wait_for(lambda: node.is_alarmed() == on)


# 11: services reconnect with growing pauses after a broker restart.


def test_service_is_back_soon_after_the_broker_and_nothing_is_lost(
    node: OneNode, start: Callable[..., wires.Process], count: Count, record_property: Callable[[str, Any], None]
) -> None:
    """What lay in queues is heard, once; how long it took is recorded."""
    process = start()
    assert call(process, node.uri, "before", str(uuid4()))["answer"]
    wires.wait_for(lambda: count(Poke.what, "heard before"))
    process.child.send_signal(signal.SIGSTOP)
    ids = [wires.publish(node.uri_of("elsewhere"), ThingPoked.of(uuid4(), how=f"queued-{number}")) for number in range(50)]
    node.stop()
    process.child.send_signal(signal.SIGCONT)
    time.sleep(3)
    node.start()
    back = time.monotonic()
    wires.wait_for(process.is_ready)
    took = time.monotonic() - back
    assert call_again(lambda: call(process, node.uri, "after", str(uuid4())))["answer"]
    wires.wait_for(lambda: count(Poke.what, "heard after") and all(count(Poke.what, f"queued-{number}") == 1 for number in range(len(ids))))
    record_property("ready_again_s", round(took, 1))
    print(f"ready again {took:.1f} s after the broker")
