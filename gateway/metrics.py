"""The gateway's metrics: its workers write to shared files, the master serves their sum on the loopback port of health."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

request_seconds = Histogram("request_seconds", "Time from request to response", ["method", "route", "status"])
calls_refused_early = Counter("calls_refused_early", "Requests refused because too many calls were under way")
live_streams = Gauge("live_streams", "Streams of hints that are open", multiprocess_mode="livesum")
live_streams_refused = Counter("live_streams_refused", "Streams refused for want of a place: of the person, or of the process", ["place"])
live_words = Counter("live_words", "Words sent on streams")


def collect() -> bytes:
    """All workers' metrics together, in the text format of Prometheus."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    return generate_latest(registry)
