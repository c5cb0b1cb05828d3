"""A figure: a name, values, ratios to what was measured beside it; targets, and how figures are said as lines of JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Target:
    """What was promised of a value: its name, the least or the most that it may be, and what it was."""

    promise: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the promise is kept."""
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)


@dataclass(frozen=True)
class Figure:
    """One thing that was measured. `values` are in the units that their names end with; `part` is its table on the page."""

    part: str
    name: str
    values: dict[str, Any]
    ratios: dict[str, float] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()

    def line(self, about: dict[str, Any]) -> str:
        """The figure as one line of JSON, with where and when it was taken."""
        targets = [{"promise": each.promise, "value": each.value, "met": each.is_met} for each in self.targets]
        told = {"figure": f"{self.part}: {self.name}", "values": self.values, "ratios": self.ratios, "targets": targets}
        return json.dumps({name: value for name, value in told.items() if value} | about, ensure_ascii=False, allow_nan=False)


def percentile(values: Iterable[float], at: float) -> float:
    """The value that `at` per cent of all do not exceed (nearest rank); raises ValueError of nothing."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("nothing was measured")
    return ordered[max(0, math.ceil(len(ordered) * at / 100) - 1)]


def middle(rows: list[dict[str, float]]) -> dict[str, float]:
    """The median of each value over several rounds."""
    return {name: median(row.get(name, 0.0) for row in rows) for name in dict.fromkeys(name for row in rows for name in row)}


def rounded(value: float) -> float:
    """Three digits that mean something, and no more."""
    return 0.0 if value == 0 else round(value, max(0, 2 - math.floor(math.log10(abs(value)))))
