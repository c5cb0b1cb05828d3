"""The catalogue's part of the index: the search, fed with entries."""

from __future__ import annotations

from services.matching.index.entry import Arrays, Entry
from services.matching.index.index import Index
from services.matching.index.search import Search, Stands, read_entry
from services.matching.ranking.candidate import HOST, VISITOR


class Catalogued:
    """Everybody as the catalogue searches them, under the index's slots."""

    name = "search"

    def __init__(self) -> None:
        self.search = Search()

    def put(self, slot: int, entry: Entry) -> None:
        """Take a participant in, or its newer state."""
        self.search.put(slot, read_entry(entry.profile, entry.listed_at, stands(entry)))

    def remove(self, slot: int) -> None:
        """Forget whoever has the slot, if anybody has."""
        self.search.remove(slot)

    def save(self) -> Arrays:
        """As arrays."""
        return self.search.save()

    def load(self, arrays: Arrays) -> None:
        """Become what was saved."""
        self.search.load(arrays)

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return self.search.bytes


def catalogued(index: Index) -> Search:
    """The search of an index that has one."""
    return next(part.search for part in index.parts if isinstance(part, Catalogued))


def stands(entry: Entry) -> Stands:
    """How a participant stands, as the catalogue shows it."""
    one = entry.candidate
    places = max(0, one.capacity - one.hosted) if HOST in one.roles and one.hosting else 0
    return Stands(
        listed=entry.is_listed,
        free_as_visitor=VISITOR in one.roles and not one.visit_consumed and not one.is_visiting,
        free_as_host=places > 0,
        places_left=places,
        asked=one.asked,
        answered=one.answered,
        usual_hours=entry.usual_hours,
    )
