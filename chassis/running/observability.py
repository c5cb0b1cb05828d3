"""Metrics and health of one process, on a small HTTP server on loopback."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from chassis.bare.lifecycle import Made
from chassis.bare.refusals import Refusal, Unavailable

late_calls = Counter("late_calls", "Calls dropped because their deadline had passed", ["service"])
parked_events = Counter("parked_events", "Events parked after too many failures", ["service"])
published_facts = Counter("published_facts", "Journal rows published and confirmed", ["service"])
parked_messages = Gauge("parked_messages", "Messages that wait in the parking for a person", ["service"])
loop_stalls = Histogram(
    "loop_stall_seconds", "Stalls of the event loop, by how long it stood", ["service"], buckets=(0.5, 1, 2, 5, 10, 20, 40)
)
loop_lateness = Histogram(
    "loop_lateness_seconds",
    "How late the event loop came to a beat, the time without a processor left out",
    ["service"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3),
)
in_flight = Gauge("in_flight", "Calls and events taken from the broker and not settled yet", ["service"])
door_seconds = Histogram("door_seconds", "Time a door took, by how it ended: done, refused, failed", ["door", "outcome"])
work_seconds = Histogram(
    "work_seconds",
    "Time of a part of a door's work that is told of by itself",
    ["work"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1),
)
moves_made = Counter(
    "moves_made",
    "Moves that a lifecycle allowed in units that committed, by the door that opened them",
    ["service", "subject", "move", "state", "role", "door"],
)
backlog = Gauge("backlog", "Open work by kind: unpublished facts, waiting events, overdue work, jobs", ["service", "kind"])

log = structlog.get_logger()

Check = Callable[[], dict[str, bool]]


@contextmanager
def observed(door: str, correlation_id: str) -> Iterator[None]:
    """Time what a door does, and put its correlation id on every log line meanwhile."""
    began, outcome = time.perf_counter(), "failed"
    with structlog.contextvars.bound_contextvars(correlation_id=correlation_id, door=door):
        try:
            yield
            outcome = "done"
        except (Refusal, Unavailable) as answer:
            outcome = "refused"
            log.info("refused", code=answer.code() if isinstance(answer, Refusal) else "unavailable")
            raise
        finally:
            door_seconds.labels(door, outcome).observe(time.perf_counter() - began)


def count_moves(service: str, door: str, moves: Iterable[Made]) -> None:
    """Count moves that were committed, once for each role in which whoever made one might."""
    for made in moves:
        for role in made.roles:
            moves_made.labels(service, made.subject, made.move, made.state, role, door).inc()


LOOK = "/look/"


def serve_health(
    port: int, check: Check, metrics: Callable[[], bytes] = generate_latest, looks: Mapping[str, Callable[[], Any]] | None = None
) -> threading.Thread:
    """Answer /health/live, /health/ready and /metrics on loopback, in a thread of its own; and /look/<name>, as JSON, of what takes longer."""
    server = make_server("127.0.0.1", port, _application(check, metrics, looks or {}), server_class=_Server, handler_class=_SilentHandler)
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    return thread


class _Server(ThreadingMixIn, WSGIServer):
    """One at a time would let a look of minutes keep probes waiting, and a process that is well would be taken for dead."""

    daemon_threads = True


class _SilentHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A probe every second is no news."""


def _application(check: Check, metrics: Callable[[], bytes], looks: Mapping[str, Callable[[], Any]]) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return _send(start_response, "200 OK", metrics(), CONTENT_TYPE_LATEST)
        if path == "/health/live":
            return _send(start_response, "200 OK", b'{"live":true}')
        if path == "/health/ready":
            return _ready(start_response, check())
        if path.startswith(LOOK) and (look := looks.get(path.removeprefix(LOOK))):
            return _send(start_response, "200 OK", json.dumps(look()).encode())
        return _send(start_response, "404 Not Found", b"{}")

    return answer


def _ready(start_response: Callable[..., Any], parts: dict[str, bool]) -> Iterable[bytes]:
    status = "200 OK" if all(parts.values()) else "503 Service Unavailable"
    return _send(start_response, status, json.dumps({"ready": all(parts.values())} | parts).encode())


def _send(start_response: Callable[..., Any], status: str, body: bytes, kind: str = "application/json") -> Iterable[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
