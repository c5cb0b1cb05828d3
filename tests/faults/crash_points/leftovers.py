"""What something left behind in a database, to be compared with what it leaves behind undisturbed."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text

from tests.faults.crash_points.books import Books
from tests.faults.likeness import unlike

MASKS = (
    (re.compile(r"(\$argon2\w+(?:\$v=\d+)?\$m=\d+,t=\d+,p=\d+)\$[\w+/]+\$[\w+/]+"), r"\1<salt and hash>"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"(\\\\x)?[0-9a-f]{40,}"), "<hash>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(\+\d\d:\d\d|Z)?"), "<time>"),
    (re.compile(r"[\w+/=-]{43,}"), "<secret>"),
    (re.compile(r"(\bpartner\.[0-9a-z-]+\.)[0-9a-f]{16}(?![0-9a-z])"), r"\1<queue>"),
)
"""What is another each time that the same thing is done."""

EACH_LOOK = {"account_access", "evidence_access"}
"""Tables with a row for each look at something: whoever has to ask again looks again."""

Lines = Counter[str]


@dataclass(frozen=True)
class Left:
    """What something left behind in a database: rows that came and rows that went, without what is another's each time."""

    came: Lines
    gone: Lines

    def unlike(self, other: Left) -> list[str]:
        """What the other has more or less, a line each."""
        return unlike(self.came, other.came) + [f"gone {line}" for line in unlike(self.gone, other.gone)]


def left(engine: Engine, before: Books, after: Books, in_any_order: bool = False) -> Left:
    """What came and went between two looks; numbers that the database deals out say nothing, for a rolled back unit uses them, too.

    `in_any_order`: which fact has which version of its subject does not matter, for the work that announced them has no order.
    """
    leave_out = _dealt_out(engine)
    came, gone = Lines(), Lines()
    if in_any_order:
        leave_out["journal"].add("subject_version")
        came.update(_versions(after))
        gone.update(_versions(before))
    return Left(came + _more(before, after, leave_out), gone + _more(after, before, leave_out))


def _more(one: Books, other: Books, leave_out: dict[str, set[str]]) -> Lines:
    """The rows that the other has more."""
    lines = Lines()
    for table, rows in other.items():
        more = Counter(rows) - Counter(one.get(table, []))
        found = [f"{table} {_line(row, leave_out[table])}" for row in more.elements()]
        lines.update(set(found) if table in EACH_LOOK else found)
    return lines


def _line(row: str, leave_out: set[str]) -> str:
    return json.dumps(plain({name: value for name, value in json.loads(row).items() if name not in leave_out}), sort_keys=True)


def plain(value: Any) -> Any:
    """A value without what is another each time."""
    if isinstance(value, dict):
        return {plain(name): plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted((plain(each) for each in value), key=str)
    if isinstance(value, str):
        for pattern, mask in MASKS:
            value = pattern.sub(mask, value)
    return value


def _dealt_out(engine: Engine) -> dict[str, set[str]]:
    numbers = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'"
    columns: dict[str, set[str]] = defaultdict(set)
    with engine.connect() as connection:
        for table, column in connection.execute(text(numbers)):
            columns[table].add(column)
    return columns


def _versions(books: Books) -> list[str]:
    """The versions that each subject has in the journal."""
    rows = map(json.loads, books.get("journal", []))
    return [f"{row['subject'].partition('/')[0]} of version {row['subject_version']}" for row in rows]
