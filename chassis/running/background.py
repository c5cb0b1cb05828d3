"""What a process does without being asked: relay the journal, do what is due, try waiting events again.

Each look is one short pass; the loops that repeat them live in `serve`. Tests run the passes by hand.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import bindparam, delete, func, or_, select, update

from chassis.bare.crash_points import reached
from chassis.bare.message import real_now
from chassis.bare.refusals import Unavailable
from chassis.bare.tables import AnsweredRow, DueRow, JobRow, JournalRow, Moment, WaitingRow
from chassis.running import observability
from chassis.running.doors import Dues, Listens
from chassis.running.frame import Frame
from chassis.running.occasions import Due, Hearing, NotYet
from chassis.running.rooms import metadata_of

BATCH = 50
KEPT_ANSWERS = timedelta(days=30)

# Made once, for they are asked several times a second.
_REAL = bindparam("real", type_=Moment)
DUE = (
    select(DueRow)
    .where(DueRow.done_at.is_(None), DueRow.at <= bindparam("now", type_=Moment))
    .where(or_(DueRow.next_try_at.is_(None), DueRow.next_try_at <= _REAL))
    .order_by(DueRow.at, DueRow.id)
    .limit(BATCH)
)
WAITING = select(WaitingRow).where(WaitingRow.next_try_at <= _REAL).order_by(WaitingRow.since).limit(BATCH)

log = structlog.get_logger()


def do_due(frame: Frame) -> int:
    """Open the doors of all work whose date has come; returns how much was done."""
    doors, now, done = frame.doors(Dues), frame.clock.now(), 0
    with frame.looking() as session:
        rows = session.scalars(DUE, {"now": now, "real": real_now()}).all()
    for row in rows:
        done += _do_one(frame, doors, row)
    return done


def try_waiting(frame: Frame) -> int:
    """Open the listeners again for events that wait; returns how many were applied."""
    doors = frame.doors(Listens)
    with frame.looking() as session:
        rows = session.scalars(WAITING, {"real": real_now()}).all()
    return sum(_hear_again(frame, doors, row) for row in rows)


def measure_backlog(frame: Frame) -> dict[str, int]:
    """Count the open work of each kind, for the metrics and for whoever asks."""
    now, real = frame.clock.now(), real_now()
    open_work = {
        "unpublished_facts": select(func.count()).where(JournalRow.published_at.is_(None)),
        "waiting_events": select(func.count()).select_from(WaitingRow),
        "overdue_work": select(func.count()).where(DueRow.done_at.is_(None), DueRow.at <= now),
        "jobs": select(func.count()).where(JobRow.finished_at.is_(None), JobRow.next_try_at <= real),
    }
    with frame.sessions() as session:
        counts = {kind: session.scalar(count) or 0 for kind, count in open_work.items()}
    for kind, count in counts.items():
        observability.backlog.labels(frame.name, kind).set(count)
    return counts


def forget_answers(frame: Frame) -> int:
    """Forget the answers to commands older than a client may still repeat them."""
    with frame.sessions.begin() as session:
        result: Any = session.execute(delete(AnsweredRow).where(AnsweredRow.at < real_now() - KEPT_ANSWERS))
        return int(result.rowcount)


def tidy_up(frame: Frame) -> None:
    """Forget old answers, what killed processes left half received in the blob folder, and files that no row names any more."""
    forget_answers(frame)
    frame.blobs.sweep()
    frame.blobs.sweep_unnamed(named_files(frame))


def named_files(frame: Frame) -> set[str]:
    """The hashes of all files that rows of this service name: what its columns called `sha256` or `..._sha256` hold."""
    tables = metadata_of(frame.service_class.__module__.rpartition(".")[0]).sorted_tables
    columns = [column for table in tables for column in table.columns if column.name.split("_")[-1] == "sha256"]
    with frame.sessions() as session:
        return {digest for column in columns for digest in session.scalars(select(column).where(column.is_not(None)))}


def _do_one(frame: Frame, doors: dict[str, Any], row: DueRow) -> bool:
    due = Due(frame.itself, f"due-{row.id}", row.id, row.kind, row.subject, row.at, dict(row.arguments))
    try:
        frame.carry_out(doors[row.kind], due)
        if not due.opened:
            raise TypeError(f"the door for due {row.kind} opened no unit")
    except Exception as error:
        log.exception("due work failed", kind=row.kind, subject=row.subject)
        _try_due_later(frame, row, error)
        return False
    return due.claimed


def _try_due_later(frame: Frame, row: DueRow, error: Exception) -> None:
    if isinstance(error, Unavailable):
        return
    pause = timedelta(seconds=min(2**row.tries, 3600))
    with frame.sessions.begin() as session:
        session.execute(update(DueRow).where(DueRow.id == row.id).values(tries=DueRow.tries + 1, next_try_at=real_now() + pause))


def _hear_again(frame: Frame, doors: dict[str, Any], row: WaitingRow) -> bool:
    correlation = str(row.event.get("correlationid") or uuid4())
    hearing = Hearing(frame.itself, correlation, row.event, row.listener, waiting_row=row.id)
    try:
        frame.carry_out(doors[row.listener], hearing)
    except Exception as error:
        if not isinstance(error, (NotYet, Unavailable)):
            log.exception("a waiting event failed", listener=row.listener, event_id=str(row.event_id))
        hearing.wait(frame, str(error))
        return False
    _forget(frame, row)
    return True


def _forget(frame: Frame, row: WaitingRow) -> None:
    """Drop a row whose event turned out to be known already: its unit rolled back, and with it the row's removal."""
    with frame.sessions.begin() as session:
        session.execute(delete(WaitingRow).where(WaitingRow.id == row.id))
        reached("again.before_forget", f"event:{row.listener}")
    reached("again.after_forget", f"event:{row.listener}")
