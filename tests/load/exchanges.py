"""Whole exchanges per minute: the tour from account to payment, many at once."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console

from deploy.local.exchange.__main__ import tour
from deploy.local.exchange.telling import Teller
from tests.load.figures import Figure, percentile, rounded
from tests.load.stand import Stand

PART = "exchanges"


@dataclass(frozen=True)
class Extent:
    """How many exchanges, with how many people at work at a time."""

    exchanges: int
    places: int


def figures(stand: Stand, extent: Extent, say: Callable[[str], None]) -> Iterator[Figure]:
    """One figure; raises RuntimeError unless every exchange was paid."""
    say(f"{extent.exchanges} whole exchanges")
    teller = Teller(Console(file=io.StringIO()), every_request=False)
    began = time.monotonic()
    paid = tour(stand.here, extent.exchanges, extent.places, teller)
    minutes = (time.monotonic() - began) / 60
    if paid != extent.exchanges:
        raise RuntimeError(f"{paid} of {extent.exchanges} exchanges were paid")
    ms = [call.ms for call in teller.calls]
    values = {
        "exchanges": paid, "people_at_a_time": extent.places, "minutes": rounded(minutes), "exchanges_per_minute": rounded(paid / minutes),
        "requests": len(ms), "p50_ms": rounded(percentile(ms, 50)), "p99_ms": rounded(percentile(ms, 99)),
    }  # fmt: skip
    yield Figure(PART, f"{paid} at {extent.places} people at a time", values)
