"""Asking again and again, a little apart, until answers are good and stay so."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

EVERY_S = 0.1
STEADY_S = 5.0
PATIENCE_S = 180.0


@dataclass
class Recovery:
    """What came of the probes: when each began, and when it was answered well (or not at all)."""

    good: list[tuple[float, float]] = field(default_factory=list)
    failed: list[float] = field(default_factory=list)
    waiting: set[float] = field(default_factory=set)

    @property
    def first_good(self) -> float:
        """When the first good answer came; never, so far, is infinity."""
        return min((ended for _, ended in self.good), default=float("inf"))

    @property
    def steady(self) -> float:
        """When the first good answer came after which no request was begun in vain: what died late is noticed late."""
        last = max(self.failed, default=float("-inf"))
        return min((ended for began, ended in self.good if began > last), default=float("inf"))

    def is_over(self, now: float) -> bool:
        """Whether answers have been good for a while, and none that was begun meanwhile is waited for."""
        return now - self.steady > STEADY_S and not any(self.steady < began < now - 1 for began in self.waiting)


def watched(port: int, request: bytes) -> Recovery:
    """Probe until answers are good and stay so; raises TimeoutError."""
    return asyncio.run(_watched(port, request))


async def _watched(port: int, request: bytes) -> Recovery:
    recovery, probes, until = Recovery(), set(), time.monotonic() + PATIENCE_S
    while not recovery.is_over(time.monotonic()):
        if time.monotonic() > until:
            raise TimeoutError(f"no steady answers within {PATIENCE_S:.0f} s")
        task = asyncio.create_task(_probe(port, request, recovery))
        probes.add(task)
        task.add_done_callback(probes.discard)
        await asyncio.sleep(EVERY_S)
    for task in probes:
        task.cancel()
    return recovery


async def _probe(port: int, request: bytes, recovery: Recovery) -> None:
    began = time.monotonic()
    recovery.waiting.add(began)
    try:
        is_good = await _answer(port, request)
    except OSError:
        is_good = False
    recovery.waiting.discard(began)
    if is_good:
        recovery.good.append((began, time.monotonic()))
    else:
        recovery.failed.append(began)


async def _answer(port: int, request: bytes) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return (await reader.readline()).startswith(b"HTTP/1.1 200 ")
    finally:
        writer.close()
