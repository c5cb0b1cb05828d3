"""The table that finds slots by ids: open addressing, compiled."""

# mypy: ignore-errors
# Compiled code: its types are numba's, found when it is compiled.

from __future__ import annotations

import numpy as np

from services.matching.index.compiled import compiled


@compiled
def _place(high, low, size):
    mixed = (high ^ (low * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xD6E8FEB86659FD93)
    return np.int64((mixed >> np.uint64(32)) & np.uint64(size - 1))


@compiled
def find(table, ids, high, low):
    """The slot of an id, or -1."""
    at = _place(high, low, len(table))
    while table[at] >= 0:
        slot = table[at]
        if ids[slot, 0] == high and ids[slot, 1] == low:
            return np.int64(slot)
        at = (at + 1) & (len(table) - 1)
    return np.int64(-1)


@compiled
def insert(table, ids, slot):
    """Enter a slot by its id."""
    at = _place(ids[slot, 0], ids[slot, 1], len(table))
    while table[at] >= 0:
        at = (at + 1) & (len(table) - 1)
    table[at] = slot


@compiled
def delete(table, ids, high, low):
    """Take an id out; its slot, or -1."""
    size = len(table)
    at = _place(high, low, size)
    while table[at] >= 0:
        slot = table[at]
        if ids[slot, 0] == high and ids[slot, 1] == low:
            break
        at = (at + 1) & (size - 1)
    else:
        return np.int64(-1)
    # Whoever stands behind in the same run moves up, as far as it may, so that nobody's search ends at the hole.
    hole = at
    after = (at + 1) & (size - 1)
    while table[after] >= 0:
        wanted = _place(ids[table[after], 0], ids[table[after], 1], size)
        if ((after - wanted) & (size - 1)) >= ((after - hole) & (size - 1)):
            table[hole] = table[after]
            hole = after
        after = (after + 1) & (size - 1)
    table[hole] = -1
    return np.int64(slot)
