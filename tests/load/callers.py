"""The load: callers on connections that stay open, each asking again as soon as it is answered; `python -m tests.load.callers`.

Bare sockets and nothing else, because a client library would cost more than what is measured. What it costs is in its answer.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections import defaultdict
from typing import Any
from uuid import uuid4

from tests.load.told import obey

KEY = b"{key}"
"""What stands in a request where every sending gets a key of its own."""
CHOICE = "{choice}"
"""What stands in a request where each of several words comes in turn."""


class Crowd:
    """All callers of one run: what they ask, until when, and what they heard."""

    def __init__(self, port: int, requests: list[bytes], connections: int, most: int | None, hears_retry_after: bool) -> None:
        self.port, self.connections, self.hears_retry_after = port, connections, hears_retry_after
        self._requests = [request.partition(KEY) for request in requests]
        self._keys, self._sent = uuid4().hex, 0
        self.left = most if most is not None else -1
        self.until = float("inf")
        self.ms: dict[int, list[float]] = defaultdict(list)
        self.lost, self.open = 0, 0
        self._coming: set[asyncio.Task[None]] = set()
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def next_request(self) -> bytes | None:
        """The next request, or None when enough was asked."""
        if self.left == 0 or time.perf_counter() >= self.until:
            return None
        self.left -= 1
        before, key, after = self._requests[self._sent % len(self._requests)]
        self._sent += 1
        return b"%b%b-%d%b" % (before, self._keys.encode(), self._sent, after) if key else before

    def heard(self, status: int, seconds: float) -> None:
        """One answer."""
        self.ms[status].append(round(seconds * 1000, 3))

    def comes_again(self) -> None:
        """A caller whose connection ended comes on another."""
        task = asyncio.get_running_loop().create_task(connect(self))
        self._coming.add(task)  # else nothing would hold it
        task.add_done_callback(self._coming.discard)

    def left_by_one(self) -> None:
        """A caller is done."""
        self.open -= 1
        if self.open == 0 and not self.over.done():
            self.over.set_result(None)


class Caller(asyncio.Protocol):
    """One connection."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._received = b""
        self._began: float | None = None
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        """Ask for the first time."""
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Note an answer as soon as it is whole."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._received[:end].lower()
        whole = end + 4 + _length(head)
        if len(self._received) < whole:
            return
        self._received = self._received[whole:]
        self._answered(int(head[9:12]), head)

    def connection_lost(self, exc: Exception | None) -> None:
        """Come again on a new connection, unless enough was asked."""
        if self._began is not None:
            self._crowd.lost += 1
        if self._crowd.left == 0 or time.perf_counter() >= self._crowd.until:
            self._crowd.left_by_one()
        else:
            self._crowd.comes_again()

    def _ask(self) -> None:
        request = self._crowd.next_request()
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)

    def _answered(self, status: int, head: bytes) -> None:
        assert self._began is not None
        self._crowd.heard(status, time.perf_counter() - self._began)
        self._began = None
        if status == 503 and self._crowd.hears_retry_after:
            pause = min(_retry_after(head), max(0.0, self._crowd.until - time.perf_counter()))
            asyncio.get_running_loop().call_later(pause, self._go_on)
        elif b"connection: close" not in head:
            self._ask()

    def _go_on(self) -> None:
        if not self._transport.is_closing():
            self._ask()


def _length(head: bytes) -> int:
    at = head.find(b"content-length:")
    if at < 0:
        assert b"transfer-encoding" not in head, "answers of unknown length are not read here"
        return 0
    return int(head[at + 15 :].split(b"\r\n", 1)[0])


def _retry_after(head: bytes) -> float:
    at = head.find(b"retry-after:")
    return float(head[at + 12 :].split(b"\r\n", 1)[0]) if at >= 0 else 1.0


async def connect(crowd: Crowd) -> None:
    """One more connection; one that is not taken is tried again."""
    while True:
        try:
            await asyncio.get_running_loop().create_connection(lambda: Caller(crowd), "127.0.0.1", crowd.port)
            return
        except OSError:
            crowd.lost += 1
        if time.perf_counter() >= crowd.until:
            crowd.left_by_one()
            return
        await asyncio.sleep(0.05)


async def _call(crowd: Crowd, seconds: float) -> float:
    began = time.perf_counter()
    crowd.until, crowd.open = began + seconds, crowd.connections
    await asyncio.gather(*(connect(crowd) for _ in range(crowd.connections)))
    await crowd.over
    return time.perf_counter() - began


def call(
    port: int, request: str, connections: int, seconds: float, most: int | None = None, hears_retry_after: bool = False,
    choices: list[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Let so many callers call for so long, or until `most` requests were sent; milliseconds of each answer, by status."""
    requests = [request.replace(CHOICE, each).encode() for each in choices or [""]]

    async def run() -> dict[str, Any]:
        crowd = Crowd(port, requests, connections, most, hears_retry_after)
        cpu = _own_cpu()
        took = await _call(crowd, seconds)
        return {"ms": crowd.ms, "lost": crowd.lost, "seconds": took, "cpu_s": _own_cpu() - cpu}

    return asyncio.run(run())


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    obey(call)
