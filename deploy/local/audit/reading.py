"""Reading the broker: a connection that breaks, as one to a cluster may at any time, is no reason to give an audit up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx
import kombu
from amqp.exceptions import AMQPError, NotFound

from deploy.local.database_logins import first_line
from deploy.local.unusable import Unusable

TRIES, PAUSE_S = 4, 2.0
BROKEN = (OSError, AMQPError, kombu.exceptions.OperationalError)

Found = TypeVar("Found")


def read_broker(uri: str, read: Callable[[Any], Found]) -> Found:
    """What `read` finds on a connection to the broker, from the beginning on another when one breaks; raises Unusable when they go on breaking."""

    def look() -> Found:
        with kombu.Connection(uri, connect_timeout=10) as connection:
            return read(connection)

    try:
        return _again(look, BROKEN)
    except BROKEN as reason:
        raise Unusable(f"the broker cannot be read: {first_line(reason)}.") from reason


def read_management(address: str, **params: str) -> Any:
    """What the broker's management answers; raises Unusable when it goes on failing."""
    try:
        return _again(lambda: httpx.get(address, params=params, timeout=20).raise_for_status().json(), (httpx.HTTPError,))
    except httpx.HTTPError as reason:
        raise Unusable(f"the broker's management does not answer: {type(reason).__name__}.") from reason


def length_of(connection: Any, queue: str) -> int | None:
    """How many messages a queue holds ready; None without such a queue."""
    # A refusal closes the channel, hence one for each.
    channel = connection.channel()
    try:
        length = int(channel.queue_declare(queue, passive=True).message_count)
    except NotFound:
        return None
    channel.close()
    return length


def _again(look: Callable[[], Found], broken: tuple[type[Exception], ...]) -> Found:
    for _ in range(TRIES - 1):
        try:
            return look()
        except broken:
            time.sleep(PAUSE_S)
    return look()
