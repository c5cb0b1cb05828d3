"""What is known of each slot as numbers, and the sets of slots that follow how participations stand."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from services.matching.index.search.entry import NEVER, Entry, Stands, point
from services.matching.index.search.kernels import put, take
from services.matching.index.search.terms import Arrays, packed, unpacked

LISTED, AS_VISITOR, AS_HOST, TO_ALL, TO_SAME = range(5)
SETS = 5
SMALL, WIDE = 255, 65_535
KINDS = {
    "number": np.int32, "place": np.int32, "listed": np.uint32, "least_days": np.uint8, "most_days": np.uint8, "group_size": np.uint8,
    "places_left": np.uint8, "share": np.uint16, "hours": np.uint16, "digest": np.uint64,
}  # fmt: skip
Place = tuple[str, str, float, float]


class Slots:
    """The columns of up to `room` slots."""

    def __init__(self, room: int) -> None:
        self.columns = {name: np.zeros(room, kind) for name, kind in KINDS.items()}
        self.points = np.zeros((room, 3), np.int32)
        self.sets = np.zeros((SETS, room // 64), np.uint64)
        self.offsets = np.zeros(room + 1, np.int64)
        self.windows = np.zeros((room // 2, 2), np.int16)
        self.places: list[Place] = []
        self._place_numbers: dict[Place, int] = {}

    @property
    def bytes(self) -> int:
        """How much memory the arrays take."""
        return sum(each.nbytes for each in (*self.columns.values(), self.points, self.sets, self.offsets, self.windows))

    def save(self) -> Arrays:
        """All that `loaded` needs."""
        own: Arrays = {"points": self.points, "sets": self.sets, "offsets": self.offsets, "windows": self.windows}
        towns = [f"{country}\t{town}\t{latitude!r}\t{longitude!r}" for country, town, latitude, longitude in self.places]
        return own | {f"column.{name}": column for name, column in self.columns.items()} | {"places": packed(towns)}

    @classmethod
    def loaded(cls, room: int, arrays: Arrays) -> Slots:
        """What was saved."""
        made = cls(room)
        made.points, made.sets = np.array(arrays["points"]), np.array(arrays["sets"])
        made.offsets, made.windows = np.array(arrays["offsets"]), np.array(arrays["windows"])
        made.columns = {name: np.array(arrays[f"column.{name}"]) for name in KINDS}
        parts = (each.split("\t") for each in unpacked(arrays["places"]))
        made.places = [(country, town, float(latitude), float(longitude)) for country, town, latitude, longitude in parts]
        made._place_numbers = {place: number for number, place in enumerate(made.places)}
        return made

    def write(self, slot: int, number: int, entry: Entry) -> None:
        """Write the next slot."""
        told = {
            "number": number, "place": self._place(entry.place), "listed": entry.listed, "least_days": entry.min_days,
            "most_days": entry.max_days, "group_size": min(entry.group_size, SMALL), "digest": entry.digest,
        }  # fmt: skip
        for name, value in told.items():
            self.columns[name][slot] = value
        self.points[slot] = point(*entry.place[2:])
        self._write_windows(slot, entry.windows)
        for visibility, which in (("all", TO_ALL), ("partnerships", TO_SAME)):
            if entry.visibility == visibility:
                put(self.sets[which], slot)
        self.stand(slot, entry.stands)

    def stand(self, slot: int, stands: Stands) -> None:
        """Write how the slot's participation stands now."""
        for which, is_in in ((LISTED, stands.listed), (AS_VISITOR, stands.free_as_visitor), (AS_HOST, stands.free_as_host)):
            (put if is_in else take)(self.sets[which], slot)
        self.columns["places_left"][slot] = min(stands.places_left, SMALL)
        self.columns["share"][slot] = stands.share
        self.columns["hours"][slot] = NEVER if stands.usual_hours is None else min(stands.usual_hours, NEVER - 1)

    def empty(self, slot: int) -> None:
        """Leave a slot out of everything."""
        for which in self.sets:
            take(which, slot)

    def moved(self, old_slots: np.ndarray, room: int) -> Slots:
        """The same anew, of these slots in their order."""
        made, count = Slots(room), old_slots.size
        for name, column in self.columns.items():
            made.columns[name][:count] = column[old_slots]
        made.points[:count] = self.points[old_slots]
        for which, bits in enumerate(self.sets):
            flags = np.zeros(room, np.uint8)
            flags[:count] = np.unpackbits(np.ascontiguousarray(bits).view(np.uint8), bitorder="little")[old_slots]
            made.sets[which] = np.packbits(flags, bitorder="little").view(np.uint64)
        made._take_windows(self, old_slots)
        made._take_places(self, count)
        return made

    def _place(self, place: Place) -> int:
        found = self._place_numbers.setdefault(place, len(self.places))
        if found == len(self.places):
            self.places.append(place)
        return found

    def _write_windows(self, slot: int, windows: Iterable[tuple[int, int]]) -> None:
        begin = end = int(self.offsets[slot])
        for window in windows:
            if end == len(self.windows):
                self.windows = np.concatenate([self.windows, np.zeros_like(self.windows)])
            self.windows[end] = window
            end += 1
        self.offsets[slot], self.offsets[slot + 1] = begin, end

    def _take_windows(self, old: Slots, old_slots: np.ndarray) -> None:
        begins, sizes = old.offsets[old_slots], old.offsets[old_slots + 1] - old.offsets[old_slots]
        ends = np.cumsum(sizes)
        self.offsets[1 : old_slots.size + 1] = ends
        taken = np.repeat(begins - (ends - sizes), sizes) + np.arange(sizes.sum())
        self.windows = np.concatenate([old.windows[taken], self.windows[: len(self.windows) // 4 + 16]])

    def _take_places(self, old: Slots, count: int) -> None:
        used, numbers = np.unique(self.columns["place"][:count], return_inverse=True)
        self.columns["place"][:count] = numbers
        self.places = [old.places[each] for each in used.tolist()]
        self._place_numbers = {place: number for number, place in enumerate(self.places)}
