"""Facts from commit to listener: how late at a steady pace, and the highest pace that is kept up.

One service announces each fact in a unit of its own, another hears it. The delay is from the moment just before the commit, which the
journal keeps (`recorded_at`), to the listener's unit (`heard.at`); both are real time of one machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.bare.principal import Signer
from chassis.running.calls import BrokerAsker
from tests.load.figures import Figure, Target, percentile, rounded
from tests.load.speaker.contracts import Announce
from tests.load.stand import ASKER, Stand

PART = "facts"
PROMISED, PROMISED_MS = 200, 200
AT_ONCE = 4
"""Units that announce side by side."""
CAUGHT_UP_S, GIVEN_UP_S = 1.0, 60.0
KEPT_UP = 0.95


@dataclass(frozen=True)
class Extent:
    """The steady pace and its seconds; the steps up of the search for the highest, and their seconds."""

    seconds: float
    step: int
    step_seconds: float
    most: int


def figures(stand: Stand, extent: Extent, say: Callable[[str], None]) -> Iterator[Figure]:
    """The delay at the promised pace; the highest pace at which the last fact is heard within a second of its commit."""
    offer(stand, PROMISED / 2, min(3.0, extent.seconds))
    say(f"{PROMISED} facts a second for {extent.seconds:.0f} s")
    steady = offer(stand, PROMISED, extent.seconds)
    # Delays at another pace than the promised one would prove nothing, however short.
    kept = Target(f"facts are announced at a pace of {PROMISED} a second, 5 % less at most", steady["per_s"], least=KEPT_UP * PROMISED)
    late = Target(f"the p99 delay is under {PROMISED_MS} ms at {PROMISED} facts a second", steady["p99_ms"], most=PROMISED_MS)
    yield Figure(PART, f"delay at {PROMISED} a second", steady, targets=(kept, late))
    yield Figure(PART, "highest pace kept up", _highest(stand, extent, say))


def _highest(stand: Stand, extent: Extent, say: Callable[[str], None]) -> dict[str, Any]:
    best: dict[str, Any] = {"per_s": 0.0}
    for pace in range(extent.step, extent.most + 1, extent.step):
        say(f"{pace} facts a second")
        found = offer(stand, pace, extent.step_seconds)
        if found["per_s"] < KEPT_UP * pace or found["behind_s"] > CAUGHT_UP_S:
            return best | {"not_kept_up_offered_per_s": pace, "not_kept_up_announced_per_s": found["per_s"]}
        best = found
    return best


def offer(stand: Stand, per_second: float, seconds: float) -> dict[str, float]:
    """Announce at that pace for so long; facts a second, their delays, and how far behind the listener was at the end."""
    since = _last_position(stand)
    _announce(stand, per_second, seconds)
    recorded = dict(stand.rows("speaker", "SELECT id::text, recorded_at FROM journal WHERE position > %s", since))
    heard = _all_heard(stand, set(recorded))
    delays = [(heard[each] - at).total_seconds() * 1000 for each, at in recorded.items()]
    took = (max(recorded.values()) - min(recorded.values())).total_seconds()
    behind = (max(heard[each] for each in recorded) - max(recorded.values())).total_seconds()
    told = {"facts": len(recorded), "offered_per_s": per_second, "per_s": (len(recorded) - 1) / took, "behind_s": max(0.0, behind)}
    return {name: rounded(value) for name, value in (told | {f"p{at}_ms": percentile(delays, at) for at in (50, 99)}).items()}


def _announce(stand: Stand, per_second: float, seconds: float) -> None:
    here = stand.here
    asker = BrokerAsker(here.broker.administrator_uri(), Signer(ASKER, here.keys.key_file(ASKER)), seconds * 10 + GIVEN_UP_S)
    content = {"per_second": per_second / AT_ONCE, "seconds": seconds}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for done in [threads.submit(asker.ask, Announce, content, "load") for _ in range(AT_ONCE)]:
            done.result()


def _all_heard(stand: Stand, wanted: set[str]) -> dict[str, datetime]:
    until = time.monotonic() + GIVEN_UP_S
    while time.monotonic() < until:
        heard = dict(stand.rows("hearer", "SELECT event_id::text, at FROM heard WHERE listener = %s", "said"))
        if wanted <= set(heard):
            return heard
        time.sleep(0.2)
    raise RuntimeError(f"{len(wanted - set(heard))} facts were not heard within {GIVEN_UP_S:.0f} s")


def _last_position(stand: Stand) -> int:
    return int(stand.rows("speaker", "SELECT coalesce(max(position), %s) FROM journal", 0)[0][0])
