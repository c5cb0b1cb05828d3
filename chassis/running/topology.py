"""Queues, topics and bindings, all declared before any service starts: an event published before its queue exists is gone.

Every queue is bounded, and none lets go of its oldest: a full one takes no more, which its publisher is told. Calls that find no
place are answered by their caller's time-out; facts stay in the journal and failed events with their listener until there is place.

Hints travel apart from events (decision 0026): what a gateway binds for itself must not pass for the queue of a listener.

Names: topic `rpc` with queue `<service>.rpc`; topic `<service>.events` with one quorum queue `<listener service>.on.<event>` per
listener; five delays `retry.1` to `retry.5` shared by all; `<service>.parked` for what failed too often, and
`<service>.looking` while somebody looks at it; topic `live` for hints, with a queue `live.<hex>` of each gateway process that is gone
with its connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import structlog
from amqp.exceptions import PreconditionFailed
from kombu import Connection, Exchange, Queue

from chassis.bare.message import Event
from chassis.bare.protocol import RPC_TOPIC

DELAYS_S = (0.2, 0.5, 1.0, 2.0, 4.0)
MOST_RETRIES = len(DELAYS_S)
CRASH_LIMIT = 5

MOST_CALLS = 1_000
MOST_EVENTS = 1_000_000
MOST_DELAYED = 100_000
MOST_PARKED = 100_000
ANY_NUMBER = 1_000_000_000
"""As a delivery limit: parked messages may be looked at as often as one likes (newer brokers have a limit where none is said)."""

FULL = {"x-overflow": "reject-publish"}
SAFELY = {"x-dead-letter-strategy": "at-least-once"} | FULL

LIVE_TOPIC = "live"
MOST_HINTS = 10_000
"""Per gateway process; the oldest goes first, for a gateway that stands still must not hold up what services publish."""

log = structlog.get_logger()

TRIES, CRASHES, REASON, QUEUE, SINCE = "x-tries", "x-crashes", "x-reason", "x-from-queue", "x-since"
REFUSED = "x-refused-sender"
"""Whose message it was that a listener did not believe: it is parked, and never goes back."""


def call_queue(service: str) -> str:
    """The queue of a service's calls."""
    return f"{service}.rpc"


def event_topic(service: str) -> str:
    """The topic on which a service's facts appear."""
    return f"{service}.events"


def event_queue(service: str, event: str) -> str:
    """The queue in which a service hears one type of event."""
    return f"{service}.on.{event}"


def announcers(events: Iterable[type[Event]]) -> dict[str, str]:
    """By the queue of each listener, the service that announces what comes there: no other's login may."""
    return {event_queue(listener, event.slug()): event.service for event in events for listener in event.heard_by}


def live_queue(process: str) -> str:
    """The queue in which one gateway process hears hints; `process` in hexadecimal."""
    return f"{LIVE_TOPIC}.{process}"


def parked_queue(service: str) -> str:
    """The queue of events that a service could not apply."""
    return f"{service}.parked"


def looking_queue(service: str) -> str:
    """The queue, empty and gone with its connection, that one has while looking at what the service has parked: nobody else looks then."""
    return f"{service}.looking"


def retry_topic(number: int) -> str:
    """The delay for the n-th retry; its message comes back to the queue its routing key names."""
    return f"retry.{number}"


def declare(amqp_uri: str, services: Iterable[str], events: Iterable[type[Event]], calls: str = "classic") -> list[str]:
    """Declare everything (again, which changes nothing) and return the queues' names; raises what amqp raises.

    `calls` is the type of the queues of calls. Classic ones are quicker. In a cluster they are gone as long as their node is, so
    quorum ones belong there.
    """
    queues = [
        *_delays(),
        *_of_services(services, calls),
        *(_of_listener(event, listener) for event in events for listener in event.heard_by),
    ]
    with Connection(amqp_uri, connect_timeout=5) as connection:
        for service in services:
            Exchange(event_topic(service), type="topic", durable=True, channel=connection.default_channel).declare()
        Exchange(LIVE_TOPIC, type="fanout", durable=True, channel=connection.default_channel).declare()
        for queue in queues:
            _declare(connection, queue)
    return [queue.name for queue in queues]


def _delays() -> Iterator[Queue]:
    for number, delay in enumerate(DELAYS_S, 1):
        topic = Exchange(retry_topic(number), type="fanout", durable=True)
        # At least once across the delay; the key that the message came with leads it back to its own queue.
        back = {"x-message-ttl": int(delay * 1000), "x-dead-letter-exchange": "", "x-max-length": MOST_DELAYED}
        yield _quorum(retry_topic(number), topic, "", back | SAFELY)


def _of_services(services: Iterable[str], calls: str) -> Iterator[Queue]:
    for service in services:
        # Calls are for now or never: on one node a quorum would cost what a caller's time-out already covers.
        # Bounded, because it fills while nobody takes them; they expire by themselves, with their deadlines.
        few = {"x-queue-type": calls, "x-max-length": MOST_CALLS} | FULL
        topic = Exchange(RPC_TOPIC, type="direct", durable=True)
        yield Queue(call_queue(service), topic, routing_key=service, durable=True, queue_arguments=few)
        many = {"x-max-length": MOST_PARKED, "x-delivery-limit": ANY_NUMBER} | FULL
        yield _quorum(parked_queue(service), Exchange(""), parked_queue(service), many)


def _of_listener(event: type[Event], listener: str) -> Queue:
    topic = Exchange(event_topic(event.service), type="topic", durable=True)
    crashes = {"x-delivery-limit": CRASH_LIMIT, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": parked_queue(listener)}
    return _quorum(event_queue(listener, event.slug()), topic, event.slug(), crashes | {"x-max-length": MOST_EVENTS} | SAFELY)


def _quorum(name: str, topic: Exchange, key: str, arguments: dict[str, Any]) -> Queue:
    return Queue(name, topic, routing_key=key, durable=True, queue_arguments={"x-queue-type": "quorum"} | arguments)


def _declare(connection: Connection, queue: Queue) -> None:
    """Declare a queue; an earlier version's, with other arguments, is made anew as soon as nothing of worth lies in it."""
    try:
        return _once(connection, queue)
    except PreconditionFailed as error:
        log.info("a queue was declared otherwise", queue=queue.name, why=str(error))
    with connection.channel() as channel:
        # Before any service starts, so nothing comes in between; quorum queues know no deleting only if empty.
        _, lying, taking = channel.queue_declare(queue.name, passive=True)
        if taking or (lying and queue.exchange.name != RPC_TOPIC):
            log.warning("a queue keeps its earlier bounds until it is empty at a start", queue=queue.name, messages=lying)
            return None
        channel.queue_delete(queue.name)
    return _once(connection, queue)


def _once(connection: Connection, queue: Queue) -> None:
    # A channel for each: a refusal closes it.
    with connection.channel() as channel:
        queue(channel).declare()
