"""Many callers at once, who come again the moment they were answered; and a look at what they do to the system's processes and queues."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import kombu
import psutil

from deploy.local.broker_rights import SERVICES_HOST
from deploy.local.installation import SERVICES
from deploy.local.system import Running

PAUSE_S = 0.2
"""Between an answer and the next request of the same caller: far less than the system asks for."""


@dataclass(frozen=True)
class Asks:
    """What a group of callers asks: how many of them, and the request."""

    name: str
    callers: int
    method: str
    path: str
    token: str | None = None
    bodies: tuple[dict[str, Any], ...] = ()

    def request(self, number: int, host: str) -> bytes:
        """The request of one caller, as it goes over the line."""
        body = json.dumps(self.bodies[number % len(self.bodies)]).encode() if self.bodies else b""
        head = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", "Content-Type: application/json"]
        head += [f"Authorization: Bearer {self.token}"] if self.token else []
        return "\r\n".join([*head, "", ""]).encode() + body


@dataclass
class Heard:
    """What a group of callers heard: how often each status, how many 503 without a time to come again, how long each answer took."""

    statuses: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0
    seconds: dict[int, list[float]] = field(default_factory=dict)

    def note(self, head: str, seconds: float) -> None:
        """Count one response by its head."""
        status = int(head.split()[1])
        self.statuses[status] += 1
        self.seconds.setdefault(status, []).append(seconds)
        if status == 503 and not re.search(r"(?im)^retry-after: [1-9]\d?\r$", head):
            self.without_retry_after += 1

    def typical_ms(self, status: int) -> float:
        """The median of the answers with that status, in milliseconds."""
        times = sorted(self.seconds.get(status, [0.0]))
        return times[len(times) // 2] * 1000

    def __str__(self) -> str:
        return ", ".join(f"{count} x {status} ({self.typical_ms(status):.0f} ms)" for status, count in sorted(self.statuses.items()))


def call_for(url: str, groups: list[Asks], seconds: float) -> dict[str, Heard]:
    """Let all groups call for so long, each caller as often as it is answered; nobody is left waiting at the end."""
    return asyncio.run(_call_for(url, groups, seconds))


async def _call_for(url: str, groups: list[Asks], seconds: float) -> dict[str, Heard]:
    heard, place = {asks.name: Heard() for asks in groups}, httpx.URL(url)
    end = time.monotonic() + seconds
    await asyncio.gather(
        *(_call(place, asks.request(n, place.host), heard[asks.name], end) for asks in groups for n in range(asks.callers))
    )
    return heard


async def _call(place: httpx.URL, request: bytes, heard: Heard, end: float) -> None:
    """One caller on one connection, opened anew when the other side ended it between two requests."""
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while time.monotonic() < end:
        line, began = line or await asyncio.open_connection("127.0.0.1", place.port), time.monotonic()
        line[1].write(request)
        try:
            head = await _read(line[0])
        except (asyncio.IncompleteReadError, ConnectionError):
            line = None
            continue
        heard.note(head, time.monotonic() - began)
        await asyncio.sleep(PAUSE_S)
    if line:
        line[1].close()


async def _read(reader: asyncio.StreamReader) -> str:
    """One response; its head."""
    head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 180)).decode("latin-1")
    length = re.search(r"(?im)^content-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    return head


@dataclass
class Looks:
    """What was seen while it lasted: memory of each process, in bytes, and the longest that each service's queue of calls was."""

    before: dict[str, int]
    most: dict[str, int] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    looks: int = 0

    def grown_mb(self) -> dict[str, float]:
        """By how much each process grew at most, in MB."""
        return {name: round((self.most[name] - before) / 2**20, 1) for name, before in self.before.items()}


@contextmanager
def looked_at(running: Running, every_s: float = 0.5) -> Iterator[Looks]:
    """Look at all processes and queues again and again, in a thread beside the block."""
    looks, over = Looks(memory_of(running)), threading.Event()
    looks.most = dict(looks.before)

    def look() -> None:
        while not over.wait(every_s):
            _take(looks.most, memory_of(running))
            _take(looks.longest, waiting_calls(running))
            looks.looks += 1

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield looks
    finally:
        over.set()
        thread.join()


def _take(most: dict[str, int], now: dict[str, int]) -> None:
    for name, value in now.items():
        most[name] = max(most.get(name, 0), value)


def memory_of(running: Running) -> dict[str, int]:
    """The resident bytes of each service and of each worker of the gateway."""
    ours = {state["name"]: state["pid"] for state in running.supervisor.states()}
    wanted = {f"{service}-1": psutil.Process(ours[f"{service}-1"]) for service in SERVICES}
    workers = sorted(psutil.Process(ours["gateway"]).children(), key=lambda each: each.pid)
    wanted |= {f"gateway/{number}": worker for number, worker in enumerate(workers)}
    return {name: process.memory_info().rss for name, process in wanted.items()}


def waiting_calls(running: Running) -> dict[str, int]:
    """How many calls lie in each service's queue, unanswered and not yet taken."""
    with kombu.Connection(running.here.broker.administrator_uri(SERVICES_HOST)) as connection:
        channel = connection.channel()
        return {service: channel.queue_declare(f"{service}.rpc", passive=True).message_count for service in SERVICES}


def counted(running: Running, process: str, metric: str, **labels: str) -> float:
    """The sum of a counter of one process over all its series that have these labels."""
    text = httpx.get(f"http://127.0.0.1:{running.here.health_port(process)}/metrics", timeout=30).text
    lines = re.findall(rf"^{metric}(?:\{{(.*)\}})? (\S+)$", text, re.MULTILINE)
    wanted = [f'{name}="{value}"' for name, value in labels.items()]
    return sum(float(value) for series, value in lines if all(each in series for each in wanted))


def wait_until(true: Callable[[], bool], patience_s: float = 60) -> None:
    """Wait until something is true; fails when it does not become so."""
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)
