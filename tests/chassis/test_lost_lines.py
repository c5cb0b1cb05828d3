"""A connection that is dead without having ended: whoever waits for the broker's word on it stops waiting, and begins anew."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from chassis.bare.principal import Signer
from chassis.bare.refusals import Unavailable
from chassis.running import wire as wire_module
from chassis.running.calls import BrokerAsker, Line
from chassis.running.consuming import RawConsumer
from chassis.running.wire import ANSWER_S, BROKEN, Wire
from deploy.local.broker_rights import Broker
from deploy.local.ports import Ports
from tests.chassis import wires
from tests.chassis.tiny.contracts import MakeThing
from tests.gateway.forwarder import Forwarder
from tests.room import make_key

QUEUE = "tiny.on.thing_poked"


@pytest.fixture
def way(tmp_path: Path, broker: Broker) -> Iterator[Forwarder]:
    """A way to the broker, open, with the tiny service's queues at its end."""
    broker.prepare(["tiny"], asking=["tiny"])
    wires.declare(broker.administrator_uri())
    wires.empty(broker.administrator_uri(), QUEUE, "tiny.rpc")
    made = Forwarder(Ports(tmp_path).of("way"), httpx.URL(broker.amqp_uri).port or 5672)
    made.join()
    yield made
    made.cut()


@pytest.fixture
def uri(way: Forwarder, broker: Broker) -> str:
    """The broker by that way, as the tiny service."""
    return broker.uri("tiny").replace(str(httpx.URL(broker.amqp_uri).port), str(way.port))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for two seconds only."""
    monkeypatch.setattr(wire_module, "ANSWER_S", 2)
    monkeypatch.setattr(wire_module, "CONFIRM_TIMEOUT_S", 2)


@pytest.mark.parametrize("confirm", [True, False], ids=["confirmed", "unconfirmed"])
def test_what_is_asked_on_a_frozen_connection_is_asked_anew_on_another(confirm: bool, way: Forwarder, uri: str) -> None:
    """The look into a queue waits for an answer, with confirms each message does, too."""
    wire = Wire(uri, confirm=confirm)
    assert wire.depth(QUEUE) == (0, 0)
    way.freeze()
    began = time.monotonic()
    if confirm:
        wire.send(wires.poked(), "", QUEUE, mandatory=True, message_id="1")
    assert wire.depth(QUEUE) is not None and time.monotonic() - began < 8
    wire.close()


def test_a_question_on_a_frozen_connection_ends_at_its_time(way: Forwarder, uri: str, tmp_path: Path) -> None:
    """And the next one has another connection."""
    asker = BrokerAsker(uri, Signer("tiny", make_key(tmp_path, "tiny")), 3)
    asker._idle.append(Line(uri))
    way.freeze()
    began = time.monotonic()
    with pytest.raises(Unavailable, match="does not answer"):
        asker.ask(MakeThing, {"name": "lamp"}, "test")
    assert time.monotonic() - began < 6
    with pytest.raises(Unavailable, match="is not running"):
        asker.ask(MakeThing, {"name": "lamp"}, "test")


def test_consumers_wait_in_vain_no_longer(uri: str, way: Forwarder) -> None:
    """Frozen while they are set up, when no heartbeat is looked at."""
    consumer = RawConsumer()
    consumer.container = SimpleNamespace(config={"AMQP_URI": uri, "HEARTBEAT": 20})
    with consumer.establish_connection() as connection:
        assert connection.connection.transport.sock.gettimeout() == 2
        way.freeze()
        began = time.monotonic()
        with pytest.raises(BROKEN):
            connection.channel()
        assert time.monotonic() - began < 5
    assert ANSWER_S < 60


@pytest.mark.parametrize("begin", [lambda uri: Wire(uri, confirm=True).depth(QUEUE), Line], ids=["wire", "line"])
def test_a_connection_on_which_the_beginning_fails_is_closed(
    begin: Callable[[str], object], uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else would: each try at a broker that is not ready yet would leave one behind."""
    opened: list[socket.socket] = []
    monkeypatch.setattr(wire_module, "open_connection", lambda uri: keep(real(uri), opened))
    for _ in range(2):
        with pytest.raises(BROKEN):
            begin(uri)
    assert opened and all(each.fileno() == -1 for each in opened)


real = wire_module.open_connection


def keep(connection: object, opened: list[socket.socket]) -> object:
    """Remember the connection's socket, and let no channel be opened on it."""
    opened.append(connection.connection.transport.sock)  # type: ignore[attr-defined]

    def refuse() -> None:
        raise ConnectionResetError("not yet")

    connection.channel = refuse  # type: ignore[attr-defined]
    return connection
