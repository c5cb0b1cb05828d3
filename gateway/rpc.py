"""One connection to the broker per process, on which many calls are under way at once; it reconnects by itself.

Replies come by direct reply-to: no queue to declare, and what nobody waits for any more is dropped by the broker. A connection on which
nothing comes though something was asked is taken for dead, whatever the library thinks of it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit
from uuid import uuid4

import aiormq
import structlog
from aiormq.abc import AbstractChannel, AbstractConnection, DeliveredMessage

from chassis.bare.message import Request
from chassis.bare.protocol import JSON_TYPE, REPLY_QUEUE, RPC_TOPIC, call_headers, encode
from chassis.bare.refusals import Unavailable
from gateway.admission import Admission
from gateway.ending import BROKEN, in_the_background, outcome_within
from gateway.presence import Presence

log = structlog.get_logger()

CLOSE_S = 1
OPEN_S = 5
"""How long opening a connection may take; who asks meanwhile waits no longer than for a call."""
SILENT_S = 4
"""How long after a look in vain another one may be in vain, and nothing else come: looks are answered in milliseconds."""
HEARTBEAT_S = 10
"""The library's own, a minute, has it find out after three that nobody is there any more."""


class Rpc:
    """Calls services. `timeout_s` bounds each call; its deadline travels along. `admission` bounds how many are under way."""

    def __init__(self, amqp_uri: str, timeout_s: float, admission: Admission) -> None:
        self._uri, self._timeout, self._admission = beating(amqp_uri), timeout_s, admission
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._opening = asyncio.Lock()
        self._silent_since: float | None = None
        self._presence = Presence(self.another_channel, self._hear, self._hear_nothing)

    async def call(
        self, contract: type[Request], content: dict[str, Any], token: str, correlation_id: str,
        key: str | None = None, if_match: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The outcome as the service sent it: `answer`, `refusal`, `unavailable` or `error`; raises Unavailable."""
        with self._admission.place(contract):
            deadline = time.time() + self._timeout
            headers = call_headers(token, deadline, correlation_id, key, if_match)
            await self._presence.demand(contract.service)
            try:
                return await outcome_within(self._timeout, self._exchange(contract, encode(content), headers))
            except BROKEN as error:
                raise Unavailable(f"The {contract.service} service does not answer just now.", service=contract.service) from error

    async def connected(self) -> bool:
        """Whether the broker can be reached, opening the connection if need be."""
        try:
            await outcome_within(2, self._open())
        except BROKEN:
            return False
        return True

    async def processes(self, services: Iterable[str]) -> dict[str, int | None]:
        """How many processes take the calls of each of these services; None where the broker does not say."""
        return {service: await self._presence.processes(service) for service in services}

    async def another_channel(self) -> AbstractChannel:
        """A channel beside the one for calls, for what fails by closing it; raises what BROKEN names."""
        await self._open()
        assert self._connection is not None
        return await self._connection.channel(publisher_confirms=False)

    async def close(self) -> None:
        """Close the connection; not waited for longer than a second, because a broker in need reads no farewell."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            await _close(connection)

    async def _exchange(self, contract: type[Request], body: bytes, headers: dict[str, Any]) -> dict[str, Any]:
        channel = await self._open()
        correlation = str(uuid4())
        reply: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[correlation] = reply
        try:
            await channel.basic_publish(
                body, exchange=RPC_TOPIC, routing_key=contract.service, properties=self._properties(contract, headers, correlation)
            )
            return await reply
        finally:
            self._waiting.pop(correlation, None)

    def _properties(self, contract: type[Request], headers: dict[str, Any], correlation: str) -> aiormq.spec.Basic.Properties:
        return aiormq.spec.Basic.Properties(
            content_type=JSON_TYPE, message_type=contract.slug(), headers=headers, delivery_mode=1,
            reply_to=REPLY_QUEUE, correlation_id=correlation, expiration=str(int(self._timeout * 1000)),
        )  # fmt: skip

    async def _open(self) -> AbstractChannel:
        async with self._opening:
            if self._channel is None or not self._stands():
                self._give_up()
                await outcome_within(OPEN_S, self._connect())
            assert self._channel is not None
            return self._channel

    def _stands(self) -> bool:
        """Whether the channel is open and the connection is read and written to: one that ends is open for a while yet."""
        return bool(self._channel and not self._channel.is_closed and self._connection and self._connection.is_opened)

    async def _connect(self) -> None:
        connection = await aiormq.connect(self._uri)
        try:
            channel = await connection.channel(publisher_confirms=False)
            await channel.basic_consume(REPLY_QUEUE, self._on_reply, no_ack=True)
        except BaseException:
            in_the_background(_close(connection))
            raise
        connection.closing.add_done_callback(lambda _: self._fail_waiting(connection))
        self._connection, self._channel, self._silent_since = connection, channel, None

    def _give_up(self) -> None:
        """Wait for nothing more on the connection, and not for its end either, which may never come."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            self._fail_waiting()
            in_the_background(_close(connection))

    async def _on_reply(self, message: DeliveredMessage) -> None:
        self._hear()
        reply = self._waiting.get(str(message.header.properties.correlation_id))
        if reply is not None and not reply.done():
            reply.set_result(json.loads(message.body))

    def _hear(self) -> None:
        self._silent_since = None

    def _hear_nothing(self) -> None:
        """Something was asked and not answered: that may be the broker, or a connection that is dead without having ended."""
        now = time.monotonic()
        if self._silent_since is None:
            self._silent_since = now
        elif self._connection is not None and now - self._silent_since > SILENT_S:
            log.warning("nothing comes from the broker, its connection is given up")
            self._give_up()

    def _fail_waiting(self, of: AbstractConnection | None = None) -> None:
        """Whoever waits has waited in vain, unless that was another connection than the one in use."""
        if of is not None and of is not self._connection:
            return
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(ConnectionError("the connection to the broker was lost"))


async def _close(connection: AbstractConnection) -> None:
    if not connection.is_closed:
        try:
            await outcome_within(CLOSE_S, connection.close())
        except BROKEN:
            log.info("a connection to the broker does not end by itself; it is left to its heartbeats")


def beating(amqp_uri: str) -> str:
    """The address with our heartbeat, where the operator has said none."""
    parts = urlsplit(amqp_uri)
    said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return urlunsplit(parts._replace(query=urlencode({"heartbeat": HEARTBEAT_S} | said)))
