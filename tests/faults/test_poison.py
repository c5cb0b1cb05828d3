"""Poison: a message that cannot be applied runs six times at most, is parked with all that is known of it, and harms no other."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine, select, text

from chassis.bare.message import Fact
from chassis.bare.protocol import EVENT_TYPE, MOST_BYTES
from chassis.running.parked import Parked
from chassis.running.parking import Parking
from chassis.running.topology import announcers
from deploy.local.broker_rights import Broker
from tests.chassis import wires
from tests.chassis.conftest import TABLES, tiny_engine  # noqa: F401
from tests.chassis.tiny.contracts import ThingPoked
from tests.chassis.tiny.model import Poke
from tests.chassis.wires import poked

LISTENER = "tiny.on.thing_poked"
Start = Callable[[], wires.Process]


@pytest.fixture
def uri(broker: Broker, tiny_engine: Engine) -> str:  # noqa: F811
    """The broker and the tiny service's database, with nothing in them."""
    broker.prepare(["tiny"], asking=["tiny"])
    wires.declare(broker.administrator_uri())
    wires.empty(broker.administrator_uri(), "tiny.parked", *(f"tiny.on.{event.slug()}" for event in wires.EVENTS))
    with tiny_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in TABLES)} RESTART IDENTITY"))
    return broker.administrator_uri()


@pytest.fixture(scope="module")
def elsewhere(broker: Broker) -> str:
    """The broker, for the service whose events the tiny one hears."""
    return wires.elsewhere(broker)


@pytest.fixture
def process(uri: str, broker: Broker, tiny_engine: Engine, tmp_path: Path) -> Iterator[wires.Process]:  # noqa: F811
    """A real service."""
    with wires.process(tmp_path, tiny_engine, broker.uri("tiny")) as running:
        yield running


@pytest.fixture
def pokes(tiny_engine: Engine) -> Callable[[], Counter[str]]:  # noqa: F811
    """What was done when poked, and how often."""

    def rows() -> Counter[str]:
        with tiny_engine.connect() as connection:
            return Counter(connection.scalars(select(Poke.what)))

    return rows


@pytest.fixture
def parking(uri: str, broker: Broker) -> Parking:
    """The tiny service's parking."""
    return parking_of(broker)


def parking_of(broker: Broker) -> Parking:
    """The tiny service's parking, on any broker."""
    return Parking(broker.uri, ["tiny"], announcers(wires.EVENTS))


def good(number: int) -> Fact:
    """An event that anybody can apply."""
    return ThingPoked.of(uuid4(), how=f"good-{number}")


def publish_among(elsewhere: str, poison: Fact, before: int = 100, after: int = 100) -> str:
    """Poison in the middle of good ones, in one queue; returns its id."""
    for number in range(before):
        wires.publish(elsewhere, good(number))
    event_id = wires.publish(elsewhere, poison)
    for number in range(before, before + after):
        wires.publish(elsewhere, good(number))
    return event_id


def wait_parked(parking: Parking, count: int = 1, seconds: float = 60) -> list[Parked]:
    """What is parked, as soon as it is so many."""
    return wires.wait_for(lambda: found if len(found := list(parking.each())) >= count else None, seconds)


def test_poison_among_200_good_ones_runs_six_times_and_holds_up_nobody(
    process: wires.Process, elsewhere: str, parking: Parking, pokes: Callable[[], Counter[str]]
) -> None:
    """The good ones are all applied while it is still being tried; then it is parked with all that is known of it."""
    event_id = publish_among(elsewhere, ThingPoked.of(uuid4(), how="raise"))
    wires.wait_for(lambda: len(pokes()) == 200)
    (parked,) = wait_parked(parking)
    assert pokes() == {f"good-{number}": 1 for number in range(200)}
    assert process.ended("on thing_poked", "failed") == 6
    assert (parked.queue, parked.reason, parked.runs) == (LISTENER, "RuntimeError: poked too hard", 6)
    assert (parked.message_id, parked.type, parked.correlation_id) == (event_id, "thing_poked", "test")
    assert parked.subject.startswith("poke/") and json.loads(parked.body)["data"] == {"how": "raise"}
    assert abs(datetime.fromisoformat(parked.since) - datetime.now(UTC)) < timedelta(minutes=2)
    wires.wait_for(lambda: "parked_messages" in metrics(process) and 'parked_messages{service="tiny"} 1.0' in metrics(process), 20)


def test_poison_that_ends_its_process_is_parked_alone(
    elsewhere: str, broker: Broker, tiny_engine: Engine, tmp_path: Path, parking: Parking, pokes: Callable[[], Counter[str]]  # noqa: F811
) -> None:  # fmt: skip
    """Six runs, each of which takes the process with it; those that were under way beside it are applied, and not one is parked."""
    runs = tmp_path / "runs"
    event_id = publish_among(elsewhere, ThingPoked.of(uuid4(), how=f"die:{runs}"), 20, 180)
    until, starts = time.monotonic() + 300, 0
    while len(pokes()) < 200 or not list(parking.each()):
        assert time.monotonic() < until, (len(pokes()), starts)
        starts += 1
        running = wires.Process(tmp_path, tiny_engine, broker.uri("tiny"))
        while running.child.poll() is None and (len(pokes()) < 200 or not list(parking.each())):
            time.sleep(0.2)
        running.stop()
    (parked,) = parking.each()
    assert parked.message_id == event_id and parked.runs == len(runs.read_text()) <= 6
    assert parked.queue == LISTENER and "process ended" in parked.reason and parked.since
    assert pokes() == {f"good-{number}": 1 for number in range(200)}


