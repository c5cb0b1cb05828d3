"""What two exchanges have in common: the rows that each left behind, without names, ids and times."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.faults.crash_points.books import Books

MASKS = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"(\\\\x)?[0-9a-f]{40,}"), "<hash>"),
    (re.compile(r"\b[0-9a-f]{6}-\d+\b", re.IGNORECASE), "<mark>"),
    (re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.]+(\+\d\d:\d\d|Z)?)?"), "<time>"),
    (re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b"), "<time>"),
    (re.compile(r"\S{60,}"), "<secret>"),
)

Likeness = Counter[str]


def left_behind(before: Mapping[str, Books], after: Mapping[str, Books], leave_out: Mapping[str, set[str]]) -> Likeness:
    """The rows that came or changed between two looks, by service, as lines without what is an exchange's own.

    `leave_out` names columns of `service.table` that count what the whole installation did; `*` stands for the table.
    """
    lines: Likeness = Counter()
    for service, books in after.items():
        for table, rows in books.items():
            where, known = f"{service}.{table}", Counter(before[service].get(table, []))
            out = leave_out.get(where, set()) | leave_out.get(f"*.{table}", set())
            if "*" not in out:
                lines.update(_line(where, row, out) for row in (Counter(rows) - known).elements())
    return lines


def unlike(one: Likeness, other: Likeness) -> list[str]:
    """What only one of them has, a line each."""
    return [f"- {count} x {line}" for line, count in (one - other).items()] + [
        f"+ {count} x {line}" for line, count in (other - one).items()
    ]


def _line(where: str, row: str, out: set[str]) -> str:
    return f"{where} {json.dumps(_plain({name: value for name, value in json.loads(row).items() if name not in out}), sort_keys=True)}"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted((_plain(each) for each in value), key=str)
    if isinstance(value, str):
        for pattern, mask in MASKS:
            value = pattern.sub(mask, value)
    return value
