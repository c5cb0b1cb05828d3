"""Ten times as many callers as are let in: how late the accepted are, as a ratio to an idle system, and how many are refused early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from gateway.settings import Settings
from tests.load.figures import Figure, percentile, rounded
from tests.load.stand import Stand

PART = "overload"
WORKERS, TIMES = 2, 10


@dataclass(frozen=True)
class Extent:
    """For how many seconds."""

    seconds: float


def figures(stand: Stand, extent: Extent, say: Callable[[str], None]) -> Iterator[Figure]:
    """One figure for callers who come again at once, one for those who wait as they are told, one for the time after it."""
    callers = TIMES * WORKERS * Settings.calls
    idle = _accepted(_call(stand, 1, min(10.0, extent.seconds), True))
    for name, hears in (("wait as they are told", True), ("come again at once", False)):
        say(f"{callers} callers who {name}")
        yield _figure(f"{callers} callers who {name}", _call(stand, callers, extent.seconds, hears), idle)
    yield _figure("one caller, right afterwards", _call(stand, 1, min(10.0, extent.seconds), True), idle)


def _call(stand: Stand, callers: int, seconds: float, hears_retry_after: bool) -> dict[str, Any]:
    return stand.callers.tell(
        port=stand.port, request=stand.read(), connections=callers, seconds=seconds, hears_retry_after=hears_retry_after
    )


def _accepted(heard: dict[str, Any]) -> dict[str, float]:
    good = heard["ms"].get("200", [])
    return {f"p{at}_ms": percentile(good, at) for at in (50, 99)} | {"accepted_per_s": len(good) / heard["seconds"]}


def _figure(name: str, heard: dict[str, Any], idle: dict[str, float]) -> Figure:
    accepted, refused = _accepted(heard), heard["ms"].get("503", [])
    everything = sum(len(times) for times in heard["ms"].values())
    values = accepted | {"refused_share": len(refused) / everything, "lost": heard["lost"]}
    if refused:
        values["refused_p99_ms"] = percentile(refused, 99)
    others = {status: len(times) for status, times in heard["ms"].items() if status not in ("200", "503")}
    ratios = {f"{each} to an idle system's": rounded(accepted[each] / idle[each]) for each in ("p50_ms", "p99_ms")}
    return Figure(PART, name, {each: rounded(value) for each, value in values.items()} | ({"others": others} if others else {}), ratios)
