"""How much is let in at once: calls in lanes, so that one slow service fills its own lane and no other, and bytes of bodies.

What finds no place is refused before any work is done for it, with a time to come again: a late answer helps nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chassis.bare.message import SERVICES, Request
from chassis.bare.refusals import Unavailable
from gateway.metrics import calls_refused_early

FULL = "Too many requests are under way just now."


@dataclass
class Admission:
    """The places of one process: `calls` per lane, `heavy` ones per lane of their own, `body_bytes` for all bodies together."""

    calls: int
    heavy: int
    body_bytes: int
    under_way: Counter[str] = field(default_factory=Counter)
    held_bytes: int = 0

    def check(self, contract: type[Request]) -> None:
        """Raise Unavailable while the lane of this contract is full; asked before anything is done for a request."""
        lane, most = self._lane(contract)
        if self.under_way[lane] >= most:
            calls_refused_early.inc()
            raise Unavailable(FULL)

    @contextmanager
    def place(self, contract: type[Request]) -> Iterator[None]:
        """A place for one call, from before the broker is asked until the outcome is there; raises Unavailable."""
        self.check(contract)
        lane, _ = self._lane(contract)
        self.under_way[lane] += 1
        try:
            yield
        finally:
            self.under_way[lane] -= 1

    def demand_memory(self) -> None:
        """Raise Unavailable while all bodies together are more than this process may hold."""
        if self.held_bytes >= self.body_bytes:
            calls_refused_early.inc()
            raise Unavailable(FULL)

    def hold(self, size: int) -> None:
        """Take so many bytes of a body into account."""
        self.held_bytes += size

    def release(self, size: int) -> None:
        """Those bytes are gone."""
        self.held_bytes -= size

    def _lane(self, contract: type[Request]) -> tuple[str, int]:
        """What keeps the processor busy has a lane of its own, and so have the gateway's own questions, which all others stand on."""
        if contract.heavy:
            return f"{contract.service}, heavy", self.heavy
        if contract.allowed == (SERVICES,):
            return f"{contract.service}, for services", self.calls
        return contract.service, self.calls
