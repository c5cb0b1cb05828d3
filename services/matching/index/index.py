"""The whole index: slots and parts, filled one participant at a time; and the data version that it is at."""

from __future__ import annotations

from uuid import UUID

from services.matching.index.entry import Arrays, Entry, Part
from services.matching.index.ranked import Ranked
from services.matching.index.slots import NONE, Slots


class Index:
    """All participants in memory. Not for several threads at once: whoever has it for several holds one lock around each use."""

    def __init__(self, *more: Part) -> None:
        self.slots = Slots()
        self.ranked = Ranked(self.slots)
        self.parts: tuple[Part, ...] = (self.ranked, *more)
        self.version = 0
        """The data version up to which all changes are in."""

    def __len__(self) -> int:
        """How many participants it holds."""
        return len(self.slots)

    @property
    def bytes(self) -> int:
        """How much memory slots and ranking take."""
        return self.slots.bytes + self.ranked.bytes

    def put(self, entry: Entry) -> int:
        """Take a participant in, or its newer state; its slot."""
        slot = self.slots.take(entry.candidate.participation_id)
        for part in self.parts:
            part.put(slot, entry)
        return slot

    def remove(self, participation_id: UUID) -> None:
        """Forget a participant, if it is there."""
        slot = self.slots.find(participation_id)
        if slot == NONE:
            return
        for part in self.parts:
            part.remove(slot)
        self.slots.release(participation_id)

    def save(self) -> Arrays:
        """All parts' arrays, each under its part's name."""
        stores = {part.name: part.save() for part in self.parts} | {self.slots.name: self.slots.save()}
        return {f"{part}.{name}": array for part, saved in stores.items() for name, array in saved.items()}

    def load(self, arrays: Arrays) -> None:
        """Become what was saved."""
        stores: list[Slots | Part] = [self.slots, *self.parts]
        for part in stores:
            beginning = f"{part.name}."
            part.load({name.removeprefix(beginning): array for name, array in arrays.items() if name.startswith(beginning)})

    def slots_of(self, participations: list[UUID]) -> list[int]:
        """The slots of those who have one."""
        return [slot for slot in map(self.slots.find, participations) if slot != NONE]
