"""What something left behind in a database, to be compared with what it leaves behind undisturbed."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Engine, text

from tests.faults.crash_points.books import Books
from tests.faults.likeness import Likeness, left_behind, unlike


@dataclass(frozen=True)
class Left:
    """What something left behind in a database: rows that came and rows that went, without what is another's each time."""

    came: Likeness
    gone: Likeness

    def unlike(self, other: Left) -> list[str]:
        """What the other has more or less, a line each."""
        return unlike(self.came, other.came) + [f"gone {line}" for line in unlike(self.gone, other.gone)]


def left(engine: Engine, before: Books, after: Books, in_any_order: bool = False) -> Left:
    """What came and went between two looks; numbers that the database deals out say nothing, for a rolled back unit uses them, too.

    `in_any_order`: which fact has which version of its subject does not matter, for the work that announced them has no order.
    """
    leave_out = _dealt_out(engine)
    came, gone = Likeness(), Likeness()
    if in_any_order:
        leave_out["*.journal"].add("subject_version")
        for likeness, books in ((came, after), (gone, before)):
            likeness.update(_versions(books))
    one, other = {"": before}, {"": after}
    return Left(came + left_behind(one, other, leave_out), gone + left_behind(other, one, leave_out))


def _dealt_out(engine: Engine) -> dict[str, set[str]]:
    numbers = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'"
    columns: dict[str, set[str]] = defaultdict(set)
    with engine.connect() as connection:
        for table, column in connection.execute(text(numbers)):
            columns[f"*.{table}"].add(column)
    return columns


def _versions(books: Books) -> list[str]:
    """The versions that each subject has in the journal."""
    rows = map(json.loads, books.get("journal", []))
    return [f"{row['subject'].partition('/')[0]} of version {row['subject_version']}" for row in rows]
