"""The gateway's metrics: its workers write to shared files, the master serves their sum on the loopback port of health."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

request_seconds = Histogram("request_seconds", "Time from request to response", ["method", "route", "status"])
calls_refused_early = Counter("calls_refused_early", "Requests refused because too many calls were under way")


def collect() -> bytes:
    """All workers' metrics together, in the text format of Prometheus."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    return generate_latest(registry)
