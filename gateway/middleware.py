"""What happens around every request: a correlation id, safe headers, one log line."""

from __future__ import annotations

import re
import time
from typing import Any
from uuid import uuid4

import structlog
from falcon.asgi import Request, Response

from chassis.bare.clock import Clock
from gateway.metrics import request_seconds

CORRELATION = re.compile(r"[\w.\-]{8,100}\Z", re.ASCII)

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}

log = structlog.get_logger()


class Around:
    """Falcon middleware; `clock` tells domain time, which every response of the API carries."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()

    async def process_request(self, req: Request, resp: Response) -> None:
        """Take the caller's correlation id, or make one; it goes on through calls to events."""
        asked = req.get_header("X-Correlation-Id") or ""
        req.context.correlation_id = asked if CORRELATION.match(asked) else str(uuid4())
        req.context.began = time.perf_counter()
        structlog.contextvars.bind_contextvars(correlation_id=req.context.correlation_id)

    async def process_response(self, req: Request, resp: Response, resource: Any, succeeded: bool) -> None:
        """Add what every response carries, unless the resource set its own."""
        resp.set_header("X-Correlation-Id", req.context.correlation_id)
        if req.path.startswith("/v1/"):
            # Days and forms of pages go by the time the rules go by; in development it may be ahead of the browser's.
            resp.set_header("X-Domain-Time", self._clock.now().isoformat(timespec="seconds"))
        for name, value in SAFE_HEADERS.items():
            if resp.get_header(name) is None:
                resp.set_header(name, value)
        if not req.path.startswith("/health"):
            took = round((time.perf_counter() - req.context.began) * 1000, 1)
            request_seconds.labels(req.method, req.uri_template or "none", resp.status_code).observe(took / 1000)
            log.info("request", method=req.method, path=req.path, status=resp.status_code, ms=took)
        structlog.contextvars.unbind_contextvars("correlation_id")
