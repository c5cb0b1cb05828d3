"""One connection to the broker per process, on which many calls are under way at once; it reconnects by itself.

Replies come by direct reply-to: no queue to declare, and what nobody waits for any more is dropped by the broker.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiormq
import structlog
from aiormq.abc import DeliveredMessage

from chassis.bare.message import Request
from chassis.bare.protocol import JSON_TYPE, REPLY_QUEUE, RPC_TOPIC, call_headers, encode
from chassis.bare.refusals import Unavailable
from gateway.admission import Admission
from gateway.presence import Presence

log = structlog.get_logger()

CLOSE_S = 1
BROKEN = (aiormq.exceptions.AMQPError, aiormq.exceptions.ChannelInvalidStateError, OSError, asyncio.TimeoutError)
HEARTBEAT_S = 10
"""A broker that is not heard of for three times as long is gone: a line that was cut says nothing."""


class Rpc:
    """Calls services. `timeout_s` bounds each call; its deadline travels along. `admission` bounds how many are under way."""

    def __init__(self, amqp_uri: str, timeout_s: float, admission: Admission) -> None:
        self._uri, self._timeout, self._admission = amqp_uri, timeout_s, admission
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._connection: aiormq.abc.AbstractConnection | None = None
        self._channel: aiormq.abc.AbstractChannel | None = None
        self._opening = asyncio.Lock()
        self._presence = Presence(self.another_channel)

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
                return await asyncio.wait_for(self._exchange(contract, encode(content), headers), self._timeout)
            except BROKEN as error:
                raise Unavailable(f"The {contract.service} service does not answer just now.", service=contract.service) from error

    async def connected(self) -> bool:
        """Whether the broker can be reached, opening the connection if need be."""
        try:
            await asyncio.wait_for(self._open(), 2)
        except BROKEN:
            return False
        return True

    async def processes(self, services: Iterable[str]) -> dict[str, int | None]:
        """How many processes take the calls of each of these services; None where the broker does not say."""
        return {service: await self._presence.processes(service) for service in services}

    async def another_channel(self) -> aiormq.abc.AbstractChannel:
        """A channel beside the one for calls, for what fails by closing it; raises what BROKEN names."""
        await self._open()
        assert self._connection is not None
        return await self._connection.channel(publisher_confirms=False)

    async def close(self) -> None:
        """Close the connection; not waited for longer than a second, because a broker in need reads no farewell."""
        if self._connection is not None and not self._connection.is_closed:
            with suppress(*BROKEN):
                await asyncio.wait_for(self._connection.close(), CLOSE_S)

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

    async def _open(self) -> aiormq.abc.AbstractChannel:
        async with self._opening:
            if self._channel is None or self._channel.is_closed:
                self._fail_waiting()
                await self.close()
                self._connection = await aiormq.connect(_with_heartbeat(self._uri))
                self._connection.closing.add_done_callback(lambda _: self._fail_waiting())
                channel = await self._connection.channel(publisher_confirms=False)
                await channel.basic_consume(REPLY_QUEUE, self._on_reply, no_ack=True)
                self._channel = channel
            return self._channel

    async def _on_reply(self, message: DeliveredMessage) -> None:
        reply = self._waiting.get(str(message.header.properties.correlation_id))
        if reply is not None and not reply.done():
            reply.set_result(json.loads(message.body))

    def _fail_waiting(self) -> None:
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(ConnectionError("the connection to the broker was lost"))


def _with_heartbeat(uri: str) -> str:
    return f"{uri}{'&' if urlsplit(uri).query else '?'}heartbeat={HEARTBEAT_S}"
