"""The relay: what was committed reaches its queue, in order, at least once, and is noted only then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import kombu
import pytest
from sqlalchemy import select

from chassis.bare.tables import JournalRow
from chassis.running import topology
from chassis.running.relay import BATCH, Relay
from chassis.running.wire import BROKEN, Undeliverable, Wire
from deploy.local.broker_rights import Broker
from tests.builders import person
from tests.chassis import wires
from tests.chassis.tiny.contracts import MakeThing, RenameThing
from tests.room import Room

QUEUE = topology.event_queue("tiny", "thing_made")
Look = Callable[..., list[Any]]


@pytest.fixture
def uri(broker: Broker) -> str:
    """The broker, with empty queues."""
    broker.prepare(["tiny"], asking=["tiny"])
    wires.declare(broker.administrator_uri())
    wires.empty(broker.administrator_uri(), QUEUE, "tiny.parked")
    return broker.administrator_uri()


@pytest.fixture
def relays(tiny: Room, broker: Broker) -> Iterator[Callable[..., Relay]]:
    """Makes relays with the service's own rights; each on connections of its own, as in processes of their own."""
    made: list[Relay] = []

    def make(amqp_uri: str | None = None) -> Relay:
        made.append(Relay("tiny", tiny.engine, Wire(amqp_uri or broker.uri("tiny"), confirm=True)))
        return made[-1]

    yield make
    for relay in made:
        relay.close()


def unpublished(look: Look) -> list[str]:
    """What is still to be published."""
    return [row.data["name"] for row in look(select(JournalRow).where(JournalRow.published_at.is_(None)).order_by(JournalRow.position))]


def make(tiny: Room, *names: str) -> list[dict[str, Any]]:
    """Things with these names."""
    return [tiny.ask(MakeThing, person(), name=name) for name in names]


def test_facts_are_published_in_order_and_noted(tiny: Room, look: Look, uri: str, relays: Callable[..., Relay]) -> None:
    """As CloudEvents with the journal row's id, subject version and correlation."""
    make(tiny, *"abcde")
    assert relays().run_once() == 5 and unpublished(look) == []
    events = wires.bodies(uri, QUEUE)
    rows = look(select(JournalRow).order_by(JournalRow.position))
    assert [event["data"]["name"] for event in events] == list("abcde")
    assert [(event["id"], event["subject"], event["correlationid"]) for event in events] == [
        (str(row.id), row.subject, row.correlation_id) for row in rows
    ]


def test_more_than_a_batch_is_published_batch_by_batch(tiny: Room, look: Look, uri: str, relays: Callable[..., Relay]) -> None:
    """In order across batches."""
    from uuid import uuid4

    from tests.chassis.tiny.contracts import ThingMade

    with tiny.unit() as unit:
        unit.announce([ThingMade.of(uuid4(), name=str(number)) for number in range(BATCH + 10)])
    relay = relays()
    assert [relay.run_once(), relay.run_once(), relay.run_once()] == [BATCH, 10, 0]
    assert [event["data"]["name"] for event in wires.bodies(uri, QUEUE)] == [str(number) for number in range(BATCH + 10)]


def test_fact_that_nobody_hears_is_published_without_a_queue(tiny: Room, look: Look, uri: str, relays: Callable[..., Relay]) -> None:
    """It may have listeners one day; it must not hold up the others."""
    who = person()
    made = tiny.ask(MakeThing, who, name="a")
    tiny.ask(RenameThing, who, if_match=1, thing_id=made["thing_id"], name="b")
    assert relays().run_once() == 2 and unpublished(look) == []


def test_fact_whose_queue_is_missing_waits_for_it(tiny: Room, look: Look, uri: str, relays: Callable[..., Relay]) -> None:
    """Nothing is lost in a queue that is not there, and what comes after keeps its place."""
    make(tiny, "a", "b")
    with kombu.Connection(uri) as connection:
        connection.default_channel.queue_delete(QUEUE)
    relay = relays()
    for _ in range(2):
        with pytest.raises(Undeliverable):
            relay.run_once()
    assert unpublished(look) == ["a", "b"]
    wires.declare(uri)
    assert relay.run_once() == 2 and [event["data"]["name"] for event in wires.bodies(uri, QUEUE)] == ["a", "b"]


def test_relay_that_dies_between_publishing_and_noting_repeats_the_same_event(
    tiny: Room, look: Look, uri: str, relays: Callable[..., Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same id, same bytes: every listener recognises it."""
    make(tiny, "a")
    dying = relays()
    monkeypatch.setattr(dying, "_note", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        dying.run_once()
    dying.close()
    assert unpublished(look) == ["a"]
    assert relays().run_once() == 1
    one, other = wires.taken(uri, QUEUE)
    assert one.body == other.body and one.properties["message_id"] == other.properties["message_id"]


def test_only_one_relay_leads_until_it_is_gone(tiny: Room, look: Look, uri: str, relays: Callable[..., Relay]) -> None:
    """Two would break the order."""
    first, second = relays(), relays()
    assert first.run_once() == 0
    make(tiny, "a", "b")
    assert second.run_once() == 0 and unpublished(look) == ["a", "b"]
    first.close()
    # The server notices the closed connection in its own time.
    assert wires.wait_for(second.run_once) == 2


def test_without_a_broker_everything_waits(tiny: Room, look: Look, uri: str, relays: Callable[..., Relay]) -> None:
    """And goes out when it is back."""
    make(tiny, "a")
    away = relays("amqp://127.0.0.1:1/")
    with pytest.raises(BROKEN):
        away.run_once()
    assert unpublished(look) == ["a"]
    away.close()
    assert relays().run_once() == 1


def test_service_may_not_publish_in_anothers_name(broker: Broker, uri: str) -> None:
    """Its login has no right on another's topic."""
    wire = Wire(broker.uri("tiny"), confirm=True)
    with pytest.raises(BROKEN):
        wire.send(b"{}", "elsewhere.events", "thing_made")
    wire.close()
