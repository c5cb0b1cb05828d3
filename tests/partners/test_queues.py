"""Queues of partnerships on a real broker: made, filled, rotated without loss, lost and made again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import kombu
import pytest
from amqp.exceptions import AccessRefused, AMQPError
from sqlalchemy import select, update

from chassis.bare.protocol import EVENT_TYPE
from chassis.running.doors import Repeats
from chassis.running.occasions import Turn
from contracts.partners.events import partner_events
from contracts.registry import ListPartnerAccesses, RevokePartnerAccess, RotatePartnerAccess
from deploy.local.broker_rights import Broker
from services.registry import partner_queues
from services.registry.doors import partner_queues as doors
from services.registry.model import FeedEvent, PartnerAccess
from services.registry.partner_queues import Bounds, PartnerQueues
from tests.builders import administrator, contact_point
from tests.partners.conftest import Partners

GONE = (AMQPError, OSError)


@pytest.fixture
def queues(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> PartnerQueues:
    """The queues as the registry's worker reaches them, small enough to overflow."""
    queues = PartnerQueues(broker.feed_uri, broker.keeper_uri, Bounds(length=30))
    monkeypatch.setattr(doors, "partner_queues", lambda: queues)
    return queues


@pytest.fixture
def turn(partners: Partners, queues: PartnerQueues) -> Callable[..., None]:
    """Let the worker take one turn of each of its doors, as they come round."""

    def take(*names: str) -> None:
        repeated = partners.room.frame.doors(Repeats)
        for name in names or ("follow_changes", "carry_events", "look_after_queues"):
            partners.room.frame.carry_out(repeated[name], Turn(partners.room.frame.itself, "test", name))

    return take


@pytest.fixture
def opened(partners: Partners, turn: Callable[..., None], broker: Broker) -> Iterator[dict[str, Any]]:
    """The visitor's partnership with an access that the broker knows."""
    opened = partners.open(partners.visitors)
    turn()
    yield opened
    PartnerQueues(broker.feed_uri, broker.keeper_uri, Bounds()).remove(opened["login"])


def connect(broker: Broker, access: dict[str, Any], secret: str | None = None) -> kombu.Connection:
    """A partner's connection with its login and secret."""
    place = broker.partners_address.partition("//")[2]
    return kombu.Connection(f"amqp://{access['login']}:{secret or access['secret']}@{place}", connect_timeout=5)


def take(broker: Broker, access: dict[str, Any], most: int = 100) -> list[Any]:
    """What lies in the queue, taken out of it."""
    with connect(broker, access) as connection:
        channel = connection.channel()
        taken = []
        while len(taken) < most and (message := channel.basic_get(access["queue"], no_ack=True)):
            taken.append(message)
        return taken


def state(partners: Partners) -> dict[str, Any]:
    """The only access as its contact point sees it."""
    (listed,) = partners.room.ask(ListPartnerAccesses, administrator())["items"]
    return listed  # type: ignore[no-any-return]


