"""The tiny service as a real process on a real broker: calls, events, failures, and its end."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, text

from chassis.bare.principal import service
from chassis.bare.protocol import call_headers, encode
from chassis.bare.refusals import RefusedElsewhere, Unavailable
from chassis.running.calls import Line
from deploy.local.broker_rights import Broker
from deploy.local.ports import Ports
from gateway.admission import Admission
from gateway.rpc import Rpc
from tests.chassis import wires
from tests.chassis.conftest import TABLES, at_once
from tests.chassis.tiny.contracts import ForAnyone, ForPersons, ListThings, MakeThing, ThingNamed, ThingPoked
from tests.chassis.tiny.model import Poke, Thing

pytestmark = pytest.mark.slow


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
def process(uri: str, broker: Broker, tiny_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[wires.Process]:
    """One process for most tests."""
    with tiny_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in TABLES)} RESTART IDENTITY"))
    with wires.process(tmp_path_factory.mktemp("process"), tiny_engine, broker.uri("tiny")) as running:
        yield running


@pytest.fixture
def count(tiny_engine: Engine) -> Callable[..., int]:
    """How many rows of a table have this name."""

    def rows(column: Any, value: str) -> int:
        with tiny_engine.connect() as connection:
            return connection.scalar(select(func.count()).where(column == value)) or 0

    return rows


def make(process: wires.Process, name: str, **fields: Any) -> dict[str, Any]:
    """Ask for a thing over the broker."""
    return process.asker.ask(MakeThing, {"name": name} | fields, "test")


def raw(process: wires.Process, body: bytes, contract: Any = MakeThing, **headers: Any) -> dict[str, Any]:
    """A call with any body and headers; its outcome as it came."""
    deadline = time.time() + 5
    good = call_headers(process.signer.token(service("asker")), deadline, "test")
    line = Line(process.asker._uri)
    try:
        return line.exchange(contract, body, good | headers, deadline)
    finally:
        line.close()


def test_call_is_answered_over_the_broker(process: wires.Process) -> None:
    """From another service, under the service's own token."""
    assert make(process, "lamp")["name"] == "lamp"
    assert process.asker.ask(ListThings, {}, "test")["items"]


def test_many_calls_at_once_get_each_its_own_answer(process: wires.Process) -> None:
    """Lines are shared without mixing replies up."""
    names = [f"many-{number}" for number in range(24)]
    assert [answer["name"] for answer in at_once(*[lambda name=name: make(process, name) for name in names])] == names  # type: ignore[misc]


def test_refusal_comes_back_with_kind_code_and_details(process: wires.Process, count: Callable[..., int]) -> None:
    """Ids in the details included; and nothing stays of it."""
    with pytest.raises(RefusedElsewhere) as refused:
        make(process, "spoilt")
    message = refused.value.as_message()
    assert (message["kind"], message["code"]) == ("conflict", "thing_spoilt") and message["details"]["thing_id"]
    assert count(Thing.name, "spoilt") == 0


def test_bug_is_answered_without_our_insides(process: wires.Process) -> None:
    """And the service goes on."""
    with pytest.raises(RuntimeError) as failed:
        make(process, "bug")
    assert "insides" not in str(failed.value) and make(process, "after the bug")


def test_call_past_its_deadline_is_not_executed(process: wires.Process, uri: str, count: Callable[..., int]) -> None:
    """Its caller has long given up."""
    headers = call_headers(process.signer.token(service("asker")), time.time() - 1, "test")
    wires.send(uri, "rpc", "tiny", encode({"name": "late"}), type="make_thing", headers=headers)
    make(process, "in time")
    time.sleep(0.5)
    assert (count(Thing.name, "late"), count(Thing.name, "in time")) == (0, 1)


@pytest.mark.parametrize("token", ["", "garbage", None])
def test_call_without_a_good_token_is_refused_by_the_service_itself(process: wires.Process, token: str | None) -> None:
    """Whoever reaches the broker has reached nothing yet."""
    assert raw(process, encode({"name": "stranger"}), token=token)["refusal"]["code"] == "log_in_required"


def test_call_in_anothers_name_is_refused(process: wires.Process) -> None:
    """The asker's key speaks for the asker."""
    token = process.signer.token(service("identity"))
    assert raw(process, encode({"name": "stranger"}), token=token)["refusal"]["code"] == "log_in_required"


def test_service_is_not_a_person(process: wires.Process) -> None:
    """The door's table holds over the wire too."""
    with pytest.raises(RefusedElsewhere) as refused:
        process.asker.ask(ForPersons, {}, "test")
    assert refused.value.as_message()["code"] == "log_in_required"


