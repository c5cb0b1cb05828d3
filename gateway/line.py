"""A connection to the broker for calls alone: one channel, on which answers come by direct reply-to.

A library for everything AMQP can do spends more on a call than all the rest of the gateway (docs/benchmarks.md): tasks, queues and locks
for each of its frames. Here a call is one write, and an answer one reading of what has come.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from pamqp import commands
from pamqp.base import Frame

from chassis.bare.protocol import REPLY_QUEUE, RPC_TOPIC
from gateway.frames import (
    BEAT,
    BODY,
    DELIVER,
    HEADER,
    LONGEST,
    METHOD,
    PROTOCOL,
    Incoming,
    Properties,
    message,
    method,
    publish,
    read_header,
    read_method,
)

HEARTBEAT_S = 60
MOST_UNREAD = 16 * 1024 * 1024
"""Bytes that wait for a broker in need, which reads nothing."""
CHANNEL = 1
PORTS = {"amqp": 5672, "amqps": 5671}
US: dict[str, Any] = {
    "product": "ClusterXchange gateway",
    "capabilities": {"consumer_cancel_notify": True, "authentication_failure_close": True},
}

Heard = Callable[[str, bytes], None]
"""What is done with an answer: its correlation id, its bytes."""


class Line(asyncio.Protocol):
    """The connection; `opened` is done when calls can go out, `closed` when none can any more, for whatever reason."""

    def __init__(self, login: str, secret: str, host: str, heard: Heard) -> None:
        self._login, self._secret, self._host, self._heard = login, secret, host, heard
        self._loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = self._loop.create_future()
        self.closed: asyncio.Future[None] = self._loop.create_future()
        self._incoming, self._beginnings = Incoming(), dict[str, bytes]()
        self._longest, self._beats_s = 4096, float(HEARTBEAT_S)
        self._correlation, self._body, self._left = "", b"", 0
        self._heard_at = self._loop.time()
        self._beating: asyncio.TimerHandle | None = None

    def call(self, service: str, properties: Properties, body: bytes) -> None:
        """Send one call; raises ConnectionError on a line that is closed, or whose other end takes nothing any more."""
        if self.closed.done():
            raise ConnectionError("the connection to the broker was lost")
        if self._transport.get_write_buffer_size() > MOST_UNREAD:
            raise ConnectionError("the broker does not read")
        beginning = self._beginnings.get(service) or self._beginnings.setdefault(service, publish(RPC_TOPIC, service, CHANNEL))
        self._transport.write(message(beginning, properties, body, CHANNEL, self._longest))

    async def close(self) -> None:
        """Say farewell, and wait until it is heard."""
        if not self.closed.done():
            self._say(commands.Connection.Close(reply_code=200, reply_text="done", class_id=0, method_id=0), 0)
            await asyncio.shield(self.closed)

    def abort(self) -> None:
        """End it without a word."""
        self._transport.abort()

    def connection_made(self, transport: Any) -> None:
        """Ask for AMQP."""
        self._transport: asyncio.Transport = transport
        self._transport.write(PROTOCOL)

    def data_received(self, data: bytes) -> None:
        """Take in what is whole; what is no AMQP ends the connection."""
        self._heard_at = self._loop.time()
        try:
            for kind, payload in self._incoming.feed(data):
                self._take(kind, payload)
        except Exception as error:
            self._end(ConnectionError(f"the broker is not understood: {error}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits for anything hears of it."""
        self._end(exc or ConnectionError("the connection to the broker was lost"))

    def _take(self, kind: int, payload: bytes) -> None:
        if kind == BODY:
            self._add(payload)
        elif kind == HEADER:
            self._left, self._correlation = read_header(payload)
            self._body = b""
            if not self._left:
                self._add(b"")
        elif kind == METHOD and not payload.startswith(DELIVER):
            self._react(read_method(payload))

    def _add(self, piece: bytes) -> None:
        self._body, self._left = self._body + piece if self._body else piece, self._left - len(piece)
        if self._left <= 0:
            self._heard(self._correlation, self._body)

    def _react(self, said: Any) -> None:
        """The opening, step by step; and the end, whoever begins it."""
        match said:
            case commands.Connection.Start():
                secret = f"\0{self._login}\0{self._secret}"
                self._say(commands.Connection.StartOk(client_properties=US, mechanism="PLAIN", response=secret, locale="en_US"), 0)
            case commands.Connection.Tune():
                self._tune(said)
                self._say(commands.Connection.Open(virtual_host=self._host), 0)
            case commands.Connection.OpenOk():
                self._say(commands.Channel.Open(), CHANNEL)
            case commands.Channel.OpenOk():
                self._say(commands.Basic.Consume(queue=REPLY_QUEUE, no_ack=True), CHANNEL)
            case commands.Basic.ConsumeOk() if not self.opened.done():
                self.opened.set_result(None)
            case commands.Connection.CloseOk():
                self._transport.close()
            case commands.Connection.Close():
                self._say(commands.Connection.CloseOk(), 0)
                self._end(ConnectionError(f"the broker ended the connection: {said.reply_text}"))
            case commands.Channel.Close():
                self._end(ConnectionError(f"the broker ended the channel: {said.reply_text}"))
            case commands.Basic.Cancel():
                self._end(ConnectionError("the broker sends no answers any more"))

    def _tune(self, wished: commands.Connection.Tune) -> None:
        self._longest = min(wished.frame_max or LONGEST, LONGEST)
        beats = min(wished.heartbeat or HEARTBEAT_S, HEARTBEAT_S)
        self._say(commands.Connection.TuneOk(channel_max=wished.channel_max, frame_max=self._longest, heartbeat=beats), 0)
        self._beats_s = beats
        self._beat()

    def _beat(self) -> None:
        """A sign of life, twice as often as promised; a broker that gives none for two whole times is gone."""
        if self._loop.time() - self._heard_at > 2 * self._beats_s:
            self._end(ConnectionError("the broker was silent for too long"))
            return
        self._transport.write(BEAT)
        self._beating = self._loop.call_later(self._beats_s / 2, self._beat)

    def _say(self, what: Frame, channel: int) -> None:
        self._transport.write(method(what, channel))

    def _end(self, why: Exception) -> None:
        if self.closed.done():
            return
        self.closed.set_result(None)
        if not self.opened.done():
            self.opened.set_exception(why)
        if self._beating is not None:
            self._beating.cancel()
        self._transport.close()


async def open_line(uri: str, heard: Heard) -> Line:
    """A line that is open; raises OSError when there is none to be had. Whoever gives up waiting leaves nothing behind."""
    parts = urlsplit(uri)
    secure = ssl.create_default_context() if parts.scheme == "amqps" else None
    login, secret = unquote(parts.username or "guest"), unquote(parts.password or "guest")
    loop, host = asyncio.get_running_loop(), unquote(parts.path[1:]) or "/"
    _, line = await loop.create_connection(
        lambda: Line(login, secret, host, heard), parts.hostname or "localhost", parts.port or PORTS[parts.scheme], ssl=secure
    )
    try:
        await line.opened
    except BaseException:
        line.abort()
        raise
    return line
