"""What two exchanges have in common: the rows that each left behind, by what is not an exchange's own in them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from tests.faults.crash_points.books import Books

ALIKE = {
    "state", "kind", "type", "role", "party", "side", "outcome", "tries", "listener", "request", "amount_minor", "base_minor", "working_days",
    "days_present",
}  # fmt: skip
"""The columns that two exchanges of the same kind have alike; names, texts, times, ids and the order of what is independent are each one's own."""

OWN_PACE = {"session", "guess", "shown_list", "showing", "shown_in_week", "exposure", "exposure_count", "due", "link", "mail"}
"""Tables that tell how fast and how often somebody looked, and what was reminded of on the way."""

Likeness = Counter[str]


def left_behind(before: Mapping[str, Books], after: Mapping[str, Books]) -> Likeness:
    """The rows that came or changed between two looks, by service and table, each as what is alike in it."""
    lines: Likeness = Counter()
    for service, tables in after.items():
        for table, rows in ((name, rows) for name, rows in tables.items() if name not in OWN_PACE):
            come = Counter(rows) - Counter(before[service].get(table, []))
            lines.update(_line(f"{service}.{table}", row) for row in come.elements())
    # Whether somebody is reminded, and gets a mail of it, depends on who is quicker, the clock or the person.
    return Counter({line: _times(line, count) for line, count in lines.items() if "reminded" not in line and "mails_queued" not in line})


def unlike(one: Likeness, other: Likeness) -> list[str]:
    """What only one of them has, a line each."""
    return [f"- {count} x {line}" for line, count in (one - other).items()] + [
        f"+ {count} x {line}" for line, count in (other - one).items()
    ]


def _times(line: str, count: int) -> int:
    """Once for notices of a type, and for the fact that some were written: who did the last of two independent things is not told of what follows,
    and if there is nobody else, nothing is written. The database holds one notice per event and person."""
    return 1 if line.startswith("identity.notice ") or "notices_written" in line else count


def _line(where: str, row: str) -> str:
    return f"{where} {json.dumps({name: value for name, value in json.loads(row).items() if name in ALIKE}, sort_keys=True)}"