@pytest.mark.parametrize(
    ("body", "headers", "outcome"),
    [(b"not json", {}, "error"), (b"[1]", {}, "refusal"), (b"\xff\xfe", {}, "error"), (b'{"name":"x"}', {"deadline": "soon"}, "error"), (b"{}", {}, "refusal")],
)  # fmt: skip
def test_garbled_call_is_answered_and_stops_nobody(process: wires.Process, body: bytes, headers: dict[str, Any], outcome: str) -> None:
    """Not even the consumer that took it."""
    assert outcome in raw(process, body, **headers)
    assert process.asker.ask(ForAnyone, {}, "test") == {}


def test_reply_goes_nowhere_but_to_a_callers_own_address(process: wires.Process, uri: str) -> None:
    """A caller cannot have the service write into a queue of its choice."""
    headers = call_headers(process.signer.token(service("asker")), time.time() + 5, "test")
    wires.send(uri, "rpc", "tiny", encode({}), type="for_anyone", headers=headers, reply_to="tiny.parked")
    process.asker.ask(ForAnyone, {}, "test")
    time.sleep(0.3)
    assert wires.taken(uri, "tiny.parked") == []


def test_unknown_call_is_an_error_and_no_silence(process: wires.Process) -> None:
    """Nobody waits for a door that is not there."""

    class NoSuchDoor(ForAnyone):
        """It has no door."""

    assert "error" in raw(process, b"{}", NoSuchDoor)


def test_fact_reaches_its_listener_by_itself(process: wires.Process, count: Callable[..., int]) -> None:
    """Journal, relay, topic, queue, listener: once."""
    make(process, "announced")
    wires.wait_for(lambda: count(Poke.what, "heard announced"))
    time.sleep(0.5)
    assert count(Poke.what, "heard announced") == 1


def test_same_event_twice_has_one_effect(process: wires.Process, elsewhere: str, count: Callable[..., int]) -> None:
    """As after a crash of the relay."""
    envelope = {
        "specversion": "1.0", "id": str(uuid4()), "source": "/elsewhere", "type": "thing_poked", "subject": f"poke/{uuid4()}", "subjectversion": 1,
        "time": "2026-11-02T09:00:00Z", "actor": "service:elsewhere", "data": {"how": "twice"},
    }  # fmt: skip
    for _ in range(3):
        wires.send(elsewhere, "elsewhere.events", "thing_poked", json.dumps(envelope).encode())
    wires.wait_for(lambda: process.ended("on thing_poked", "done") >= 3)
    assert count(Poke.what, "twice") == 1


def test_early_event_waits_and_is_applied(process: wires.Process, elsewhere: str, tiny_engine: Engine, count: Callable[..., int]) -> None:
    """It is acknowledged, kept, and tried again by itself."""
    thing_id = uuid4()
    wires.publish(elsewhere, ThingNamed.of(thing_id, name="came first"))
    with tiny_engine.connect() as connection:
        wires.wait_for(lambda: (connection.rollback(), connection.scalar(text("SELECT count(*) FROM waiting")))[1])
    with tiny_engine.begin() as connection:
        connection.execute(Thing.__table__.insert().values(id=thing_id, name="came second", made_at=func.now(), version=1))  # type: ignore[attr-defined]
    wires.wait_for(lambda: count(Thing.name, "came first"))


def test_poison_is_tried_six_times_and_parked_and_slows_nobody(
    process: wires.Process, uri: str, elsewhere: str, count: Callable[..., int]
) -> None:
    """With its reason and where it came from; the others are heard meanwhile."""
    before, began = process.ended("on thing_poked", "failed"), time.monotonic()
    event_id = wires.publish(elsewhere, ThingPoked.of(uuid4(), how="raise"))
    wires.publish(elsewhere, ThingPoked.of(uuid4(), how="meanwhile"))
    wires.wait_for(lambda: count(Poke.what, "meanwhile"), 3)
    (message,) = wires.wait_for(lambda: wires.taken(uri, "tiny.parked"), 25)
    assert time.monotonic() - began < 20
    assert json.loads(message.body)["id"] == event_id
    assert message.headers["x-reason"] == "RuntimeError: poked too hard" and message.headers["x-from-queue"] == "tiny.on.thing_poked"
    assert process.ended("on thing_poked", "failed") - before == 6 and count(Poke.what, "raise") == 0


@pytest.mark.parametrize("body", [b"not json", b"[1,2]", b"\xff"])
def test_what_is_no_event_is_parked_at_once(process: wires.Process, uri: str, elsewhere: str, body: bytes) -> None:
    """It will not become one."""
    wires.send(elsewhere, "elsewhere.events", "thing_poked", body)
    (message,) = wires.wait_for(lambda: wires.taken(uri, "tiny.parked"), 3)
    assert bytes(message.body if isinstance(message.body, bytes) else message.body.encode()) == body


