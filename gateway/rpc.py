"""One line to the broker per process, on which many calls are under way at once; it reconnects by itself.

Replies come by direct reply-to: no queue to declare, and what nobody waits for any more is dropped by the broker.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import aiormq

from chassis.bare.message import Request
from chassis.bare.protocol import JSON_TYPE, REPLY_QUEUE, call_headers, encode
from chassis.bare.refusals import Unavailable
from gateway.admission import Admission
from gateway.frames import Properties
from gateway.line import Line, open_line
from gateway.presence import Presence

CLOSE_S = 1
BROKEN = (aiormq.exceptions.AMQPError, OSError)


class Rpc:
    """Calls services. `timeout_s` bounds each call; its deadline travels along. `admission` bounds how many are under way."""

    def __init__(self, amqp_uri: str, timeout_s: float, admission: Admission) -> None:
        self._uri, self._timeout, self._admission = amqp_uri, timeout_s, admission
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._line: Line | None = None
        self._beside: aiormq.abc.AbstractConnection | None = None
        self._opening, self._opening_beside = asyncio.Lock(), asyncio.Lock()
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
                async with asyncio.timeout(self._timeout):
                    return await self._exchange(contract, encode(content), headers)
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
        """A channel for what fails by closing it, on a connection that carries no calls; raises what BROKEN names."""
        async with self._opening_beside:
            if self._beside is None or self._beside.is_closed:
                self._beside = await aiormq.connect(self._uri)
        return await self._beside.channel(publisher_confirms=False)

    async def close(self) -> None:
        """Close both connections; not waited for longer than a second, because a broker in need reads no farewell."""
        for connection in (self._line, self._beside):
            if connection is not None:
                with suppress(*BROKEN):
                    await asyncio.wait_for(connection.close(), CLOSE_S)

    async def _exchange(self, contract: type[Request], body: bytes, headers: dict[str, Any]) -> dict[str, Any]:
        line = await self._open()
        correlation = str(uuid4())
        reply: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[correlation] = reply
        try:
            line.call(contract.service, self._properties(contract, headers, correlation), body)
            return await reply
        finally:
            self._waiting.pop(correlation, None)

    def _properties(self, contract: type[Request], headers: dict[str, Any], correlation: str) -> Properties:
        return Properties(JSON_TYPE, headers, correlation, REPLY_QUEUE, str(int(self._timeout * 1000)), contract.slug())

    async def _open(self) -> Line:
        if self._line is not None and not self._line.closed.done():
            return self._line
        async with self._opening:
            if self._line is None or self._line.closed.done():
                self._line = await open_line(self._uri, self._hear)
                self._line.closed.add_done_callback(lambda _: self._fail_waiting())
            return self._line

    def _hear(self, correlation: str, body: bytes) -> None:
        reply = self._waiting.get(correlation)
        if reply is not None and not reply.done():
            reply.set_result(json.loads(body))

    def _fail_waiting(self) -> None:
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(ConnectionError("the connection to the broker was lost"))