AT_ONCE: list[tuple[str, bytes, str]] = [
    ("not JSON", b"not json", EVENT_TYPE),
    ("half an event", poked()[:60], EVENT_TYPE),
    ("not UTF-8", b"\xff\xfe\x00", EVENT_TYPE),
    ("not a JSON object", b"[1,2]", EVENT_TYPE),
    ("nested 100,000 deep", b"[" * 100_000 + b"]" * 100_000, EVENT_TYPE),
    ("enormous", poked(data={"how": "x" * (MOST_BYTES + 1)}), EVENT_TYPE),
    ("a pickle", b"cos\nsystem\n(S'true'\ntR.", "application/x-python-serialize"),
    ("an event that says it is a pickle", poked(), "application/x-python-serialize"),
]
AFTER_SIX: list[tuple[str, bytes]] = [
    ("no id", poked(id=None)),
    ("an id that is none", poked(id="7")),
    ("no data", poked(data=None)),
    ("data of another shape", poked(data={"how": {"deep": 1}})),
    ("data that lack a field", poked(data={})),
    ("a time that is none", poked(time="yesterday")),
    ("a letter that no table takes", poked(data={"how": "\0"})),
]


@pytest.mark.parametrize(("body", "content_type"), [each[1:] for each in AT_ONCE], ids=[each[0] for each in AT_ONCE])
def test_what_is_no_event_is_parked_at_once_and_stops_nobody(
    shared: wires.Process, shared_uri: str, broker: Broker, elsewhere: str, tiny_engine: Engine, body: bytes, content_type: str  # noqa: F811
) -> None:  # fmt: skip
    """It will not become one; the process that took it goes on, and it is kept byte for byte."""
    failed = shared.ended("on thing_poked", "failed")
    wires.send(elsewhere, "elsewhere.events", "thing_poked", body, content_type=content_type, message_id="m-1", type="thing_poked")
    (parked,) = wait_parked(parking_of(broker), seconds=15)
    assert parked.body == body and (parked.queue, parked.message_id, parked.type) == (LISTENER, "m-1", "thing_poked")
    assert parked.reason.startswith(("it is not", "its content type", "it has")) and parked.since
    wires.publish(elsewhere, ThingPoked.of(uuid4(), how=(name := f"next-{uuid4()}")))
    with tiny_engine.connect() as connection:
        wires.wait_for(lambda: (connection.rollback(), connection.scalar(select(Poke.what).where(Poke.what == name)))[1], 15)
    assert shared.ended("on thing_poked", "failed") == failed
    wires.empty(shared_uri, "tiny.parked")


def test_what_does_not_fit_its_contract_is_parked_after_six_runs(
    shared: wires.Process, shared_uri: str, broker: Broker, elsewhere: str
) -> None:
    """All of them beside each other, within seconds."""
    before = tried(shared)
    for _, body in AFTER_SIX:
        wires.send(elsewhere, "elsewhere.events", "thing_poked", body, content_type=EVENT_TYPE)
    parked = wait_parked(parking_of(broker), len(AFTER_SIX))
    assert {each.body for each in parked} == {body for _, body in AFTER_SIX} and {each.runs for each in parked} == {6}
    assert tried(shared) - before == 6 * len(AFTER_SIX)
    wires.empty(shared_uri, "tiny.parked")


def test_event_with_fields_that_nobody_knows_yet_is_applied(shared: wires.Process, elsewhere: str, tiny_engine: Engine) -> None:  # noqa: F811
    """Contracts grow: a newer announcer is no poison."""
    how = f"newer-{uuid4()}"
    body = poked(newer="yes", data={"how": how, "strength": 3})
    wires.send(elsewhere, "elsewhere.events", "thing_poked", body, content_type=EVENT_TYPE, headers={"x-tries": "many", "x-crashes": -7})
    with tiny_engine.connect() as connection:
        wires.wait_for(lambda: (connection.rollback(), connection.scalar(select(Poke.what).where(Poke.what == how)))[1], 15)


@pytest.fixture(scope="module")
def shared_uri(broker: Broker) -> str:
    """The broker, for tests that share a process."""
    broker.prepare(["tiny"], asking=["tiny"])
    wires.declare(broker.administrator_uri())
    wires.empty(broker.administrator_uri(), "tiny.parked", LISTENER)
    return broker.administrator_uri()


@pytest.fixture(scope="module")
def shared(shared_uri: str, broker: Broker, tiny_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[wires.Process]:  # noqa: F811
    """A process that must outlive all that is thrown at it."""
    with wires.process(tmp_path_factory.mktemp("shared"), tiny_engine, broker.uri("tiny")) as running:
        yield running
        assert running.child.poll() is None


def tried(process: wires.Process) -> int:
    """How often its door was opened in vain."""
    return process.ended("on thing_poked", "failed") + process.ended("on thing_poked", "refused")


def metrics(process: wires.Process) -> str:
    """The process' metrics."""
    return httpx.get(f"http://127.0.0.1:{process.port}/metrics", timeout=5).text
