"""Who is possible at all, compiled: the hard rules for a chunk at once, and one by one for whoever has to be looked at closer."""

# mypy: ignore-errors
# Compiled code: its types are numba's, found when it is compiled.

from __future__ import annotations

import numpy as np

from services.matching.index.chunks import MANY_WINDOWS, rules
from services.matching.index.compiled import compiled, inlined
from services.matching.index.pairs import HEADER, OFFERED, TEACHES, TECHNOLOGIES, TOPICS, WANTS, WINDOWS

CLOSER = 2


@compiled
def overlaps_enough(asking, columns, numbers, start, at):
    """Whether a partner with many windows has one that overlaps with the asker's by the stay wanted."""
    block = numbers[start[columns.slot[at]] :]
    position = HEADER + np.int64(block[TOPICS]) + np.int64(block[TECHNOLOGIES])
    for _ in range(np.int64(block[WANTS]) + np.int64(block[TEACHES])):
        position += 1 + np.int64(block[position])
    position += np.int64(block[OFFERED])
    stay = max(asking.least_days, np.int64(columns.least_days[at]))
    for place in range(position, position + 2 * np.int64(block[WINDOWS]), 2):
        for row in range(len(asking.windows)):
            end = min(np.int64(asking.windows[row, 1]), np.int64(block[place + 1]))
            if end - max(np.int64(asking.windows[row, 0]), np.int64(block[place])) >= stay:
                return True
    return False


@compiled
def passing_of(asking, columns, lines, numbers, start, first, size, overlap, common, passes, passing):
    """All of a chunk who pass the hard rules; returns how many."""
    rules(asking, columns, first, size, overlap, common, passes)
    left = 0
    for i in range(size):
        if passes[i] == CLOSER:
            at = first + i
            stay = max(asking.least_days, np.int64(columns.least_days[at]))
            passes[i] = lines[columns.slot[at], 2] != asking.organisation and (
                overlap[i] >= stay or (columns.known[at] >= MANY_WINDOWS and overlaps_enough(asking, columns, numbers, start, at))
            )
        passing[left] = i
        left += passes[i]
    return left


@inlined
def is_possible(asking, columns, lines, numbers, start, at):
    """Whether the partner at that place passes all hard rules, looked at one by one."""
    if columns.country[at] == asking.country or (columns.seen_by[at] and columns.seen_by[at] != asking.partnership):
        return False
    if asking.seen_by and columns.partnership[at] != asking.seen_by:
        return False
    if lines[columns.slot[at], 2] == asking.organisation:
        return False
    stay = max(asking.least_days, np.int64(columns.least_days[at]))
    if stay > min(asking.most_days, np.int64(columns.most_days[at])):
        return False
    return speaks_in_common(asking, columns, at) and overlaps(asking, columns, numbers, start, at, stay)


@inlined
def speaks_in_common(asking, columns, at):
    """Whether there is a common language."""
    for row in range(len(asking.spoken)):
        if asking.spoken[row, 0] < len(columns.levels) and columns.levels[asking.spoken[row, 0], at]:
            return True
    return False


@inlined
def overlaps(asking, columns, numbers, start, at, stay):
    """Whether both are available for so many working days at one stretch."""
    for row in range(len(asking.windows)):
        first, end = np.int64(asking.windows[row, 0]), np.int64(asking.windows[row, 1])
        if min(end, np.int64(columns.first_end[at])) - max(first, np.int64(columns.first_start[at])) >= stay:
            return True
        if min(end, np.int64(columns.second_end[at])) - max(first, np.int64(columns.second_start[at])) >= stay:
            return True
    return columns.known[at] >= MANY_WINDOWS and overlaps_enough(asking, columns, numbers, start, at)
