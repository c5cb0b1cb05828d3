"""Whether this process' index is what it would be if it were built now: looked at piece by piece, for lists are made of it meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.running.frame import Frame
from chassis.running.threads import in_thread
from services.matching.index import Index
from services.matching.index.contents import Contents, Told, prepared
from services.matching.index.live import Live, take_in, whole
from services.matching.index.slots import named
from services.matching.queries import changes, entries
from services.matching.queries.following import live

PIECE = 50
"""So many participations are read while nobody else has the index: a few milliseconds."""
PIECE_S = 0.005
PAUSE_S = 0.002
"""A lock is given to anybody; without a pause this would have it again before others have woken up."""
TRIES = 20
SHOWN = 20
"""So many participations are named."""


class _Fresh(NamedTuple):
    """An index built beside the one in use, of one data version."""

    version: int
    filled: Index


class _Compared(NamedTuple):
    """At which version it was, of whom something else is held, and who could not be compared."""

    version: int
    differing: set[UUID]
    left: set[UUID]


def check(frame: Frame) -> dict[str, Any]:
    """Build a fresh index beside the one in use and compare all that they hold.

    Who changes meanwhile, or looks different, is compared once more by itself, both sides brought to one data version: so whoever is named
    is held otherwise than the database has it, and whoever is not is held as the database had it at that data version or later.
    """
    began, found = time.monotonic(), live(frame)
    if not found.is_loaded:
        return {"loaded": False}
    fresh = _built(frame, found)
    doubtful = _looking_different(found, fresh.filled)
    with frame.sessions() as session:
        doubtful.update(changes.changed_after(session, fresh.version))
    compared = _compared_anew(frame, found, fresh.version, doubtful)
    return {
        "loaded": True,
        # None: some changed each time that they were looked at.
        "data_version": None if compared.left else compared.version,
        "participations": len(fresh.filled),
        "differing": len(compared.differing),
        "of": [str(each) for each in sorted(compared.differing)[:SHOWN]],
        "seconds": round(time.monotonic() - began, 1),
    }


def _built(frame: Frame, found: Live) -> _Fresh:
    with _steady(frame) as session:
        version, fresh = changes.newest(session), whole()
        for rows in entries.everybody(session):
            in_thread(take_in, fresh, rows)
        news = entries.changed_after(session, found.version)
    # Where it is further already, the better.
    in_thread(found.at, version, news, len)
    return _Fresh(version, fresh)


def _looking_different(found: Live, fresh: Index) -> set[UUID]:
    """Of whom the two hold something else, the one in use at whatever version it is when a piece of it is looked at."""
    theirs, mine = in_thread(prepared, fresh), _contents(found)
    ids = in_thread(_all_ids, fresh, in_thread(found.as_it_is, lambda index: index.slots.halves()))
    different: set[UUID] = set()
    for some in _pieces(ids):
        held = in_thread(found.as_it_is, lambda _, some=some: mine.of(some))
        different |= in_thread(_different, held, theirs, some)
    return different


def _compared_anew(frame: Frame, found: Live, version: int, doubtful: set[UUID]) -> _Compared:
    differing: set[UUID] = set()
    for _ in range(TRIES):
        if not doubtful:
            break
        mine, left = _contents(found), set[UUID]()
        for some in _pieces(sorted(doubtful)):
            with _steady(frame) as session:
                version, rows = changes.newest(session), entries.rows(session, some)
                news = entries.changed_after(session, found.version)
            held = in_thread(found.at, version, news, lambda _, some=some, mine=mine: mine.of(some))
            # It took in a later change, or these changed since it was begun to be read: another time.
            unknown = set(some) if held is None else held.not_known
            left |= unknown
            differing |= in_thread(_different_alone, held or Told(), rows) - unknown
        doubtful = left
    return _Compared(version, differing, doubtful)


def _contents(found: Live) -> Contents:
    """The contents of the index in use, ready to be told."""
    contents = in_thread(found.as_it_is, Contents)
    while not in_thread(found.as_it_is, lambda _: contents.go_on(PIECE_S)):
        time.sleep(PAUSE_S)
    return contents


def _all_ids(fresh: Index, halves: Any) -> list[UUID]:
    return sorted({*fresh.slots.everybody(), *named(halves)})


def _different(held: Told, theirs: Contents, some: list[UUID]) -> set[UUID]:
    return held.different_from(theirs.of(some))


def _different_alone(held: Told, rows: Iterable[entries.Row]) -> set[UUID]:
    """From what an index would hold of these alone."""
    alone = whole()
    take_in(alone, rows)
    return held.different_from(prepared(alone).of(alone.slots.everybody()))


def _pieces(ids: list[UUID]) -> Iterator[list[UUID]]:
    """A few at a time, with a pause after each for whoever waits for the index."""
    for begin in range(0, len(ids), PIECE):
        yield ids[begin : begin + PIECE]
        time.sleep(PAUSE_S)


@contextmanager
def _steady(frame: Frame) -> Iterator[Session]:
    with frame.sessions() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session