def test_events_come_into_the_queue_byte_for_byte_as_in_the_feed(
    partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """Persistent, with the event's id and type as the message's, in the feed's order, and to nobody else."""
    heard = partners.hear_all()
    turn("carry_events")
    messages = take(broker, opened)
    with partners.room.unit() as unit:
        bodies = list(unit.session.scalars(select(FeedEvent.body).order_by(FeedEvent.position)))
    assert [_bytes(each) for each in messages] == bodies
    assert [each.properties["message_id"] for each in messages] == [str(each) for each in heard]
    assert {(each.properties["content_type"], each.properties["delivery_mode"]) for each in messages} == {(EVENT_TYPE, 2)}
    assert messages[0].properties["type"] == "agreement_signed"
    turn("carry_events")
    assert take(broker, opened) == []


def test_queue_begins_when_the_access_is_opened(partners: Partners, turn: Callable[..., None], broker: Broker) -> None:
    """What was before is read over HTTP; a partnership without access has no queue and loses nothing."""
    earlier = partners.hear_all()
    opened = partners.open(partners.visitors)
    partners.hear_all()
    turn()
    assert len(take(broker, opened)) == len(earlier)
    assert len(partners.read(partners.visitors, limit=100)["items"]) == 2 * len(earlier)


def test_access_shows_how_full_the_queue_is_and_when_it_was_read(
    partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """Waiting, parked, consumers, and the last time one was seen."""
    partners.hear_all()
    turn()
    assert (state(partners)["ready"], state(partners)["waiting"], state(partners)["parked"]) == (True, 20, 0)
    assert (state(partners)["consumers"], state(partners)["last_consumer_at"]) == (0, None)
    with connect(broker, opened) as connection:
        connection.channel().basic_consume(opened["queue"], callback=print)
        turn("look_after_queues")
        assert state(partners)["consumers"] == 1 and state(partners)["last_consumer_at"]


def test_what_is_too_much_or_rejected_is_parked_and_stays_in_the_feed(
    partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """The oldest give way, so that a system that sleeps for a month fills no disk."""
    partners.hear_all()
    partners.hear_all()
    turn()
    with connect(broker, opened) as connection:
        channel = connection.channel()
        message = channel.basic_get(opened["queue"])
        channel.basic_reject(message.delivery_info["delivery_tag"], requeue=False)
    _until(lambda: turn("look_after_queues") or (state(partners)["waiting"], state(partners)["parked"]) == (29, 11))
    assert len(partners.read(partners.visitors, limit=100)["items"]) == 40


@pytest.fixture
def short_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """The days of a queue go by in two seconds; those of what is parked are left alone."""
    monkeypatch.setattr(partner_queues, "DAY_MS", 150)
    monkeypatch.setattr(partner_queues, "PARKED_DAYS", 10_000)


def test_what_nobody_fetches_for_too_long_is_parked_and_stays_in_the_feed(
    short_days: None, partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """By the broker alone, however few there are."""
    partners.hear_all()
    turn("carry_events")
    _until(lambda: turn("look_after_queues") or (state(partners)["waiting"], state(partners)["parked"]) == (0, 20))
    assert take(broker, opened) == []
    assert len(partners.read(partners.visitors, limit=100)["items"]) == 20


def test_rotation_loses_nothing_and_cuts_the_old_secret_off(
    partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """Read half, rotate while connected with an event unacknowledged, read on with the new secret: each event is there."""
    heard = [str(each) for each in partners.hear_all()]
    turn("carry_events")
    old = connect(broker, opened)
    channel = old.channel()
    first = [_taken_and_acknowledged(channel, opened["queue"]) for _ in range(10)]
    channel.basic_get(opened["queue"])  # in hand when the connection goes
    rotated = partners.room.ask(RotatePartnerAccess, contact_point(partners.visitors), partnership_id=partners.visitors)
    heard += [str(each) for each in partners.hear_all()]
    turn("follow_changes", "carry_events")
    _until(lambda: _is_cut_off(channel, opened["queue"]))
    with pytest.raises(AccessRefused):
        connect(broker, opened).connect()
    rest = [each.properties["message_id"] for each in take(broker, rotated)]
    assert first + rest == heard
    old.collect()


def test_revoked_access_has_neither_login_nor_queue(
    partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker, queues: PartnerQueues
) -> None:
    """Who is connected is cut off; opened anew it has an empty queue and gets what happens from then on."""
    partners.hear_all()
    turn("carry_events")
    connection = connect(broker, opened)
    channel = connection.channel()
    partners.room.ask(RevokePartnerAccess, administrator(), partnership_id=partners.visitors)
    turn()
    _until(lambda: _is_cut_off(channel, opened["queue"]))
    with pytest.raises(AccessRefused):
        connect(broker, opened).connect()
    assert queues.depth(opened["queue"]) is None
    again = partners.open(partners.visitors)
    turn()
    event = partners.hear_all()[0]
    turn("carry_events")
    assert take(broker, again)[0].properties["message_id"] == str(event)
    connection.collect()


@pytest.mark.parametrize("followed", [True, False], ids=["after the broker had followed", "at once"])
def test_access_opened_again_has_a_queue_of_another_name_and_leaves_none_behind(
    followed: bool, partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """Also one from the time when a queue was named as its login, which anybody could guess. Nobody else's queue is touched."""
    other = partners.open(partners.hosts)
    turn()
    with partners.room.unit() as unit:
        unit.session.execute(update(PartnerAccess).where(PartnerAccess.login == opened["login"]).values(queue=opened["login"], made=0))
    turn()
    partners.hear_all()
    turn("carry_events")
    partners.room.ask(RevokePartnerAccess, administrator(), partnership_id=partners.visitors)
    if followed:
        turn()
    again = partners.open(partners.visitors)
    event = partners.hear_all()[0]
    turn("carry_events", "follow_changes", "carry_events")
    there = [each["name"] for each in httpx.get(f"{broker.management_uri}/api/queues/partners").json()]
    theirs = {name for name in there if name.startswith((again["login"], other["login"]))}
    assert theirs == {name for each in (again, other) for name in (each["queue"], f"{each['queue']}.parked")}
    assert again["queue"] not in (opened["login"], opened["queue"]) and take(broker, again)[0].properties["message_id"] == str(event)
    PartnerQueues(broker.feed_uri, broker.keeper_uri, Bounds()).remove(other["login"])


LOST = ["queues/partners/{queue}", "queues/partners/{queue}.parked", "users/{login}"]


@pytest.mark.parametrize("lost", LOST)
def test_what_the_broker_lost_is_made_again(
    lost: str, partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """With the same login and secret; no event after that is missing."""
    httpx.delete(f"{broker.management_uri}/api/{lost.format(**opened)}").raise_for_status()
    turn("look_after_queues", "follow_changes")
    heard = partners.hear_all()
    turn("carry_events")
    assert [each.properties["message_id"] for each in take(broker, opened)] == [str(each) for each in heard]


def test_events_wait_in_the_feed_while_a_queue_is_missing(
    partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """Carrying finds it, and what could not be carried comes once the queue is there."""
    httpx.delete(f"{broker.management_uri}/api/queues/partners/{opened['queue']}").raise_for_status()
    heard = partners.hear_all()
    turn("carry_events")
    assert not state(partners)["ready"]
    turn("follow_changes", "carry_events")
    assert [each.properties["message_id"] for each in take(broker, opened)] == [str(each) for each in heard]


def test_one_partnerships_missing_queue_keeps_no_other_waiting(
    partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """Each has its own place in the feed."""
    other = partners.open(partners.hosts)
    turn()
    httpx.delete(f"{broker.management_uri}/api/queues/partners/{opened['queue']}").raise_for_status()
    partners.hear_all()
    turn("carry_events")
    assert len(take(broker, other)) > 0


def test_what_is_carried_twice_is_the_same_twice(
    partners: Partners, opened: dict[str, Any], turn: Callable[..., None], broker: Broker
) -> None:
    """A worker that ended before it noted how far it came is followed by one that carries the same again, in the same order."""
    with partners.room.unit() as unit:
        carried = unit.session.scalars(select(PartnerAccess.carried)).one()
    heard = [partners.hear(each.told_of) for each in partner_events()[:2]]
    turn("carry_events")
    with partners.room.unit() as unit:
        unit.session.execute(update(PartnerAccess).values(carried=carried))
    turn("carry_events")
    messages = take(broker, opened)
    assert [each.properties["message_id"] for each in messages] == [str(each) for each in heard] * 2
    assert [_bytes(each) for each in messages[:2]] == [_bytes(each) for each in messages[2:]]


def test_making_again_changes_nothing(opened: dict[str, Any], queues: PartnerQueues, broker: Broker, partners: Partners) -> None:
    """A second worker, or the same after a crash, does no harm, and cuts nobody off."""
    with partners.room.unit() as unit:
        from services.registry.queries import partner_access

        kept = partner_access.all_accesses(unit)[0].secret_hash
    with connect(broker, opened) as connection:
        channel = connection.channel()
        queues.make(opened["login"], opened["queue"], kept)
        assert not _is_cut_off(channel, opened["queue"])
    assert queues.is_made(opened["login"], opened["queue"], kept) and not queues.is_made(opened["login"], opened["queue"], f"{kept}x")


def _bytes(message: Any) -> bytes:
    return message.body.encode() if isinstance(message.body, str) else bytes(message.body)


def _taken_and_acknowledged(channel: Any, queue: str) -> str:
    message = channel.basic_get(queue)
    channel.basic_ack(message.delivery_info["delivery_tag"])
    return str(message.properties["message_id"])


def _is_cut_off(channel: Any, queue: str) -> bool:
    try:
        channel.queue_declare(queue, passive=True)
    except GONE:
        return True
    return False


def _until(look: Callable[[], Any]) -> None:
    for _ in range(100):
        if look():
            return
        time.sleep(0.1)
    raise AssertionError(f"it did not come about ({uuid4()})")
