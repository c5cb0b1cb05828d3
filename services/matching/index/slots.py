"""Slots: which participant has which small number. A table of our own, as a dictionary of a million ids would weigh 200 bytes each."""

from __future__ import annotations

from uuid import UUID

import numpy as np

from services.matching.index.entry import Arrays
from services.matching.index.hashing import delete, find, insert

NONE = -1
FIRST = 1024


class Slots:
    """Ids and their slots; `ids` has two halves of each, the greater first, so that they compare as the ids do."""

    name = "slots"

    def __init__(self) -> None:
        self.ids = np.zeros((FIRST, 2), np.uint64)
        self._table = np.full(FIRST * 2, NONE, np.int32)
        self._free: list[int] = []
        self._used = 0

    def __len__(self) -> int:
        """How many participants have a slot."""
        return self._used - len(self._free)

    @property
    def end(self) -> int:
        """All slots are below."""
        return self._used

    def find(self, participation_id: UUID) -> int:
        """The participant's slot, or NONE."""
        return int(find(self._table, self.ids, *_halves(participation_id)))

    def take(self, participation_id: UUID) -> int:
        """The participant's slot; a free one if it has none yet."""
        high, low = _halves(participation_id)
        slot = int(find(self._table, self.ids, high, low))
        if slot != NONE:
            return slot
        slot = self._free.pop() if self._free else self._next()
        self.ids[slot] = high, low
        insert(self._table, self.ids, slot)
        return slot

    def release(self, participation_id: UUID) -> int:
        """Take the slot back; the one it was, or NONE."""
        slot = int(delete(self._table, self.ids, *_halves(participation_id)))
        if slot != NONE:
            self._free.append(slot)
        return slot

    def id_at(self, slot: int) -> UUID:
        """Whose slot it is."""
        high, low = self.ids[slot].tolist()
        return UUID(int=high << 64 | low)

    def halves(self) -> np.ndarray:
        """The halves of the ids of all who have a slot, and of some who had one."""
        return self.ids[: self._used].copy()

    def everybody(self) -> list[UUID]:
        """The same ids, named."""
        return named(self.halves())

    def save(self) -> Arrays:
        """As arrays."""
        return {"ids": self.ids[: self._used], "table": self._table, "free": np.array(self._free, np.int32)}

    def load(self, arrays: Arrays) -> None:
        """Become what was saved."""
        self._used, self._table, self._free = len(arrays["ids"]), arrays["table"], arrays["free"].tolist()
        self.ids = np.zeros((len(self._table) // 2, 2), np.uint64)
        self.ids[: self._used] = arrays["ids"]

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return self.ids.nbytes + self._table.nbytes + 8 * len(self._free)

    def _next(self) -> int:
        if self._used == len(self.ids):
            self.ids = np.concatenate([self.ids, np.zeros_like(self.ids)])
            self._table = np.full(2 * len(self.ids), NONE, np.int32)
            for slot in range(self._used):
                insert(self._table, self.ids, slot)
        self._used += 1
        return self._used - 1


def named(halves: np.ndarray) -> list[UUID]:
    """The ids of these halves: much work for many, which needs no index any more."""
    return [UUID(int=high << 64 | low) for high, low in halves.tolist()]


def _halves(participation_id: UUID) -> tuple[np.uint64, np.uint64]:
    number = participation_id.int
    return np.uint64(number >> 64), np.uint64(number & 0xFFFF_FFFF_FFFF_FFFF)
