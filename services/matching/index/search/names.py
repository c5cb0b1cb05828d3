"""The order of names: a number for each slot, so that whatever else is sorted by, names decide where that is the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

Name = bytes


class Names:
    """Each slot's name in bytes, and a number that follows their order.

    Whoever was there at the last arrangement has an odd number, whoever came since the even one of the gap it falls into: those of one
    gap have the same, and are told apart by their names.
    """

    def __init__(self, names: Iterable[Name], room: int) -> None:
        """Out of the names in the order of slots."""
        listed = list(names)
        self.by_order = np.array(sorted(range(len(listed)), key=listed.__getitem__), np.int32)
        self.order = np.zeros(room, np.int32)
        self.order[self.by_order] = np.arange(len(listed), dtype=np.int32) * 2 + 1
        self._letters = np.frombuffer(b"".join(listed), np.uint8)
        self._ends = np.cumsum(np.fromiter(map(len, listed), np.int64, len(listed)))
        self._late: list[Name] = []

    def save(self) -> dict[str, np.ndarray]:
        """All that `loaded` needs."""
        late, ends = np.frombuffer(b"".join(self._late), np.uint8), np.cumsum(np.array([0, *map(len, self._late)], np.int64))
        return {
            "by_order": self.by_order,
            "order": self.order,
            "letters": self._letters,
            "ends": self._ends,
            "late": late,
            "late_ends": ends,
        }

    @classmethod
    def loaded(cls, arrays: dict[str, np.ndarray]) -> Names:
        """What was saved."""
        made = cls((), 0)
        made.by_order, made.order = np.array(arrays["by_order"]), np.array(arrays["order"])
        made._letters, made._ends = np.array(arrays["letters"]), np.array(arrays["ends"])
        late, ends = arrays["late"].tobytes(), arrays["late_ends"].tolist()
        made._late = [late[begin:end] for begin, end in itertools.pairwise(ends)]
        return made

    @property
    def bytes(self) -> int:
        """How much memory the arrays take."""
        return sum(each.nbytes for each in (self.by_order, self.order, self._letters, self._ends))

    def name(self, slot: int) -> Name:
        """A slot's name."""
        if slot >= self._ends.size:
            return self._late[slot - self._ends.size]
        return self._letters[self._ends[slot - 1] if slot else 0 : self._ends[slot]].tobytes()

    def add(self, slot: int, name: Name) -> None:
        """The next slot's name."""
        self._late.append(name)
        self.order[slot] = self.place(name)

    def place(self, name: Name) -> int:
        """The number that a name has, or would have."""
        low, high = 0, self.by_order.size
        while low < high:
            middle = (low + high) // 2
            found = self.name(int(self.by_order[middle]))
            if found == name:
                return middle * 2 + 1
            low, high = (middle + 1, high) if found < name else (low, middle)
        return low * 2

    def moved(self, old_slots: np.ndarray, room: int) -> Names:
        """The same anew, of these slots in their order."""
        return Names((self.name(slot) for slot in old_slots.tolist()), room)
