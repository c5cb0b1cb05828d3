"""Lists of different lengths, one block of numbers for each slot, in one long array; what a block leaves is used again by its size."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from services.matching.index.entry import Arrays

GRAIN = 16
"""Blocks are multiples of so many numbers: room to grow, and few sizes."""
FIRST = 1 << 14


class Lists:
    """Blocks by slot: `start[slot]` is where the slot's block begins in `numbers`, or 0."""

    def __init__(self) -> None:
        self.numbers = np.zeros(FIRST, np.int32)
        self.start = np.zeros(1024, np.int64)
        self._size = np.zeros(1024, np.int32)
        self._end = GRAIN
        self._free: dict[int, list[int]] = defaultdict(list)

    def put(self, slot: int, block: list[int]) -> None:
        """Keep this block for the slot."""
        if slot >= len(self.start):
            self.start, self._size = (grown(each, slot + 1) for each in (self.start, self._size))
        size = -(-len(block) // GRAIN) * GRAIN
        if size != self._size[slot]:
            self.remove(slot)
            self.start[slot], self._size[slot] = self._room(size), size
        start = int(self.start[slot])
        self.numbers[start : start + len(block)] = block

    def remove(self, slot: int) -> None:
        """Give the slot's block back."""
        if slot < len(self.start) and self._size[slot]:
            self._free[int(self._size[slot])].append(int(self.start[slot]))
            self.start[slot] = self._size[slot] = 0

    def save(self) -> Arrays:
        """As arrays."""
        free = [(size, start) for size, starts in self._free.items() for start in starts]
        return {
            "numbers": self.numbers[: self._end],
            "start": self.start,
            "size": self._size,
            "free": np.array(free, np.int64).reshape(-1, 2),
        }

    def load(self, arrays: Arrays) -> None:
        """Become what was saved."""
        self.numbers, self.start, self._size = arrays["numbers"], arrays["start"], arrays["size"]
        self._end, self._free = len(self.numbers), defaultdict(list)
        for size, start in arrays["free"].tolist():
            self._free[size].append(start)

    @property
    def bytes(self) -> int:
        """How much memory the blocks take."""
        return 4 * self._end + 12 * len(self.start)

    def _room(self, size: int) -> int:
        if free := self._free[size]:
            return free.pop()
        self._end += size
        if self._end > len(self.numbers):
            self.numbers = grown(self.numbers, self._end)
        return self._end - size


def grown(array: np.ndarray, least: int) -> np.ndarray:
    """The same in a longer array: twice as long, or as long as wanted."""
    longer = np.zeros((max(2 * len(array), least), *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer
