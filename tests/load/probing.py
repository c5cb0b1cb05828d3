"""Asking again and again, a little apart, until the first good answer."""

from __future__ import annotations

import asyncio
import time

EVERY_S = 0.1
PATIENCE_S = 180.0


def first_good_answer(port: int, request: bytes, since: float) -> float:
    """Seconds from `since` (monotonic) until the first 200 to a request on a connection of its own; raises TimeoutError."""
    return asyncio.run(_first_good_answer(port, request)) - since


async def _first_good_answer(port: int, request: bytes) -> float:
    good: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    probes: set[asyncio.Task[None]] = set()
    until = time.monotonic() + PATIENCE_S
    while not good.done():
        if time.monotonic() > until:
            raise TimeoutError(f"no good answer within {PATIENCE_S:.0f} s")
        task = asyncio.create_task(_probe(port, request, good))
        probes.add(task)
        task.add_done_callback(probes.discard)
        await asyncio.wait({good}, timeout=EVERY_S)
    for task in probes:
        task.cancel()
    return good.result()


async def _probe(port: int, request: bytes, good: asyncio.Future[float]) -> None:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        first = await reader.readline()
        writer.close()
    except OSError:
        return
    if first.startswith(b"HTTP/1.1 200 ") and not good.done():
        good.set_result(time.monotonic())
