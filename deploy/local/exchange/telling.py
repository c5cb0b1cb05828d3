"""What the tour prints: every request of a single exchange, progress of many, and the table at the end."""

from __future__ import annotations

import math
from collections import defaultdict

from rich.console import Console
from rich.table import Table

from deploy.local.people.entrance import Call

SLOWEST = 12


class Teller:
    """Notes every request, and prints each where there is one exchange only."""

    def __init__(self, console: Console, every_request: bool) -> None:
        self.calls: list[Call] = []
        self.acts = 0
        self._console, self._every_request = console, every_request

    def note(self, call: Call) -> None:
        """One request was answered."""
        self.calls.append(call)
        if self._every_request and not call.path.startswith("/dev/"):
            colour = "green" if call.status < 400 else "yellow"
            self._console.print(
                f"  [{colour}]{call.status}[/] {call.ms:6.0f} ms  {call.method:5} {call.path}  [dim]{call.who}[/]", highlight=False
            )

    def act_over(self, name: str, seconds: float) -> None:
        """An act was played to its end."""
        self.acts += 1
        self._console.print(f"[bold]{self.acts:3}. {name}[/]  {seconds:.1f} s", highlight=False)

    def table(self) -> Table:
        """The slowest steps by their 95th percentile, then all requests together; milliseconds per request."""
        table = Table("step", "requests", "p50 ms", "p95 ms", "p99 ms", "slowest ms", title="The slowest steps, by request")
        by_step = defaultdict(list)
        for call in self.calls:
            by_step[call.step or "outside the steps"].append(call.ms)
        slowest = sorted(by_step.items(), key=lambda each: -percentile(each[1], 95))[:SLOWEST]
        for name, times in (*slowest, ("all steps", [call.ms for call in self.calls])):
            table.add_row(name, str(len(times)), *(f"{percentile(times, at):.0f}" for at in (50, 95, 99, 100)))
        return table


def percentile(values: list[float], at: int) -> float:
    """The value that `at` per cent of all do not exceed (nearest rank); 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * at / 100) - 1)] if ordered else 0.0
