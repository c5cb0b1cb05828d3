"""Two-sided decisions as rows: who was shown to whom, how each serves the other, what counts for each, and what each decided.

As a file: CSV in UTF-8 with a header. `one`, `other` (ids), `one_decision`, `other_decision` (1 or 0), `position` (where `other` stood
on the list of `one`, or empty), and for every attribute in any order `one_weight:NAME` and `other_weight:NAME` (whole numbers, 0 or
more), `one_level:NAME` (how well `other` serves `one` in it, 0 to 1000, empty where it is not known) and `other_level:NAME` (the
other way round). docs/evaluation.md says it with an example.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TextIO

FIXED = ("one", "other", "one_decision", "other_decision", "position")
HALVES = ("one_weight", "one_level", "other_weight", "other_level")
MOST_LEVEL = 1000


class WrongFile(ValueError):
    """The file does not hold decisions; the message says where."""


@dataclass(frozen=True)
class Side:
    """What counts for one side, and how well the other serves it: levels of 0 to 1000, None where it is not known."""

    weights: Mapping[str, int]
    levels: Mapping[str, int | None]


@dataclass(frozen=True)
class Decision:
    """One pair as one of the two saw it, and what both decided."""

    one: str
    other: str
    ones: Side
    others: Side
    one_decision: bool
    other_decision: bool
    position: int | None = None

    @property
    def is_mutual(self) -> bool:
        """Whether both said yes."""
        return self.one_decision and self.other_decision


def read(file: TextIO) -> list[Decision]:
    """The decisions of a file; raises WrongFile."""
    rows = csv.DictReader(file)
    names = list(rows.fieldnames or ())
    if missing := [name for name in FIXED if name not in names]:
        raise WrongFile(f"The header lacks {', '.join(missing)}.")
    attributes = _attributes(names)
    found = []
    for number, row in enumerate(rows, 2):
        try:
            found.append(_decision(row, attributes))
        except (TypeError, ValueError) as error:
            raise WrongFile(f"Line {number}: {error}.") from error
    _check_pairs(found)
    return found


def write(decisions: Iterable[Decision], file: TextIO) -> None:
    """Write the decisions as a file that `read` reads; all of them have the same attributes."""
    decisions = list(decisions)
    attributes = list(decisions[0].ones.weights) if decisions else []
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*FIXED, *(f"{half}:{name}" for name in attributes for half in HALVES)])
    for each in decisions:
        position = "" if each.position is None else each.position
        fixed: list[Any] = [each.one, each.other, int(each.one_decision), int(each.other_decision), position]
        writer.writerow(fixed + [_cell(value) for name in attributes for value in _values(each, name)])


def _values(of: Decision, name: str) -> tuple[int | None, ...]:
    return of.ones.weights[name], of.ones.levels[name], of.others.weights[name], of.others.levels[name]


def _cell(value: int | None) -> str:
    return "" if value is None else str(value)


def _attributes(names: list[str]) -> list[str]:
    attributes = [name.partition(":")[2] for name in names if name.startswith("one_weight:")]
    needed = {f"{half}:{name}" for name in attributes for half in HALVES}
    if not attributes:
        raise WrongFile("The header names no attribute (one_weight:NAME and so on).")
    if wrong := needed.symmetric_difference(set(names) - set(FIXED)):
        raise WrongFile(f"Each attribute has four columns; look at {', '.join(sorted(wrong))}.")
    return attributes


def _decision(row: dict[str, str], attributes: list[str]) -> Decision:
    side = lambda of: Side(  # noqa: E731
        {name: _whole(row[f"{of}_weight:{name}"]) for name in attributes},
        {name: _level(row[f"{of}_level:{name}"]) for name in attributes},
    )
    position = _whole(row["position"]) if row["position"] else None
    return Decision(row["one"], row["other"], side("one"), side("other"), _yes(row["one_decision"]), _yes(row["other_decision"]), position)


def _whole(cell: str) -> int:
    if (value := int(cell)) < 0:
        raise ValueError(f"{cell} is negative")
    return value


def _level(cell: str) -> int | None:
    if cell == "":
        return None
    if (value := _whole(cell)) > MOST_LEVEL:
        raise ValueError(f"the level {cell} is above {MOST_LEVEL}")
    return value


def _yes(cell: str) -> bool:
    if cell not in ("0", "1"):
        raise ValueError(f"a decision is 1 or 0, not {cell!r}")
    return cell == "1"


def _check_pairs(decisions: list[Decision]) -> None:
    seen: set[tuple[str, str]] = set()
    for each in decisions:
        if (pair := (each.one, each.other)) in seen:
            raise WrongFile(f"The pair {each.one}, {each.other} stands there twice.")
        seen.add(pair)
