"""AMQP connections for publishing and asking: each used by one greenthread at a time, reopened once when found broken.

One at a time, because waiting for the broker's word on what was published reads the socket, and two readers corrupt each other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import kombu
from amqp.exceptions import AMQPError, NotFound

from chassis.bare.protocol import JSON_TYPE
from chassis.running.confirms import Confirms

T = TypeVar("T")

CONFIRM_TIMEOUT_S = 10
CLOSE_TIMEOUT_S = 1
CONNECT_TIMEOUT_S = 5
ANSWER_S = 15
"""How long a word of the broker is waited for where nothing else is said: a connection may be dead without having ended."""

NOBODYS_LOGIN = "guest"
"""As whom the library logs in where an address says nobody."""

BROKEN = (OSError, AMQPError)

STAYS = ("content_type", "content_encoding", "correlation_id", "message_id", "type")
"""The properties that a message keeps wherever it goes; whose it is (`user_id`) is not among them: the broker takes a login's own only."""
BROKERS_OWN = ("x-death", "x-delivery-count", "x-first-death-", "x-last-death-")
"""How the headers begin that the broker writes; a copy is a new message to it."""


class Undeliverable(Exception):
    """The broker has no queue for a message that somebody must receive, or did not take it."""


@dataclass(frozen=True)
class Outgoing:
    """A message to be published. One of several at once that is mandatory has a `message_id` of its own among its properties."""

    body: bytes
    topic: str
    key: str
    mandatory: bool = False
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """By which it is known again when it comes back."""
        return str(self.properties.get("message_id") or "")


class Wire:
    """A connection for publishing as `login`. With `confirm`, a send returns only when the broker has the message safe."""

    def __init__(self, amqp_uri: str, *, confirm: bool) -> None:
        self._uri, self._confirm = amqp_uri, confirm
        self.login = login_of(amqp_uri)
        self._lock = threading.Lock()
        self._connection: kombu.Connection | None = None
        self._producer: kombu.Producer | None = None
        self._confirms: Confirms | None = None
        self._returned: dict[str, str] = {}

    def send(self, body: bytes, topic: str, key: str, *, mandatory: bool = False, **properties: Any) -> None:
        """Publish one message; raises Undeliverable when it was returned or refused, OSError or AMQPError without a broker."""
        (reason,) = self.send_all([Outgoing(body, topic, key, mandatory, properties)])
        if reason:
            raise Undeliverable(reason)

    def send_all(self, messages: Sequence[Outgoing]) -> list[str]:
        """Publish messages in their order, all under way at once; for each why the broker returned or refused it, empty if it is safe.

        Raises OSError or AMQPError without a broker: of each it is unknown then whether it went. What was under way when a connection
        broke is published again, from the first on.
        """
        with self._lock:
            return self._reopening(lambda: self._publish(messages))

    def pass_on(self, message: Any, topic: str, key: str, headers: dict[str, Any]) -> None:
        """Publish a persistent copy of a message elsewhere, as its own login's and with these headers.

        Raises as `send` does, and Undeliverable without a queue.
        """
        kept = {name: value for name, value in headers.items() if value is not None and not name.startswith(BROKERS_OWN)}
        properties = {name: message.properties[name] for name in STAYS if message.properties.get(name) is not None}
        self.send(message.body, topic, key, mandatory=True, headers=kept, delivery_mode=2, user_id=self.login, **properties)

    def depth(self, queue: str) -> tuple[int, int] | None:
        """How many messages wait in a queue and how many consumers it has; None without such a queue. Needs no right on it."""
        with self._lock:
            return self._reopening(lambda: self._depth(queue))

    def close(self) -> None:
        """Close the connection, if it is open."""
        with self._lock:
            self._drop()

    def _reopening(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except BROKEN:
            self._drop()
        try:
            return work()
        except BROKEN:
            self._drop()
            raise

    def _publish(self, messages: Sequence[Outgoing]) -> list[str]:
        producer = self._producer or self._open()
        self._returned.clear()
        numbers = [self._publish_one(producer, each) for each in messages]
        nacked = self._confirms.wait(CONFIRM_TIMEOUT_S) if self._confirms else set()
        return [self._why_not(each, number in nacked) for each, number in zip(messages, numbers, strict=True)]

    def _publish_one(self, producer: kombu.Producer, message: Outgoing) -> int:
        """Send one on its way; its number, 0 where no word is waited for."""
        properties = {"content_type": JSON_TYPE, "content_encoding": "utf-8"} | dict(message.properties)
        number = self._confirms.next() if self._confirms else 0
        # A time for writing, too: a stuck broker reads nothing, and many messages are more than a socket holds.
        timeout = {"timeout": CONFIRM_TIMEOUT_S} if self._confirms else {}
        producer.publish(
            message.body, exchange=message.topic, routing_key=message.key, mandatory=message.mandatory, **timeout, **properties
        )
        return number

    def _why_not(self, message: Outgoing, was_nacked: bool) -> str:
        if was_nacked:
            return f"{message.topic}/{message.key} was not taken"
        if message.id in self._returned:
            return f"{message.topic}/{message.key}: {self._returned[message.id]}"
        return ""

    def _depth(self, queue: str) -> tuple[int, int] | None:
        channel: Any = (self._producer or self._open()).channel
        try:
            declared = channel.queue_declare(queue, passive=True)
        except NotFound:
            self._drop()  # the broker closed the channel with its answer
            return None
        return declared.message_count, declared.consumer_count

    def _open(self) -> kombu.Producer:
        with opening(self._uri) as connection:
            channel = connection.channel()
            self._confirms = Confirms(channel) if self._confirm else None
        self._connection = connection
        self._producer = kombu.Producer(channel, auto_declare=False, on_return=self._on_return)
        return self._producer

    def _on_return(self, reply: Any, _topic: str, _key: str, message: Any) -> None:
        """Called before the broker's word on this message, which it then says it has safe: there was nowhere to put it."""
        self._returned[str(message.properties.get("message_id") or "")] = str(getattr(reply, "reply_text", reply))

    def _drop(self) -> None:
        # Not asked of the producer: a channel that the broker closed knows its connection no more.
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            close_quietly(connection)


def login_of(amqp_uri: str) -> str:
    """The login in an address."""
    return unquote(urlsplit(amqp_uri).username or NOBODYS_LOGIN)


def open_connection(amqp_uri: str) -> kombu.Connection:
    """An open connection; the operating system's keep-alive stands in for heartbeats, which nobody would send while idle."""
    connection = kombu.Connection(amqp_uri, connect_timeout=CONNECT_TIMEOUT_S, heartbeat=0)
    connection.connect()
    wait_in_vain_no_longer(connection)
    return connection


@contextmanager
def opening(amqp_uri: str) -> Iterator[kombu.Connection]:
    """An open connection that stays open, unless what is done on it at first fails: nobody would be left to close it."""
    connection = open_connection(amqp_uri)
    try:
        yield connection
    except BaseException:
        close_quietly(connection)
        raise


def wait_in_vain_no_longer(connection: kombu.Connection) -> None:
    """Have every read and write on an open connection come to an end: TimeoutError, which is one of BROKEN."""
    connection.connection.transport.sock.settimeout(ANSWER_S)


def close_quietly(connection: kombu.Connection) -> None:
    """Close a connection that may be broken already, or blocked: a broker in need reads no farewell, and would be waited for for ever."""
    try:
        if connection.connected:
            connection.connection.transport.sock.settimeout(CLOSE_TIMEOUT_S)
        connection.release()
    except BROKEN:
        connection.collect()
