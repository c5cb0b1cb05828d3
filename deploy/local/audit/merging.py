"""Two sorted streams side by side, so that neither has to fit in memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

Row = tuple[Any, ...]


def side_by_side(left: Iterable[Row], right: Iterable[Row]) -> Iterator[tuple[str, list[Row], list[Row]]]:
    """Rows of both streams that begin with the same text, as (key, left rows, right rows).

    Both are sorted by their first column as bytes of UTF-8 (COLLATE "C").
    """
    marked = heapq.merge(_marked(left, 0), _marked(right, 1), key=lambda each: each[0].encode())
    for key, both in groupby(marked, key=lambda each: each[0]):
        sides: tuple[list[Row], list[Row]] = ([], [])
        for _, side, row in both:
            sides[side].append(row)
        yield key, *sides


def _marked(rows: Iterable[Row], side: int) -> Iterator[tuple[str, int, Row]]:
    for row in rows:
        yield row[0], side, row[1:]
