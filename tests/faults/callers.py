"""Many callers at once, who come again the moment they were answered; and a look at what they do to the system's processes and queues."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
    """What a group of callers heard: how often each status, how many 503 without a time to come again, how long each answer took.

    `asked` counts the requests, `broken` those of them that got no response, by what came instead.
    """

    asked: int = 0
    broken: Counter[str] = field(default_factory=Counter)
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

    @property
    def answered(self) -> int:
        """How many requests got a response, of whatever status."""
        return sum(self.statuses.values())

    def typical_ms(self, status: int) -> float:
        """The median of the answers with that status, in milliseconds."""
        times = sorted(self.seconds.get(status, [0.0]))
        return times[len(times) // 2] * 1000

    def __str__(self) -> str:
        told = [f"{count} x {status} ({self.typical_ms(status):.0f} ms)" for status, count in sorted(self.statuses.items())]
        return ", ".join([*told, *(f"{count} x {what}" for what, count in self.broken.items())])


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
    """One caller on one connection. Where it breaks, the request had no response: that is counted, and the caller comes on another."""
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while time.monotonic() < end:
        heard.asked, began = heard.asked + 1, time.monotonic()
        try:
            line = line or await asyncio.open_connection("127.0.0.1", place.port)
            line[1].write(request)
            head = await _read(line[0])
        except (asyncio.IncompleteReadError, OSError, TimeoutError) as broken:
            heard.broken[type(broken).__name__] += 1
            line = _hung_up(line)
        else:
            heard.note(head, time.monotonic() - began)
            if re.search(r"(?im)^connection: close\r$", head):
                line = _hung_up(line)
        await asyncio.sleep(PAUSE_S)
    _hung_up(line)


def _hung_up(line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None) -> None:
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
    """The bytes that each process has to itself: broker and database with all they started, services, workers, the gateway's workers."""
    ours = {state["name"]: psutil.Process(state["pid"]) for state in running.supervisor.states()}
    entrance = ours.pop("gateway")
    workers = sorted(entrance.children(), key=lambda each: each.pid)
    wanted = ours | {f"gateway/{number}": worker for number, worker in enumerate(workers)}
    return {name: _bytes_of([process, *process.children(recursive=True)]) for name, process in wanted.items()}


def _bytes_of(processes: list[psutil.Process]) -> int:
    """Without what they share: the database's buffers would count once for every connection."""
    total = 0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            memory = process.memory_info()
            total += memory.rss - memory.shared
    return total


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
