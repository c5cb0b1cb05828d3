"""The gateway hears hints from a real broker, gets over its loss, and stops without waiting for those who listen."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import kombu
import pytest

from chassis.bare.hints import Hint, hears
from chassis.bare.principal import Signer
from chassis.running import topology
from deploy.local.broker_rights import Broker
from gateway import hearing as hearing_module
from gateway.admission import Admission
from gateway.hearing import Hearing
from gateway.live import EVERYTHING, Live
from gateway.rpc import Rpc
from tests.builders import representative
from tests.chassis.wires import wait_for
from tests.gateway.forwarder import Forwarder
from tests.gateway.served import Site, served
from tests.room import make_key

pytestmark = pytest.mark.slow

OURS = uuid4()
WHO = representative(OURS)


@pytest.fixture
def prepared(broker: Broker) -> Broker:
    """A broker with the gateway's rights, and the queue of identity's calls."""
    broker.prepare(["gateway", "identity"])
    topology.declare(broker.administrator_uri(), ["identity"], [])
    return broker


def listener() -> dict[str, Any]:
    """What identity says of whoever listens."""
    ends_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    return {"session_id": str(uuid4()), "person_id": WHO.id, "hears": hears(WHO), "ends_at": ends_at}


def hint(broker: Broker, *words: str) -> None:
    """A service's hint for everybody in our organisation."""
    message = {"hints": [Hint(words, frozenset({f"representative@{OURS}"})).as_message()]}
    with kombu.Connection(broker.uri("identity")) as connection:
        kombu.Producer(connection.default_channel, auto_declare=False).publish(message, exchange=topology.LIVE_TOPIC, routing_key="")


def test_hints_are_heard_again_after_the_broker_was_away_and_nothing_that_was_missed_stays_unseen(prepared: Broker, way: Forwarder) -> None:
    """A stream stays open meanwhile; what is no hint is passed over."""
    uri = prepared.uri("gateway").replace(str(httpx.URL(prepared.amqp_uri).port), str(way.port))

    async def play() -> None:
        live, rpc = Live(10, 10), Rpc(uri, 2, Admission(8, 2, 1000))
        stream, hearing = live._open(listener()), Hearing(rpc, live)
        await hearing.process_startup({}, {})
        for _ in range(2):
            way.join()
            await told(stream, [EVERYTHING])
            publish_nonsense(prepared)
            hint(prepared, "exchanges:1", "notices")
            await told(stream, ["exchanges:1", "notices"])
            way.cut()
            await asyncio.sleep(0.5)
            hint(prepared, "missed")
        assert not stream.is_over and stream.take() == []
        await hearing.process_shutdown({}, {})
        await rpc.close()

    asyncio.run(asyncio.wait_for(play(), 60))


class Fickle(Rpc):
    """Loses its connection in every way that the library has, and is then without a channel for a while."""

    def __init__(self) -> None:
        self.losses: list[BaseException] = [asyncio.CancelledError(), RuntimeError("closed"), OSError("away")]
        self.asked = 0

    async def another_channel(self) -> Any:
        """No channel."""
        self.asked += 1
        if self.losses:
            raise self.losses.pop()
        await asyncio.Event().wait()


def test_no_manner_of_losing_the_broker_ends_the_hearing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that cancels whoever waits; else streams would stay open and be told nothing any more."""
    monkeypatch.setattr(hearing_module, "PAUSE_S", 0.01)

    async def play() -> None:
        rpc = Fickle()
        hearing = Hearing(rpc, Live(10, 10))
        await hearing.process_startup({}, {})
        await asyncio.sleep(0.3)
        assert rpc.asked == 4 and not hearing._listening.done()
        await hearing.process_shutdown({}, {})
        await asyncio.wait([hearing._listening], timeout=5)
        assert hearing._listening.cancelled()

    asyncio.run(asyncio.wait_for(play(), 20))


async def told(stream: Any, words: list[str]) -> None:
    """Wait for exactly these."""
    await asyncio.wait_for(stream.woken.wait(), 20)
    assert stream.take() == words


def publish_nonsense(broker: Broker) -> None:
    """What no gateway should fall over."""
    with kombu.Connection(broker.uri("identity")) as connection:
        producer = kombu.Producer(connection.default_channel, auto_declare=False)
        for nonsense in ("{", '{"hints": 3}', '{"hints": [{}]}', "[]"):
            producer.publish(nonsense, exchange=topology.LIVE_TOPIC, routing_key="", content_type="application/json")


@contextmanager
def identity_answers(broker: Broker, folder: Path) -> Iterator[None]:
    """Somebody takes identity's calls: every session is open, and WHO listens."""
    token, over = Signer("identity", make_key(folder, "identity")).token(WHO), threading.Event()
    answers = {"issue_token": lambda: {"token": token, "lifetime_s": 60}, "listen_live": listener}

    def serve() -> None:
        with kombu.Connection(broker.uri("identity")) as connection:
            channel = connection.default_channel

            def answer(message: Any) -> None:
                properties = message.properties
                outcome = {"answer": answers[properties["type"]]()}
                kombu.Producer(channel, auto_declare=False).publish(
                    outcome, routing_key=properties["reply_to"], correlation_id=properties["correlation_id"]
                )

            channel.basic_consume("identity.rpc", callback=answer, no_ack=True)
            while not over.is_set():
                try:
                    connection.drain_events(timeout=0.2)
                except TimeoutError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


class Listening(threading.Thread):
    """Reads a stream over real HTTP until it ends."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.words: list[str] = []
        self.is_open, self.ended_at, self._site = False, 0.0, site

    def run(self) -> None:
        """Keep every word."""
        address = f"http://127.0.0.1:{self._site.port}/v1/live"
        with httpx.stream("GET", address, headers={"Authorization": "Bearer secret"}, timeout=30) as response:
            assert response.status_code == 200, response.read()
            for line in response.iter_lines():
                self.is_open = True
                self.words += [line.removeprefix("data: ")] if line.startswith("data: ") else []
        self.ended_at = time.monotonic()


def test_every_worker_hears_and_none_waits_for_its_listeners_when_it_stops(prepared: Broker, tmp_path: Path) -> None:
    """Over gunicorn: six streams on two workers are told the same; stopping takes no longer than it does without them."""
    with identity_answers(prepared, tmp_path), served(tmp_path, prepared.uri("gateway"), WEB_CONCURRENCY="2") as site:
        wait_for(lambda: site.client.get("/health/ready").status_code == 200)
        listening = [Listening(site) for _ in range(6)]
        for each in listening:
            each.start()
        wait_for(lambda: all(each.is_open for each in listening))
        wait_for(lambda: _all_heard(prepared, listening), 20)
        assert json.dumps([each.words[-1] for each in listening]) == json.dumps(["exchanges:7"] * 6)
        began = time.monotonic()
        site.leave()
        for each in listening:
            each.join(10)
        assert max(each.ended_at for each in listening) - began < 5
        wait_for(lambda: _is_gone(site), 8)


def _all_heard(broker: Broker, listening: list[Listening]) -> bool:
    hint(broker, "exchanges:7")
    time.sleep(0.3)
    return all(each.words and each.words[-1] == "exchanges:7" for each in listening)


def _is_gone(site: Site) -> bool:
    try:
        site.client.get("/health/live")
    except httpx.HTTPError:
        return True
    return False
