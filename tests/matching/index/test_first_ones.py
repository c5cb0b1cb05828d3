"""The first ones of a large set in an order: the same as all of them sorted, however many share a number or a gap between two names."""

from __future__ import annotations

import numpy as np
import pytest

from services.matching.index.search import columns
from services.matching.index.search.columns import BATCH, BY_DISTANCE, BY_MATCH, BY_NAME, BY_NEWEST, BY_RESPONSIVENESS, first_ones, walk

# What it looks at is compiled first, which takes longer than all else in `make check`.
pytestmark = pytest.mark.slow

ROOM, MAIN, USED = 64 * 400, 20_000, 24_000
NOWHERE = (0, 0, 0)


class Crowd:
    """Some in the order of names, and some that came since, many of them in the same gap."""

    def __init__(self, seed: int, *, share: float) -> None:
        draw = np.random.default_rng(seed)
        self.flags = np.zeros(ROOM, np.uint8)
        self.flags[:USED] = draw.random(USED) < share
        self.bits = np.packbits(self.flags, bitorder="little").view(np.uint64)
        self.by_order = draw.permutation(MAIN).astype(np.int32)
        self.order = np.zeros(ROOM, np.int32)
        self.order[self.by_order] = np.arange(MAIN) * 2 + 1
        self.order[MAIN:USED] = draw.integers(0, 30, USED - MAIN) * (MAIN // 15)
        self.numbers = draw.integers(0, 5, ROOM)
        self.points = draw.integers(0, 9, (ROOM, 3)).astype(np.int32)

    def keys(self, by: int) -> np.ndarray:
        """Everybody's key in an order."""
        first = {BY_NAME: 0 * self.numbers, BY_DISTANCE: np.sqrt((self.points.astype(np.float64) ** 2).sum(axis=1)).astype(np.int64)}
        told = first.get(by, (columns.LATEST if by == BY_NEWEST else 1000) - self.numbers)
        return told.astype(np.int64) << 32 | self.order

    def expected(self, by: int, begin: int, wanted: int) -> set[tuple[int, int]]:
        """Whoever has that key or is among the next ones, with those that share the last one's key."""
        keys = self.keys(by)
        later = sorted(key for key, is_in in zip(keys.tolist(), self.flags, strict=True) if is_in and key > begin)
        last = later[wanted - 1] if len(later) >= wanted else columns.LAST
        return {
            (slot, key) for slot, (key, is_in) in enumerate(zip(keys.tolist(), self.flags, strict=True)) if is_in and begin <= key <= last
        }


@pytest.mark.parametrize("by", [BY_NAME, BY_MATCH, BY_DISTANCE, BY_NEWEST, BY_RESPONSIVENESS])
@pytest.mark.parametrize(("share", "wanted"), [(0.9, 26), (0.9, 2), (0.02, 26)])
def test_the_first_ones_are_those_of_all_sorted(by: int, share: float, wanted: int) -> None:
    """From the beginning, from a key that somebody has, from a gap, and near the end."""
    crowd = Crowd(by, share=share)
    assert share < 0.5 or crowd.flags.sum() > 2 * BATCH
    keys = np.sort(crowd.keys(by)[crowd.flags > 0])
    for begin in (-1, int(keys[0]), int(keys[len(keys) // 2]), int(keys[len(keys) // 3]) + 1, int(keys[-2]), int(keys[-1]) + 1):
        slots, found = first_ones(crowd.bits, by, crowd.order, crowd.numbers, crowd.points, *NOWHERE, begin, wanted)
        assert set(zip(slots.tolist(), found.tolist(), strict=True)) == crowd.expected(by, begin, wanted), begin


@pytest.mark.parametrize("share", [0.9, 0.02])
def test_a_walk_by_name_finds_the_same(share: float) -> None:
    """Of those in the order one more may be there, for the page before ended with one; too long a walk is given up."""
    crowd = Crowd(9, share=share)
    for begin in (-1, 0, 1, 7, MAIN // 15, MAIN // 15 + 1, MAIN, 2 * MAIN - 1, 2 * MAIN):
        slots, keys, count = walk(crowd.bits, crowd.by_order, crowd.order, USED, begin, 26, MAIN)
        found = set(zip(slots[:count].tolist(), keys[:count].tolist(), strict=True))
        assert len(found) == count and found >= crowd.expected(BY_NAME, begin, 26), begin
        assert all(crowd.flags[slot] and key == crowd.order[slot] and key >= begin for slot, key in found)
    assert walk(crowd.bits, crowd.by_order, crowd.order, USED, -1, 26, 3)[2] == -1
