"""A gateway that is told to leave finishes what is under way, hands new ones to whoever stays or refuses them, and breaks none off."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import kombu
import psutil
import pytest

from chassis.bare.protocol import JSON_TYPE, encode
from chassis.running import topology
from deploy.local.broker_rights import SERVICES_HOST, Broker
from tests.chassis.wires import wait_for
from tests.gateway.served import Line, Site, served

pytestmark = pytest.mark.slow

PATH = "/v1/partnerships"
GRACEFUL_S = 20
"""As long as gunicorn lets a worker finish."""
ASK = f"GET {PATH} HTTP/1.1\r\nHost: here\r\n\r\n".encode()


class SlowRegistry(threading.Thread):
    """Stands in for the registry: takes calls from its queue and answers each after a while, all of them at the same time."""

    def __init__(self, uri: str) -> None:
        super().__init__(daemon=True)
        self.seconds, self.taken, self._over = 0.0, 0, threading.Event()
        self._uri, self._owed = uri, list[tuple[float, Any]]()

    def run(self) -> None:
        """Until it is ended."""
        with kombu.Connection(self._uri) as connection:
            connection.channel().queue_purge("registry.rpc")
            producer = kombu.Producer(connection.channel(), auto_declare=False)
            queue = kombu.Queue("registry.rpc", no_declare=True)
            with kombu.Consumer(connection.channel(), [queue], callbacks=[self._take], accept=["json"], no_ack=True):
                while not self._over.is_set():
                    try:
                        connection.drain_events(timeout=0.02)
                    except TimeoutError:
                        self._answer(producer)

    def end(self) -> None:
        """Leave."""
        self._over.set()
        self.join()

    def _take(self, _body: Any, message: Any) -> None:
        self.taken += 1
        self._owed.append((time.monotonic() + self.seconds, message.properties))

    def _answer(self, producer: Any) -> None:
        while self._owed and self._owed[0][0] <= time.monotonic():
            _, asked = self._owed.pop(0)
            answer = encode({"answer": {"items": [], "next": None}})
            producer.publish(answer, routing_key=asked["reply_to"], correlation_id=asked["correlation_id"], content_type=JSON_TYPE)


@pytest.fixture
def registry(broker: Broker) -> Iterator[SlowRegistry]:
    """A registry that answers."""
    broker.prepare(["gateway"])
    topology.declare(broker.administrator_uri(SERVICES_HOST), ("registry",), ())
    slow = SlowRegistry(broker.administrator_uri(SERVICES_HOST))
    slow.start()
    yield slow
    slow.end()


@pytest.fixture
def site(broker: Broker, registry: SlowRegistry, tmp_path: Path) -> Iterator[Site]:
    """A gateway of two workers before it, which both have answered."""
    with served(tmp_path, broker.uri("gateway"), CALL_TIMEOUT_S="15", WEB_CONCURRENCY="2", RATE_LIMIT="0", HEADERS_TIME_S="10") as site:
        wait_for(lambda: len(workers(site)) == 2 and site.client.get(PATH).status_code == 200)
        yield site


def workers(site: Site) -> list[psutil.Process]:
    """Its worker processes."""
    return sorted((each for each in psutil.Process(site.pid).children() if each.is_running()), key=lambda each: each.pid)


class Caller(threading.Thread):
    """Somebody who asks on a connection of its own; `outcome` is a status, or what came instead."""

    def __init__(self, site: Site, again: Callable[[], bool] = lambda: False) -> None:
        super().__init__()
        self._url, self._again = str(site.client.base_url), again
        self.outcomes: list[Any] = []
        self.start()

    def run(self) -> None:
        """Once, and as long as it is wanted again."""
        self._ask()
        while self._again():
            self._ask()

    def _ask(self) -> None:
        try:
            self.outcomes.append(httpx.get(self._url + PATH, headers={"Connection": "close"}, timeout=60).status_code)
        except httpx.HTTPError as broken:
            self.outcomes.append(type(broken).__name__)


def test_requests_under_way_are_finished_and_new_ones_find_nobody(site: Site, registry: SlowRegistry) -> None:
    """However many there are, each is answered though the process was told to leave at once; afterwards nobody listens."""
    registry.seconds, before = 4, registry.taken
    callers = [Caller(site) for _ in range(20)]
    wait_for(lambda: registry.taken == before + 20)
    began = time.monotonic()
    site.leave()
    for each in callers:
        each.join()
    assert [each.outcomes for each in callers] == [[200]] * 20
    wait_for(lambda: not psutil.pid_exists(site.pid) or psutil.Process(site.pid).status() == psutil.STATUS_ZOMBIE)
    assert time.monotonic() - began < GRACEFUL_S
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{site.client.base_url}{PATH}")
    assert registry.taken == before + 20


def test_none_of_a_stream_of_requests_is_broken_off_while_it_leaves(site: Site, registry: SlowRegistry) -> None:
    """Each is answered, told to come again, or finds nobody who listens: none was begun and never heard of again."""
    registry.seconds = 0.1
    over = threading.Event()
    callers = [Caller(site, lambda: not over.is_set()) for _ in range(16)]
    wait_for(lambda: all(len(each.outcomes) > 3 for each in callers))
    site.leave()
    wait_for(lambda: all(each.outcomes[-1] == "ConnectError" for each in callers))
    over.set()
    for each in callers:
        each.join()
    outcomes = [outcome for each in callers for outcome in each.outcomes]
    assert set(outcomes) <= {200, 503, "ConnectError"}, {each: outcomes.count(each) for each in set(outcomes)}
    answered = sum(outcome != "ConnectError" for outcome in outcomes)
    assert answered > 16 * 3


def test_a_worker_that_leaves_hands_new_requests_to_the_other(site: Site, registry: SlowRegistry) -> None:
    """Nobody who asks notices that one of two went and another came."""
    registry.seconds = 0.3
    over = threading.Event()
    callers = [Caller(site, lambda: not over.is_set()) for _ in range(16)]
    wait_for(lambda: all(len(each.outcomes) > 1 for each in callers))
    leaving, staying = workers(site)
    leaving.send_signal(signal.SIGTERM)
    wait_for(lambda: leaving.pid not in {each.pid for each in workers(site)} and len(workers(site)) == 2)
    counted = [len(each.outcomes) for each in callers]
    wait_for(lambda: all(len(each.outcomes) > before + 2 for each, before in zip(callers, counted, strict=True)))
    over.set()
    for each in callers:
        each.join()
    assert {outcome for each in callers for outcome in each.outcomes} == {200}
    assert staying.is_running()


def test_connection_that_waits_for_nothing_is_ended_and_one_that_just_asked_is_answered(site: Site, registry: SlowRegistry) -> None:
    """An idle one ends in order, without a reset; whoever still asks on an open one hears the answer, and that it is the last."""
    idle, opened, half = site.line(), site.line(), site.line()
    for used in (idle, opened):
        used.send(ASK)
        _hear_one(used)
    half.send(b"POST /v1/sessions HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{")
    registry.seconds = 2
    opened.send(ASK)
    wait_for(lambda: registry.taken >= 3)
    site.leave()
    began = time.monotonic()
    assert idle.heard() == b"" and time.monotonic() - began < 3
    half.send(b"}")
    last = opened.answer()
    assert (last.status, last.headers["connection"]) == (200, "close")
    assert half.answer().status == 422


def test_connection_made_just_before_leaving_is_answered(site: Site, registry: SlowRegistry) -> None:
    """Who is let in and asks a moment later hears an answer; who goes on saying nothing is let go soon."""
    silent, begun, new = (site.line() for _ in range(3))
    begun.send(ASK[:10])
    registry.seconds = 2
    under_way = [site.line() for _ in range(8)]
    before = registry.taken
    for each in under_way:
        each.send(ASK)
    wait_for(lambda: registry.taken == before + 8)
    began = time.monotonic()
    site.leave()
    wait_for(lambda: not _listens(site))
    new.send(ASK)
    begun.send(ASK[10:])
    assert [each.answer().status for each in (new, begun)] == [200, 200]
    assert silent.heard() == b"" and time.monotonic() - began < 10


def _listens(site: Site) -> bool:
    try:
        socket.create_connection(("127.0.0.1", site.port)).close()
    except OSError:
        return False
    return True


def _hear_one(line: Line) -> None:
    said = b""
    while b'"next":null}' not in said:
        said += line.socket.recv(65536)
    assert said.startswith(b"HTTP/1.1 200 ")
