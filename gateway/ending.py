"""Waiting for what happens on a connection to the broker, which may end in every way there is, and not at all.

When a connection ends, the library cancels whoever waits on it: for the request behind, that is no cancellation but a broker that is away.
And what is cancelled may go on waiting for a connection that says nothing any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import aiormq
from aiormq.exceptions import ChannelInvalidStateError

T = TypeVar("T")

BROKEN = (aiormq.exceptions.AMQPError, ChannelInvalidStateError, OSError, asyncio.TimeoutError)
"""What it is to have no broker."""

_under_way: set[asyncio.Task[Any]] = set()


async def outcome_within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """What comes of the work; raises what it raises, ConnectionError if it was given up, TimeoutError if it goes on for longer.

    Nobody waits for the end of what took too long.
    """
    task = in_the_background(work)
    try:
        await asyncio.wait([task], timeout=seconds)
        if not task.done():
            raise TimeoutError(f"not within {seconds} s")
        if task.cancelled():
            raise ConnectionError("the connection to the broker was given up")
        return task.result()
    finally:
        task.cancel()


def in_the_background(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """The work as a task that nobody has to wait for."""
    task = asyncio.ensure_future(work)
    _under_way.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: asyncio.Task[Any]) -> None:
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()  # looked at, so that nobody is told that nobody did
