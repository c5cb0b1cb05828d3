"""The relay: what was committed reaches its queue, in order, at least once, and is noted only then."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import kombu
import pytest
from sqlalchemy import Engine, select, text

from chassis.bare.message import Fact
from chassis.bare.tables import JournalRow
from chassis.running import topology
from chassis.running.confirms import Confirms
from chassis.running.relay import BATCH, Relay, no_subject_twice
from chassis.running.wire import BROKEN, Undeliverable, Wire
from deploy.local.broker_rights import Broker
from tests.builders import person
from tests.chassis import wires
from tests.chassis.tiny.contracts import MakeThing, RenameThing, ThingMade, ThingRenamed
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
    announce(tiny, *(ThingMade.of(uuid4(), name=str(number)) for number in range(BATCH + 10)))
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
    """Nothing is lost in a queue that is not there."""
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


def test_hints_go_out_with_the_facts_to_every_gateway_that_listens(
    tiny: Room, look: Look, uri: str, broker: Broker, relays: Callable[..., Relay]
) -> None:
    """Without a gateway nothing waits for one; what changed is in none of them."""
    broker.prepare(["gateway"])
    make(tiny, "a")
    relay = relays()
    assert relay.run_once() == 1
    heard: list[list[Any]] = [[], []]
    with kombu.Connection(broker.uri("gateway")) as one, kombu.Connection(broker.uri("gateway")) as other:
        for connection, found in ((one, heard[0]), (other, heard[1])):
            _listen(connection.default_channel, found)
        make(tiny, "b", "c")
        assert relay.run_once() == 2 and unpublished(look) == []
        for connection in (one, other):
            connection.drain_events(timeout=5)
    hints = [{"words": [f"things:{name}"], "to": ["auditor@"]} for name in "bc"]
    assert heard == [[{"hints": hints}], [{"hints": hints}]]


def _listen(channel: Any, found: list[Any]) -> None:
    queue = topology.live_queue(uuid4().hex)
    channel.queue_declare(queue, exclusive=True, auto_delete=True)
    channel.queue_bind(queue, topology.LIVE_TOPIC)
    channel.basic_consume(queue, callback=lambda message: found.append(json.loads(message.body)), no_ack=True)


def announce(tiny: Room, *facts: Fact) -> None:
    """Facts in one unit."""
    with tiny.unit() as unit:
        unit.announce(list(facts))


def test_rows_are_cut_before_a_subject_that_is_under_way() -> None:
    """In their order, none left out: a subject's second fact goes out when its first is safe."""

    def cut(subjects: str) -> list[str]:
        return ["".join(row.subject for row in rows) for rows in no_subject_twice([JournalRow(subject=each) for each in subjects])]

    assert cut("abcabbca") == ["abc", "ab", "bca"]
    assert [len(rows) for rows in no_subject_twice([JournalRow(subject=each) for each in "abcdea"], 2)] == [2, 2, 2]
    assert cut("") == [] and cut("aaa") == ["a", "a", "a"] and cut("abc") == ["abc"]


