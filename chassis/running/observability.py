"""Metrics and health of one process, on a small HTTP server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

late_calls = Counter("late_calls", "Calls dropped because their deadline had passed", ["service"])
parked_events = Counter("parked_events", "Events parked after too many failures", ["service"])
published_facts = Counter("published_facts", "Journal rows published and confirmed", ["service"])
door_seconds = Histogram("door_seconds", "Time a door took", ["service", "door", "outcome"])
unpublished_facts = Gauge("unpublished_facts", "Journal rows not published yet, at the relay's last look", ["service"])
waiting_events = Gauge("waiting_events", "Events waiting for their precondition", ["service"])

Check = Callable[[], dict[str, bool]]


def serve_health(port: int, check: Check) -> threading.Thread:
    """Answer /health/live, /health/ready and /metrics on loopback, in a thread of its own."""
    server = make_server("127.0.0.1", port, _application(check), server_class=WSGIServer, handler_class=_SilentHandler)
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    return thread


class _SilentHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's name)
        """A probe every second is no news."""


def _application(check: Check) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return _send(start_response, "200 OK", generate_latest(), CONTENT_TYPE_LATEST)
        if path == "/health/live":
            return _send(start_response, "200 OK", b'{"live":true}')
        if path == "/health/ready":
            return _ready(start_response, check())
        return _send(start_response, "404 Not Found", b"{}")

    return answer


def _ready(start_response: Callable[..., Any], parts: dict[str, bool]) -> Iterable[bytes]:
    status = "200 OK" if all(parts.values()) else "503 Service Unavailable"
    return _send(start_response, status, json.dumps({"ready": all(parts.values())} | parts).encode())


def _send(start_response: Callable[..., Any], status: str, body: bytes, kind: str = "application/json") -> Iterable[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
