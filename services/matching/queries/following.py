"""The index of this process follows its database: loaded once, then brought to exactly the data version that an answer is of."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy.orm import Session, sessionmaker

from chassis.running.frame import Frame
from chassis.running.observability import work_seconds
from chassis.running.threads import in_thread, thread_lock
from chassis.running.unit import Unit
from services.matching.index import Index, snapshot
from services.matching.index.catalogued import catalogued
from services.matching.index.live import Live, take_in, whole
from services.matching.index.warming import warm
from services.matching.queries import changes, entries

T = TypeVar("T")

log = structlog.get_logger()

SNAPSHOT_EVERY_S = 600.0

_live: WeakKeyDictionary[sessionmaker[Session], Live] = WeakKeyDictionary()
_loading: set[int] = set()


def live(frame: Frame) -> Live:
    """The index of this process' database."""
    found = _live.get(frame.sessions)
    if found is None:
        found = _live[frame.sessions] = Live(thread_lock())
    return found


def loaded(frame: Frame) -> Live:
    """The same, filled. A process that serves has it so; who makes a first use of it elsewhere waits."""
    found = live(frame)
    if not found.is_loaded:
        follow(frame)
    return found


def in_index(live: Live, unit: Unit, work: Callable[[Index], T]) -> T | None:
    """Do the work on the index as of what a steady unit sees; None where the index is further already: try anew in another unit."""
    if not live.is_loaded:
        load(live, unit.session)
    before, version = live.version, changes.data_version(unit)
    if before > version:
        return None
    news = entries.changed_after(unit.session, before) if before < version else []
    found, seconds = in_thread(_timed, live, version, news, work)
    work_seconds.labels("index").observe(seconds)
    return found


def _timed(live: Live, version: int, news: list[entries.Row], work: Callable[[Index], T]) -> tuple[T | None, float]:
    """What the work found, and how long it took once it had the index: counted outside, for a thread must not wait for the counters."""
    seconds = 0.0

    def done(index: Index) -> T:
        nonlocal seconds
        began = time.perf_counter()
        found = work(index)
        seconds = time.perf_counter() - began
        return found

    return live.at(version, news, done), seconds


class Past(Exception):
    """The index has taken in a later change than a unit sees: the unit's moment is past."""


def look(live: Live, unit: Unit, work: Callable[[Index], T]) -> T:
    """The same, for work that always has an answer; raises Past instead."""
    found = in_index(live, unit, work)
    if found is None:
        raise Past
    return found


def load(live: Live, session: Session, snapshot_path: Path | None = None) -> None:
    """Fill an index with everybody, as one steady session sees them, or out of a good snapshot; compiles the kernels first."""
    in_thread(live.become, _filled(session, snapshot_path))


def of_moment(frame: Frame, session: Session, goes_on: Callable[[], None]) -> Index:
    """An index of one's own, of what a steady session sees: for long work, which would keep everybody else from the one in use.

    `goes_on` is called now and then while it is read.
    """
    return _filled(session, _path(frame), goes_on)


def _filled(session: Session, snapshot_path: Path | None, goes_on: Callable[[], None] = lambda: None) -> Index:
    in_thread(warm)
    version = changes.newest(session)
    index = in_thread(_from_snapshot, snapshot_path, changes.line(session), version) if snapshot_path else None
    if index is None:
        index = whole()
        for rows in entries.everybody(session):
            in_thread(take_in, index, rows)
            goes_on()
        in_thread(catalogued(index).settle)
    elif index.version < version:
        in_thread(take_in, index, entries.changed_after(session, index.version))
    index.version = version
    return index


def follow(frame: Frame) -> bool:
    """Load the index or bring it to the newest data version; whether it is loaded now. One at a time: whoever comes second leaves."""
    found = live(frame)
    if id(found) in _loading:
        return found.is_loaded
    _loading.add(id(found))
    try:
        # Compiling may take longer than a connection may lie idle.
        in_thread(warm)
        with frame.sessions() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            if not found.is_loaded:
                load(found, session, _path(frame))
            before, version = found.version, changes.newest(session)
            if before < version:
                in_thread(found.at, version, entries.changed_after(session, before), len)
    finally:
        _loading.discard(id(found))
    return True


def write_down(frame: Frame) -> bool:
    """Write a snapshot if there is a folder for it and what lies there is of an earlier version; whether it was written."""
    found, path = live(frame), _path(frame)
    if path is None or not found.is_loaded or snapshot.version_of(path) >= found.version:
        return False
    with frame.looking() as session:
        line = changes.line(session)
    version, arrays = in_thread(found.copied)
    in_thread(snapshot.save, version, line, arrays, path)
    log.info("wrote a snapshot of the index", version=version)
    return True


def write_down_at_times(frame: Frame) -> None:
    """Write a snapshot down soon after the start and then every so often."""
    found = live(frame)
    if time.monotonic() >= found.next_snapshot_at:
        found.next_snapshot_at = time.monotonic() + SNAPSHOT_EVERY_S
        write_down(frame)


def _path(frame: Frame) -> Path | None:
    return frame.derived / snapshot.NAME if frame.derived else None


def _from_snapshot(path: Path, line: str, newest: int) -> Index | None:
    try:
        index = snapshot.load(path, line, whole)
    except snapshot.NoSnapshot as reason:
        log.info("the index is built from the database", reason=str(reason))
        return None
    if index.version > newest:
        # Of a database that went on from here before it was put back.
        log.warning("the snapshot of the index is ahead of the database", version=index.version, newest=newest)
        path.unlink(missing_ok=True)
        return None
    return index
