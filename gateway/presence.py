"""Which services are there: how many processes take their calls, as the broker knows it.

A call for a service that nobody runs would wait for its whole time and be carried out when nobody waits for it any more: it is
refused at once instead. What was seen holds for a second; so long a service's last process goes on answering after it has left.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

import aiormq
from aiormq.exceptions import ChannelNotFoundEntity

from chassis.bare.refusals import Unavailable
from chassis.running.topology import call_queue
from gateway.ending import BROKEN, outcome_within

HOLDS_S = 1.0
HOLDS_GONE_S = 0.25
"""Shorter, so that whoever comes again finds the service as soon as it is back."""
LOOK_S = 2.0
RETRY_AFTER_S = 5

WITHOUT = {
    "identity": "Nobody can log in or be recognised just now: the identity service is not running. What is public works.",
    "registry": "Registrations, partnerships and the support office are missing just now: the registry service is not running.",
    "matching": "Ranked lists, the catalogue, contacts and conversations are missing just now: the matching service is not running. "
    "Everything else works.",
    "agreements": "Exchanges, agreements, signatures and reports are missing just now: the agreements service is not running.",
    "payments": "Amounts, bank details, evidence and payments are missing just now: the payments service is not running.",
}
"""What a person misses while a service is not there."""

OpenChannel = Callable[[], Coroutine[Any, Any, aiormq.abc.AbstractChannel]]
Told = Callable[[], None]


class ServiceMissing(Unavailable):
    """No process of a service is running."""

    code = "service_missing"

    def __init__(self, service: str) -> None:
        super().__init__(WITHOUT.get(service, f"The {service} service is not running."), RETRY_AFTER_S, service)


class Seen(NamedTuple):
    """How many processes took a service's calls, or None where the broker did not say; and until when that holds."""

    processes: int | None
    until: float


class Presence:
    """Looks at the broker, at most once a second for each service, on a channel of its own."""

    def __init__(self, open_channel: OpenChannel, heard: Told = lambda: None, silent: Told = lambda: None) -> None:
        """`heard` is called when the broker has answered, `silent` when it has not, on a channel that is open."""
        self._open_channel, self._heard, self._silent = open_channel, heard, silent
        self._channel: aiormq.abc.AbstractChannel | None = None
        self._seen: dict[str, Seen] = {}
        self._looking: dict[str, asyncio.Task[int | None]] = {}

    async def demand(self, service: str) -> None:
        """Raise ServiceMissing if nobody takes this service's calls; what cannot be known passes."""
        if await self.processes(service) == 0:
            raise ServiceMissing(service)

    async def processes(self, service: str) -> int | None:
        """How many processes take this service's calls; None if the broker does not say."""
        seen = self._seen.get(service)
        if seen is not None and time.monotonic() < seen.until:
            return seen.processes
        if service not in self._looking:
            self._looking[service] = asyncio.create_task(self._look(service))
            self._looking[service].add_done_callback(lambda _: self._looking.pop(service, None))
        # A caller that goes away must not break the look off: that would close the channel under the others.
        return await asyncio.shield(self._looking[service])

    async def _look(self, service: str) -> int | None:
        # From before the look on: what is seen is as old as that, however long the answer takes.
        asked = time.monotonic()
        processes = await self._count(service)
        self._seen[service] = Seen(processes, asked + (HOLDS_S if processes else HOLDS_GONE_S))
        return processes

    async def _count(self, service: str) -> int | None:
        try:
            if self._channel is None or self._channel.is_closed:
                self._channel = await outcome_within(LOOK_S, self._open_channel())
            declared = await outcome_within(LOOK_S, self._ask(self._channel, call_queue(service)))
        except BROKEN as failure:
            # A look that was not answered in time leaves the channel neither open nor closed until the broker says so: the next has its own.
            self._channel = None
            if isinstance(failure, TimeoutError):
                self._silent()
            return 0 if isinstance(failure, ChannelNotFoundEntity) else None
        self._heard()
        return int(declared.consumer_count)

    async def _ask(self, channel: aiormq.abc.AbstractChannel, queue: str) -> Any:
        return await channel.queue_declare(queue, passive=True, timeout=LOOK_S)
