"""Queues, topics and bindings, all declared before any service starts: an event published before its queue exists is gone.

Names: topic `rpc` with queue `<service>.rpc`; topic `<service>.events` with one quorum queue `<listener service>.on.<event>` per
listener; five delays `retry.1` to `retry.5` shared by all; `<service>.parked` for what failed too often.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kombu import Connection, Exchange, Queue

from chassis.bare.message import Event
from chassis.bare.protocol import RPC_TOPIC

DELAYS_S = (0.2, 0.5, 1.0, 2.0, 4.0)
MOST_RETRIES = len(DELAYS_S)
CRASH_LIMIT = 5

TRIES, REASON, QUEUE = "x-tries", "x-reason", "x-from-queue"


def call_queue(service: str) -> str:
    """The queue of a service's calls."""
    return f"{service}.rpc"


def event_topic(service: str) -> str:
    """The topic on which a service's facts appear."""
    return f"{service}.events"


def event_queue(service: str, event: str) -> str:
    """The queue in which a service hears one type of event."""
    return f"{service}.on.{event}"


def parked_queue(service: str) -> str:
    """The queue of events that a service could not apply."""
    return f"{service}.parked"


def retry_topic(number: int) -> str:
    """The delay for the n-th retry; its message comes back to the queue its routing key names."""
    return f"retry.{number}"


def declare(amqp_uri: str, services: Iterable[str], events: Iterable[type[Event]]) -> list[str]:
    """Declare everything (again, which changes nothing) and return the queues' names; raises what amqp raises."""
    with Connection(amqp_uri, connect_timeout=5) as connection:
        channel = connection.channel()
        names = [*_declare_delays(channel), *_declare_services(channel, services)]
        for event in events:
            names += [_declare_listener(channel, event, listener) for listener in event.heard_by]
        return names


def _declare_delays(channel: Any) -> list[str]:
    for number, delay in enumerate(DELAYS_S, 1):
        topic = Exchange(retry_topic(number), type="fanout", durable=True)
        # At least once across the delay; the key that the message came with leads it back to its own queue.
        back = {"x-message-ttl": int(delay * 1000), "x-dead-letter-exchange": "", "x-dead-letter-strategy": "at-least-once"}
        _queue(channel, retry_topic(number), topic, "", back | {"x-overflow": "reject-publish"})
    return [retry_topic(number) for number in range(1, MOST_RETRIES + 1)]


def _declare_services(channel: Any, services: Iterable[str]) -> list[str]:
    names = []
    for service in services:
        calls = Exchange(RPC_TOPIC, type="direct", durable=True)
        # Calls are for now or never: a classic queue, because a quorum would cost what a caller's time-out already covers.
        Queue(call_queue(service), calls, routing_key=service, durable=True, channel=channel).declare()
        Exchange(event_topic(service), type="topic", durable=True, channel=channel).declare()
        _queue(channel, parked_queue(service), None, "", {})
        names += [call_queue(service), parked_queue(service)]
    return names


def _declare_listener(channel: Any, event: type[Event], listener: str) -> str:
    name = event_queue(listener, event.slug())
    topic = Exchange(event_topic(event.service), type="topic", durable=True)
    crashes = {"x-delivery-limit": CRASH_LIMIT, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": parked_queue(listener)}
    _queue(channel, name, topic, event.slug(), crashes)
    return name


def _queue(channel: Any, name: str, topic: Exchange | None, key: str, arguments: dict[str, Any]) -> None:
    arguments = {"x-queue-type": "quorum"} | arguments
    queue = Queue(name, topic or Exchange(""), routing_key=key if topic else name, durable=True, queue_arguments=arguments)
    queue(channel).declare()
