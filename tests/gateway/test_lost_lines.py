"""Whatever becomes of the connection to the broker, every call has an end: an answer, or a word that there is none just now."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import amqp
import httpx
import kombu
import pytest

from chassis.bare.refusals import Unavailable
from chassis.running import topology
from chassis.running.topology import call_queue
from contracts.identity import accounts
from deploy.local.broker_rights import Broker
from gateway import rpc as rpc_module
from gateway.admission import Admission
from gateway.ending import outcome_within
from gateway.rpc import HEARTBEAT_S, Rpc, beating
from tests.gateway.forwarder import Forwarder

TIMEOUT_S = 3.0
WAYS: dict[str, Callable[[], BaseException]] = {
    "cancelled by the library": lambda: asyncio.CancelledError(),
    "a channel that is no more": lambda: rpc_module.aiormq.exceptions.ChannelInvalidStateError("closed"),
    "closed": lambda: rpc_module.aiormq.exceptions.ConnectionClosed(320, "bye"),
    "reset": lambda: ConnectionResetError("reset"),
}


def small() -> Admission:
    """Room for a few."""
    return Admission(8, 2, 100_000)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("at", ["publishing", "looking who is there"])
def test_a_call_on_a_lost_connection_is_told_so_and_never_cancelled(way: str, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelled, the request behind would end without an answer: its client would see a connection that closes."""
    rpc = Rpc("amqp://a:b@127.0.0.1:1/", TIMEOUT_S, small())

    class Lost:
        is_closed = False

        async def basic_publish(self, *_: Any, **__: Any) -> None:
            raise WAYS[way]()

        async def queue_declare(self, *_: Any, **__: Any) -> None:
            raise WAYS[way]()

    async def opened() -> Any:
        return Lost()

    async def demand(_service: str) -> None:
        return None

    async def ask() -> None:
        if at == "publishing":
            monkeypatch.setattr(rpc, "_open", opened)
            monkeypatch.setattr(rpc._presence, "demand", demand)
        else:
            monkeypatch.setattr(rpc._presence, "_open_channel", opened)
        with pytest.raises(Unavailable):
            await rpc.call(accounts.ReadMe, {}, "token", "test")

    asyncio.run(ask())


def test_what_does_not_end_when_it_is_cancelled_is_not_waited_for() -> None:
    """As a farewell to a broker that does not read."""

    async def stubborn() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                if time.monotonic() > until:
                    raise

    async def wait() -> float:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await outcome_within(0.1, stubborn())
        return time.monotonic() - began

    until = time.monotonic() + 1
    with asyncio.Runner() as runner:
        assert runner.run(wait()) < 0.5
        time.sleep(max(0.0, until - time.monotonic()))


def test_a_caller_that_goes_away_is_cancelled_and_leaves_nothing_behind() -> None:
    """That is its own wish, and no lost connection."""
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("ended")

    async def go_away() -> None:
        caller = asyncio.create_task(outcome_within(60, work()))
        await asyncio.sleep(0.05)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        await asyncio.sleep(0.05)

    asyncio.run(go_away())
    assert ended == ["ended"]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("amqp://a:b@c:5/v", f"amqp://a:b@c:5/v?heartbeat={HEARTBEAT_S}"),
        ("amqp://a:b@c:5/v?heartbeat=30", "amqp://a:b@c:5/v?heartbeat=30"),
        ("amqps://a:b%2F@c/%2F?cafile=%2Fx", f"amqps://a:b%2F@c/%2F?heartbeat={HEARTBEAT_S}&cafile=%2Fx"),
    ],
)
def test_connection_beats_often_unless_the_operator_said_how_often(said: str, wanted: str) -> None:
    """The library's own minute has it take three until it knows that nobody is there."""
    assert beating(said) == wanted


@pytest.fixture
def answered(broker: Broker) -> Iterator[Broker]:
    """A broker on which somebody answers identity's calls."""
    broker.prepare(["gateway", "identity"])
    topology.declare(broker.administrator_uri(), ["identity"], [])
    stop = threading.Event()
    answering = threading.Thread(target=answer, args=(broker.administrator_uri(), stop))
    answering.start()
    yield broker
    stop.set()
    answering.join()


def answer(uri: str, stop: threading.Event) -> None:
    """Answer every call."""
    with kombu.Connection(uri) as connection:
        channel = connection.channel()

        def reply(message: Any) -> None:
            about = {"correlation_id": message.properties["correlation_id"]}
            channel.basic_publish(amqp.Message('{"answer": {}}', **about), "", message.properties["reply_to"])
            channel.basic_ack(message.delivery_tag)

        channel.basic_consume(call_queue("identity"), callback=reply)
        while not stop.is_set():
            try:
                connection.drain_events(timeout=0.1)
            except TimeoutError:
                continue


def test_a_connection_that_says_nothing_any_more_is_given_up_and_calls_are_answered_again(answered: Broker, way: Forwarder) -> None:
    """Half open: nobody closed it, and nothing comes. Without our looking it would take the heartbeats' time, minutes."""
    uri = answered.uri("gateway").replace(str(httpx.URL(answered.amqp_uri).port), str(way.port))

    async def play() -> float:
        rpc = Rpc(uri, TIMEOUT_S, small())
        assert await rpc.call(accounts.ReadMe, {}, "token", "test") == {"answer": {}}
        way.freeze()
        began = time.monotonic()
        while True:
            asked = time.monotonic()
            try:
                assert await rpc.call(accounts.ReadMe, {}, "token", "test") == {"answer": {}}
                break
            except Unavailable:
                assert time.monotonic() - asked < 2 * TIMEOUT_S
                await asyncio.sleep(0.1)
        took = time.monotonic() - began
        await rpc.close()
        return took

    way.join()
    assert asyncio.run(asyncio.wait_for(play(), 60)) < 20


def test_calls_that_are_answered_keep_a_connection_of_which_a_look_was_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that is busy is not away."""
    rpc, now = Rpc("amqp://a:b@127.0.0.1:1/", TIMEOUT_S, small()), [100.0]
    monkeypatch.setattr(rpc_module.time, "monotonic", lambda: now[0])
    given_up: list[float] = []
    monkeypatch.setattr(rpc, "_give_up", lambda: given_up.append(now[0]))
    monkeypatch.setattr(rpc, "_connection", object())
    for second in range(100, 120, 3):
        now[0] = second
        rpc._hear_nothing()
        rpc._hear()
    assert not given_up
    for second in (200, 203, 206):
        now[0] = second
        rpc._hear_nothing()
    assert given_up == [206]