def test_many_facts_are_under_way_at_once(
    tiny: Room, look: Look, uri: str, relays: Callable[..., Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker is waited for once for all of them, and the one message of their hints."""
    waited: list[int] = []
    wait = Confirms.wait
    monkeypatch.setattr(Confirms, "wait", lambda confirms, seconds: (waited.append(confirms._last), wait(confirms, seconds))[1])
    announce(tiny, *(ThingMade.of(uuid4(), name=str(number)) for number in range(40)))
    assert relays().run_once() == 40 and waited == [41]
    assert [event["data"]["name"] for event in wires.bodies(uri, QUEUE)] == [str(number) for number in range(40)]


def test_fact_that_cannot_be_put_anywhere_is_not_overtaken_by_the_next_of_its_subject(
    tiny: Room, look: Look, uri: str, relays: Callable[..., Relay]
) -> None:
    """What was under way with it is noted; from then on one goes after the other, until all are taken again."""
    stuck, other = uuid4(), uuid4()
    announce(tiny, ThingMade.of(stuck, name="no queue"), ThingRenamed.of(other, name="x"), ThingRenamed.of(stuck, name="y"))
    with kombu.Connection(uri) as connection:
        connection.default_channel.queue_delete(QUEUE)
    relay = relays()
    for _ in range(3):
        with pytest.raises(Undeliverable, match=r"tiny.events/thing_made: NO_ROUTE"):
            relay.run_once()
    assert unpublished(look) == ["no queue", "y"]
    wires.declare(uri)
    assert relay.run_once() == 2 and [event["data"]["name"] for event in wires.bodies(uri, QUEUE)] == ["no queue"]


def test_each_subject_is_heard_in_order_however_often_its_queue_was_full(
    tiny: Room, look: Look, uri: str, relays: Callable[..., Relay]
) -> None:
    """A fact that the broker did not take is not overtaken by a later one; and nothing is noted that is not in the queue."""
    subjects = [uuid4() for _ in range(5)]
    # Each subject's facts side by side, and one after the other, so that there are batches of every length.
    order = [*subjects * 4, *(each for each in subjects for _ in range(3)), *subjects * 2]
    for number, subject in enumerate(order):
        announce(tiny, ThingMade.of(subject, name=str(number)))
    relay, heard = relays(), []
    with kombu.Connection(uri) as connection:
        channel = connection.default_channel
        channel.queue_delete(QUEUE)
        small = {"x-max-length": 3, "x-overflow": "reject-publish"}
        channel.queue_declare(QUEUE, durable=True, auto_delete=False, arguments=small)
        channel.queue_bind(QUEUE, "tiny.events", "thing_made")
        full = 0
        while left := len(unpublished(look)):
            try:
                relay.run_once()
            except Undeliverable as reason:
                assert "tiny.events/thing_made was not taken" in str(reason)
                full += 1
            heard += wires.bodies(uri, QUEUE)
            noted = {str(row.id) for row in look(select(JournalRow).where(JournalRow.published_at.is_not(None)))}
            assert noted <= {event["id"] for event in heard} and len(unpublished(look)) < left
        channel.queue_delete(QUEUE)
    wires.declare(uri)
    assert full > 3
    first_time = list({event["id"]: event for event in heard}.values())
    for subject in subjects:
        versions = [event["subjectversion"] for event in first_time if event["subject"] == f"thing/{subject}"]
        assert versions == list(range(1, order.count(subject) + 1))


def test_facts_under_way_when_the_connection_breaks_are_published_again(
    tiny: Room, look: Look, uri: str, relays: Callable[..., Relay], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first on and in order: nobody knows which of them the broker has."""
    make(tiny, "a", "b", "c")
    breaks, wait = [ConnectionResetError()], Confirms.wait

    def broken_once(confirms: Confirms, seconds: float) -> set[int]:
        found = wait(confirms, seconds)
        if breaks:
            raise breaks.pop()
        return found

    monkeypatch.setattr(Confirms, "wait", broken_once)
    assert relays().run_once() == 3 and unpublished(look) == []
    assert [event["data"]["name"] for event in wires.bodies(uri, QUEUE)] == list("abcabc")


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


def test_notes_wait_for_no_disk_and_nothing_else_goes_unkept(tiny: Room, uri: str, relays: Callable[..., Relay]) -> None:
    """A lost note repeats a fact; a lost unit would lose one. So it is the relay's own connection, which nobody has after it."""
    kept = text("SHOW synchronous_commit")
    with as_in_production(tiny.engine):
        make(tiny, "a")
        relay = relays()
        assert relay.run_once() == 1 and relay._connection is not None
        assert relay._connection.scalar(kept) == "off"
        relay.close()
        with tiny.engine.connect() as one, tiny.engine.connect() as another:
            assert {each.scalar(kept) for each in (one, another)} == {"on"}


@contextmanager
def as_in_production(engine: Engine) -> Iterator[None]:
    """Connections that wait for the disk, as those of the tests' database do not."""

    def alter(how: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER ROLE CURRENT_USER {how}"))
        engine.dispose()

    alter("SET synchronous_commit TO on")
    yield
    alter("RESET synchronous_commit")


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
    # The server notices the closed connection in its own time.
    assert wires.wait_for(relays().run_once) == 1


def test_service_may_not_publish_in_anothers_name(broker: Broker, uri: str) -> None:
    """Its login has no right on another's topic."""
    wire = Wire(broker.uri("tiny"), confirm=True)
    with pytest.raises(BROKEN):
        wire.send(b"{}", "elsewhere.events", "thing_made")
    wire.close()


def test_wire_whose_connection_was_closed_under_it_opens_another(broker: Broker, uri: str) -> None:
    """The library's channel knows its connection no more when the broker has closed it."""
    wire = Wire(broker.uri("tiny"), confirm=True)
    assert wire.depth(QUEUE) == (0, 0)
    assert wire._producer is not None
    wire._producer.channel.connection.collect()
    assert wire._producer.channel.connection is None
    assert wire.depth(QUEUE) == (0, 0)
    wire.close()
