"""The test's hand on the broker: it sends calls and events as gateways and relays do, collects replies, and looks into queues."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import kombu
from amqp.exceptions import NotFound
from kombu.transport.base import StdChannel

from chassis.bare.message import Request
from chassis.bare.principal import ANONYMOUS, PERSON_ISSUER, SERVICE, SYSTEM, SYSTEM_ISSUER, Principal, Signer
from chassis.bare.protocol import EVENT_TYPE, JSON_TYPE, REPLY_QUEUE, RPC_TOPIC, call_headers, encode
from chassis.running import topology
from chassis.running.wire import Wire
from deploy.local.broker_rights import PARTNERS_HOST, Broker
from tests.room import Room, make_key

LONG_S = 600
"""How long tokens and deadlines last here: ends and starts of several processes lie between."""


class Post:
    """One connection of the administrator, and one of each service that announces something."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.connection = kombu.Connection(broker.administrator_uri(), heartbeat=0)
        self.channel: StdChannel = self.connection.channel()
        self.channel.basic_consume(REPLY_QUEUE, no_ack=True, callback=self._on_reply)
        self.replies: list[tuple[str, dict[str, Any]]] = []
        self._wires: dict[str, Wire] = {}

    def call(self, room: Room, contract: type[Request], who: Principal, content: Any, key: str | None, if_match: int | None) -> str:
        """Send a call; returns the correlation id that its replies carry."""
        correlation = str(uuid4())
        headers = call_headers(_token(room, who), time.time() + LONG_S, "crash-points", key, if_match)
        self._publish(
            encode(content), RPC_TOPIC, contract.service, content_type=JSON_TYPE, type=contract.slug(), headers=headers,
            reply_to=REPLY_QUEUE, correlation_id=correlation, delivery_mode=2,
        )  # fmt: skip
        return correlation

    def event(self, queue: str, envelope: dict[str, Any]) -> None:
        """Put an event into a listener's queue, as the service that it is of."""
        self._announce(
            envelope["source"].strip("/"),
            queue,
            encode(envelope),
            content_type=EVENT_TYPE,
            message_id=envelope["id"],
            type=envelope["type"],
        )

    def nonsense(self, queue: str, announcer: str, body: bytes) -> None:
        """Put something into a listener's queue that is no event, as the service that announces what comes there."""
        self._announce(announcer, queue, body, content_type="text/plain")

    def reply(self, seconds: float) -> tuple[str, dict[str, Any]] | None:
        """The next reply and its correlation id, within that time."""
        until = time.monotonic() + seconds
        while not self.replies and (left := until - time.monotonic()) > 0:
            try:
                self.connection.drain_events(timeout=left)
            except (TimeoutError, socket.timeout):  # noqa: UP041
                return None
        return self.replies.pop(0) if self.replies else None

    def depth(self, queue: str) -> int:
        """How many messages lie ready in a queue."""
        with self.connection.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).message_count)

    def take(self, queue: str) -> list[bytes]:
        """Take everything out of a queue."""
        with self.connection.channel() as channel:
            return _all_of(channel, queue)

    def take_of_partner(self, queue: str) -> list[bytes]:
        """Take everything out of a partnership's queue, if it is there."""
        with kombu.Connection(self.broker.administrator_uri(PARTNERS_HOST), heartbeat=0) as connection:
            try:
                return _all_of(connection.channel(), queue)
            except NotFound:
                return []

    def clear(self, service: str, events: list[str]) -> None:
        """Empty what a service would take up at its start."""
        self.replies.clear()
        with self.connection.channel() as channel:
            queues = [
                topology.call_queue(service),
                topology.parked_queue(service),
                *(topology.event_queue(service, each) for each in events),
            ]
            for queue in queues:
                channel.queue_purge(queue)

    def _announce(self, announcer: str, queue: str, body: bytes, **properties: Any) -> None:
        wire = self._wires.setdefault(announcer, Wire(self.broker.uri(announcer), confirm=True))
        wire.send(body, "", queue, delivery_mode=2, user_id=wire.login, **properties)

    def _publish(self, body: bytes, topic: str, key: str, **properties: Any) -> None:
        kombu.Producer(self.channel, auto_declare=False).publish(
            body, exchange=topic, routing_key=key, content_encoding="utf-8", **properties
        )

    def _on_reply(self, message: Any) -> None:
        body = message.body if isinstance(message.body, bytes) else message.body.encode()
        self.replies.append((str(message.properties["correlation_id"]), json.loads(body)))


def _all_of(channel: Any, queue: str) -> list[bytes]:
    taken = []
    while (message := channel.basic_get(queue, no_ack=True)) is not None:
        taken.append(bytes(message.body if isinstance(message.body, bytes) else message.body.encode()))
    return taken


def _token(room: Room, who: Principal) -> str:
    """A token as the one who speaks for this principal would mint it, with keys that the room trusts."""
    issuer = {SERVICE: who.id, SYSTEM: SYSTEM_ISSUER, ANONYMOUS: "gateway"}.get(who.kind, PERSON_ISSUER)
    return _signer(room, issuer).token(who, LONG_S)


def _signer(room: Room, issuer: str) -> Signer:
    if issuer == room.frame.name:
        return room.frame.signer
    folder: Path = room.frame.verifier._folder.parent
    key_file = folder / f"{issuer}.key"
    return Signer(issuer, key_file if key_file.exists() else make_key(folder, issuer))
