"""The index of a process: one for all its greenthreads and threads, brought to a data version and asked under one lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar
from uuid import UUID

from services.matching.index.catalogued import Catalogued
from services.matching.index.entry import Arrays, Entry
from services.matching.index.index import Index

T = TypeVar("T")


class News(Protocol):
    """What changed of a participant."""

    @property
    def participation_id(self) -> UUID:
        """Whose."""

    def entry(self) -> Entry | None:
        """What it is now; None: it is gone."""


class Live:
    """An index in use. `at` takes time: it belongs into a thread, and the lock is one for threads."""

    def __init__(self, lock: AbstractContextManager[object]) -> None:
        self.index = whole()
        self.is_loaded = False
        self.next_snapshot_at = 0.0
        """In seconds of the process' own clock."""
        self._lock = lock

    @property
    def version(self) -> int:
        """The data version it is at."""
        return self.index.version

    def become(self, index: Index) -> None:
        """Use an index that was filled apart, unless the one in use is further."""
        with self._lock:
            if not self.is_loaded or index.version >= self.index.version:
                self.index, self.is_loaded = index, True

    def copied(self) -> tuple[int, Arrays]:
        """A copy of everything, of one moment, to be written down while the index goes on."""
        with self._lock:
            return self.index.version, {name: array.copy() for name, array in self.index.save().items()}

    def as_it_is(self, work: Callable[[Index], T]) -> T:
        """Do the work on the index, whatever its data version."""
        with self._lock:
            return work(self.index)

    def at(self, version: int, news: Iterable[News], work: Callable[[Index], T]) -> T | None:
        """Bring the index to a data version and do the work on it; None where it is further already: then look at a newer state."""
        with self._lock:
            if self.index.version > version:
                return None
            take_in(self.index, news)
            self.index.version = version
            return work(self.index)


def whole() -> Index:
    """An empty index with all its parts."""
    return Index(Catalogued())


def take_in(index: Index, rows: Iterable[News]) -> None:
    """Take news in, whatever was known before: repeats do no harm."""
    for row in rows:
        if entry := row.entry():
            index.put(entry)
        else:
            index.remove(row.participation_id)
