"""Logs, metrics and health of one process: JSON lines with one correlation id, and a small HTTP server on loopback."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

late_calls = Counter("late_calls", "Calls dropped because their deadline had passed", ["service"])
parked_events = Counter("parked_events", "Events parked after too many failures", ["service"])
published_facts = Counter("published_facts", "Journal rows published and confirmed", ["service"])
door_seconds = Histogram("door_seconds", "Time a door took", ["service", "door", "outcome"])
unpublished_facts = Gauge("unpublished_facts", "Journal rows not published yet, at the relay's last look", ["service"])
waiting_events = Gauge("waiting_events", "Events waiting for their precondition", ["service"])

Check = Callable[[], dict[str, bool]]


def configure_logs(service: str, level: int = logging.INFO) -> None:
    """Everything that logs, ours and the libraries', as one JSON line on standard output."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(render)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("amqp", "kombu", "alembic", "weasyprint", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service)
    # Said by eventlet at each start; the decision to keep it behind the chassis is recorded.
    warnings.filterwarnings("ignore", message=".*[Ee]ventlet is deprecated.*")


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
    import json

    status = "200 OK" if all(parts.values()) else "503 Service Unavailable"
    return _send(start_response, status, json.dumps({"ready": all(parts.values())} | parts).encode())


def _send(start_response: Callable[..., Any], status: str, body: bytes, kind: str = "application/json") -> Iterable[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]
