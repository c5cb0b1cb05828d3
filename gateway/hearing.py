"""Hears the services' hints from the broker, for as long as the process serves; without a broker it tries again for ever.

The queue is this process' own and gone with its connection, so every gateway hears everything.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any
from uuid import uuid4

import structlog
from aiormq.abc import AbstractChannel, DeliveredMessage

from chassis.bare.hints import Hint
from chassis.running.topology import LIVE_TOPIC, MOST_HINTS, live_queue
from gateway.live import Live
from gateway.rpc import Rpc

PAUSE_S = 2.0

log = structlog.get_logger()


class Hearing:
    """Middleware that begins and ends with the worker."""

    _listening: asyncio.Task[None]

    def __init__(self, rpc: Rpc, live: Live) -> None:
        self._rpc, self._live = rpc, live

    async def process_startup(self, scope: dict[str, Any], event: dict[str, Any]) -> None:
        """Begin to listen."""
        self._listening = asyncio.create_task(self._listen_for_ever())

    async def process_shutdown(self, scope: dict[str, Any], event: dict[str, Any]) -> None:
        """Listen no more."""
        self._listening.cancel()

    async def _listen_for_ever(self) -> None:
        while True:
            # A task of its own: a connection that is given up cancels whoever waits on it, and that is no reason to hear no more.
            turn = asyncio.ensure_future(self._listen_once())
            try:
                await asyncio.wait([turn])
            finally:
                turn.cancel()
            if turn.cancelled() or turn.exception():
                log.info("hears no hints", error="given up" if turn.cancelled() else repr(turn.exception()))
            await asyncio.sleep(PAUSE_S)

    async def _listen_once(self) -> None:
        channel = await self._rpc.another_channel()
        await self._listen(channel)
        # Since the broker was last heard, or since this process began, anything may have happened.
        self._live.tell_everything()
        log.info("hears hints")
        await asyncio.wait([channel.closing])

    async def _listen(self, channel: AbstractChannel) -> None:
        queue = live_queue(uuid4().hex)
        bounds: Any = {"x-max-length": MOST_HINTS}
        await channel.queue_declare(queue, exclusive=True, auto_delete=True, arguments=bounds, timeout=PAUSE_S)
        await channel.queue_bind(queue, LIVE_TOPIC, timeout=PAUSE_S)
        await channel.basic_consume(queue, self._on_message, no_ack=True, timeout=PAUSE_S)

    async def _on_message(self, message: DeliveredMessage) -> None:
        with suppress(ValueError, KeyError, TypeError):
            for each in json.loads(message.body)["hints"]:
                self._live.tell(Hint.from_message(each))