def test_listener_that_needs_what_is_away_tries_on_without_counting(
    process: wires.Process, uri: str, elsewhere: str, tmp_path: Path, count: Callable[..., int]
) -> None:
    """More often than a poison message may; then it is done, and nothing was parked."""
    before = process.ended("on thing_poked", "refused")
    wires.publish(elsewhere, ThingPoked.of(uuid4(), how=f"away:{tmp_path / 'back'}"))
    wires.wait_for(lambda: process.ended("on thing_poked", "refused") - before > 7, 30)
    (tmp_path / "back").touch()
    wires.wait_for(lambda: count(Poke.what, "away"))
    assert wires.taken(uri, "tiny.parked") == []


def test_gateways_client_has_many_calls_under_way_on_one_connection(process: wires.Process, broker: Broker) -> None:
    """Each gets its own answer; a call that nobody answers in time is unavailable."""
    broker.prepare(["gateway"])

    async def ask() -> tuple[list[Any], float]:
        rpc = Rpc(broker.uri("gateway"), 3, Admission(64, 6, 2**26))
        assert await rpc.connected()
        token, began = process.signer.token(service("asker")), time.monotonic()
        calls = [rpc.call(MakeThing, {"name": f"g-{n}", "seconds": 0.3}, token, "test") for n in range(8)]
        answers = await asyncio.gather(*calls)
        took = time.monotonic() - began
        with pytest.raises(Unavailable):
            await rpc.call(MakeThing, {"name": "too slow", "seconds": 5}, token, "test")
        await rpc.close()
        return answers, took

    answers, took = asyncio.run(ask())
    assert [answer["answer"]["name"] for answer in answers] == [f"g-{n}" for n in range(8)] and took < 2.4


def test_health_says_ready_and_metrics_are_there(process: wires.Process) -> None:
    """On loopback."""
    assert process.is_ready() and process.ended("for_anyone", "done") > 0


def test_sigterm_finishes_the_call_in_flight_and_ends_well(
    uri: str, broker: Broker, tiny_engine: Engine, tmp_path: Path, process: wires.Process, count: Callable[..., int]
) -> None:
    """No call is lost in a roll-out. (The other process is stopped first, so that this one gets the call.)"""
    assert process.stop() == 0
    with wires.process(tmp_path, tiny_engine, broker.uri("tiny")) as leaving:
        answers: list[Any] = []
        asking = threading.Thread(target=lambda: answers.append(make(leaving, "in flight", seconds=1.5)))
        asking.start()
        time.sleep(0.7)
        began = time.monotonic()
        assert leaving.stop() == 0 and time.monotonic() - began < 10
        asking.join()
        assert answers[0]["name"] == "in flight" and count(Thing.name, "in flight") == 1
        with pytest.raises(Unavailable):
            leaving.asker._timeout = 0.5
            make(leaving, "nobody there")


def test_process_and_its_callers_recover_from_a_broker_that_restarts(
    tiny_engine: Engine, tmp_path: Path, count: Callable[..., int]
) -> None:
    """What was committed meanwhile is delivered, and calls are answered again, without a hand."""
    from deploy.local.broker import PrivateNode
    from deploy.local.files import private_folder
    from deploy.local.passwords import Passwords
    from deploy.local.program import running, wait_until

    folder = tmp_path / "node"
    private_folder(folder)
    node = PrivateNode(folder / "broker", Ports(folder), Passwords(folder), folder)
    node.prepare()
    with running(node.port_mapper()):
        with running(node.node()):
            wait_until(node.answers, "the broker", folder / "broker.log")
            node.broker.prepare(["tiny"], asking=["tiny"])
            wires.declare(node.broker.administrator_uri())
            running_process = wires.process(tmp_path, tiny_engine, node.broker.uri("tiny"))
            process = running_process.__enter__()
            assert make(process, "before")
        try:
            process.asker._timeout = 1
            with pytest.raises(Unavailable):
                make(process, "while it is away")
            wires.wait_for(lambda: not process.is_ready())
            with running(node.node()):
                wait_until(node.answers, "the broker", folder / "broker.log")
                wires.wait_for(process.is_ready, 40)
                process.asker._timeout = 8
                assert make(process, "after")
                wires.wait_for(lambda: count(Poke.what, "heard after"))
            wires.wait_for(lambda: not process.is_ready())
            assert process.stop() == 0
        finally:
            running_process.__exit__(None, None, None)


def test_process_can_be_stopped_while_the_broker_is_away(tiny_engine: Engine, tmp_path: Path) -> None:
    """At its start, when there is none yet."""
    waiting = wires.Process(tmp_path, tiny_engine, "amqp://tiny@127.0.0.1:1/")
    wires.wait_for(lambda: "Error connecting" in waiting.log.read_text())
    began = time.monotonic()
    assert waiting.stop() == 0 and time.monotonic() - began < 5
