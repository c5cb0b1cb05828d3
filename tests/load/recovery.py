"""How long each kind of kill is noticed: from SIGKILL until good answers to a read that needs what was killed; of a worker, which
answers nobody, until work is done that was ordered meanwhile.

The first good answer is one thing; that no later request fails is another: who was orphaned still answers for a moment.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from tests.load.cpu import children
from tests.load.figures import Figure, rounded
from tests.load.probing import watched
from tests.load.stand import Stand

PART = "recovery"
WORKER = "identity-work-1"
"""The one that sends mails."""
CALM_S, HEALTHY_S = 3.0, 180.0
"""The supervisor takes who falls within three seconds for one that cannot start."""


@dataclass(frozen=True)
class Extent:
    """How often each is killed."""

    times: int


def figures(stand: Stand, extent: Extent, say: Callable[[str], None]) -> Iterator[Figure]:
    """One figure for each kind; the read goes through the product's own gateway, which the supervisor looks after."""
    kinds: dict[str, Callable[[], int]] = {
        "a service": lambda: stand.pid_of("registry-1"),
        "a gateway worker": lambda: children(stand.pid_of("gateway"))[0],
        "the gateway's master": lambda: stand.pid_of("gateway"),
        "the broker": stand.broker_node,
        "the database": lambda: stand.pid_of("database"),
    }
    for name, pid in kinds.items():
        say(f"killing {name}, {extent.times} times")
        took = [_recover_from(stand, pid) for _ in range(extent.times)]
        first, all_good = ([each[which] for each in took] for which in (0, 1))
        yield Figure(PART, name, {"times": len(took)} | _told("first good", first) | _told("all good", all_good))
    say(f"killing a worker, {extent.times} times")
    mailed = [_mail_after_killing(stand, lambda: stand.pid_of(WORKER)) for _ in range(extent.times)]
    yield Figure(PART, "a worker", {"times": len(mailed)} | _told("work done", mailed))


def _told(name: str, seconds: list[float]) -> dict[str, float]:
    return {f"{name} median_s": rounded(median(seconds)), f"{name} worst_s": rounded(max(seconds))}


def _recover_from(stand: Stand, pid: Callable[[], int]) -> tuple[float, float]:
    """Seconds until the first good answer, and until no request failed any more."""
    _be_healthy(stand)
    request = stand.read().encode()
    watched(stand.here.port, request)
    victim, killed_at = pid(), time.monotonic()
    os.kill(victim, signal.SIGKILL)
    recovery = watched(stand.here.port, request)
    return recovery.first_good - killed_at, recovery.steady - killed_at


def _mail_after_killing(stand: Stand, pid: Callable[[], int]) -> float:
    """Seconds from the death of the worker that mails until a mail is there that was ordered right afterwards."""
    _be_healthy(stand)
    person = stand.representative
    before = {mail["mail_id"] for mail in person.entrance.mails(person.e_mail)}
    victim, killed_at = pid(), time.monotonic()
    os.kill(victim, signal.SIGKILL)
    person.post("/v1/accounts/new-password-requests", login=person.username)
    while {mail["mail_id"] for mail in person.entrance.mails(person.e_mail)} <= before:
        if time.monotonic() > killed_at + HEALTHY_S:
            raise TimeoutError(f"no mail within {HEALTHY_S:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - killed_at


def _be_healthy(stand: Stand) -> None:
    """All parts are up again, and were for a while."""
    until = time.monotonic() + HEALTHY_S
    while not all(process.ready() for process in stand.running.processes):
        if time.monotonic() > until:
            raise TimeoutError(f"not all parts were ready again within {HEALTHY_S:.0f} s")
        time.sleep(0.2)
    time.sleep(CALM_S)
