"""Killing processes of a running system with SIGKILL, one after the other, and seeing how soon each part answers again."""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import httpx

from deploy.local.installation import GATEWAY, SERVICES
from deploy.local.processes import healthy
from deploy.local.system import Running

KINDS = ("service", "worker", "gateway", "gateway worker", "broker", "database")
EACH_AT_LEAST = {"service": 7, "worker": 4, "gateway": 2, "gateway worker": 3, "broker": 2, "database": 3}
AT_ONCE = 0.2
"""How often a second process dies in the same moment."""
PAUSE_S = (0.2, 4.0)
PATIENCE_S = 180.0
READS = {
    "identity": "/v1/me",
    "registry": "/v1/partnerships",
    "matching": "/v1/contacts",
    "agreements": "/v1/exchanges",
    "payments": "/v1/payments",
}
"""A read for each service that nobody else can answer."""


@dataclass(frozen=True)
class Victim:
    """A process to be killed: of which kind it is, its name, its process id, and since when it is dead (seconds, monotonic)."""

    kind: str
    name: str
    pid: int
    since: float = 0.0


@dataclass
class Killer:
    """Kills at random, yet every kind as often as it has to be, and notes the seconds until each was back."""

    running: Running
    token: str
    random: Random
    recoveries: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    killed: int = 0
    most: float = math.inf
    """Nobody is killed any more when there were as many, until there may be more."""
    failures: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Kill through the list, then whatever comes, until told to stop; what dies is waited for before the next one is."""
        order = [kind for kind, times in EACH_AT_LEAST.items() for _ in range(times)]
        self.random.shuffle(order)
        while not self._over.is_set():
            kinds = [order.pop() if order else self.random.choice(KINDS)]
            if self.random.random() < AT_ONCE:
                kinds.append(order.pop() if order else self.random.choice(KINDS))
            for victim in [self._kill(kind) for kind in kinds]:
                self._await(victim)
            self._over.wait(self.random.uniform(*PAUSE_S))
            while self.killed >= self.most and not self._over.wait(0.1):
                pass

    def stop(self) -> None:
        """Kill nobody any more."""
        self._over.set()

    def _kill(self, kind: str) -> Victim:
        while True:
            victim = self.random.choice(list(self._victims(kind)))
            # One that dies by itself in this moment, as a worker does whose master was killed, is no kill of ours.
            with suppress(ProcessLookupError):
                os.kill(victim.pid, signal.SIGKILL)
                self.killed += 1
                return replace(victim, since=time.monotonic())

    def _victims(self, kind: str) -> Iterator[Victim]:
        while not (found := [each for each in self._alive() if each.kind == kind]):
            time.sleep(0.2)
        yield from found

    def _alive(self) -> Iterator[Victim]:
        for state in self.running.supervisor.states():
            name, pid = state["name"], state["pid"]
            if pid and name in {"broker", "database", GATEWAY}:
                yield Victim(name, name, pid)
            elif pid and name.rpartition("-")[0] in SERVICES:
                yield Victim("service", name, pid)
            elif pid and "-work-" in name:
                yield Victim("worker", name, pid)
            if pid and name == GATEWAY:
                yield from (Victim("gateway worker", name, child) for child in children_of(pid))

    def _await(self, victim: Victim) -> None:
        while not self._answers(victim):
            if time.monotonic() - victim.since > PATIENCE_S:
                self.failures.append(f"{victim.name} did not come back")
                return
            time.sleep(0.1)
        self.recoveries[victim.kind].append(time.monotonic() - victim.since)

    def _answers(self, victim: Victim) -> bool:
        """Whether the part answers again: through the gateway; a worker, which answers nobody, says that it works."""
        if victim.kind != "gateway worker" and not self._is_new(victim):
            return False
        if victim.kind == "worker":
            return healthy(self.running.here.health_port(victim.name))
        path = READS[victim.name.rpartition("-")[0]] if victim.kind == "service" else READS["registry"]
        try:
            answer = httpx.get(f"{self.running.url}{path}", headers={"Authorization": f"Bearer {self.token}"}, timeout=10)
        except httpx.TransportError:
            return False
        # A refusal is an answer of the service, too; the gateway's own word for one that is away is 503.
        return answer.status_code < 500

    def _is_new(self, victim: Victim) -> bool:
        return any(state["name"] == victim.name and state["pid"] not in (0, victim.pid) for state in self.running.supervisor.states())

    @property
    def lines(self) -> list[str]:
        """How often each kind was killed, and how long it took until it answered again."""
        return [
            f"{kind:15} killed {len(times):2} times, back after {min(times):.1f} to {max(times):.1f} s (median {sorted(times)[len(times) // 2]:.1f})"
            for kind, times in sorted(self.recoveries.items())
        ]


def children_of(pid: int) -> list[int]:
    """The ids of a process' children."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
