"""Long work, claimed by one worker process at a time.

While a worker is at a job it holds a lock on a connection of its own, which PostgreSQL lets go the moment the worker dies: the job
is then anybody's. The claim's time is for a worker that lives and does nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import and_, func, or_, select, text, update

from chassis.bare.crash_points import reached
from chassis.bare.message import real_now
from chassis.bare.refusals import Unavailable
from chassis.bare.tables import JobRow
from chassis.running.doors import Works, heard_from_row
from chassis.running.frame import Frame
from chassis.running.occasions import Job

CLAIM = timedelta(seconds=120)
ALIVE_LOCK = 7_202
MOST_TRIES = 12
LONGEST_PAUSE_S = 1800
OUTAGE_PAUSE = timedelta(seconds=15)

log = structlog.get_logger()


def do_job(frame: Frame) -> bool:
    """Claim the oldest open job and do it; returns whether there was one.

    A failed job is tried again, ever later, for some hours; while what it needs is Unavailable, no try counts.
    """
    with ExitStack() as alive:
        row = _claim(frame, alive)
        if row is not None:
            _do(frame, row)
        return row is not None


def _do(frame: Frame, row: JobRow) -> None:
    reached("job.after_claim", f"job:{row.kind}")
    if row.tries > MOST_TRIES:
        _fail(frame, row, RuntimeError("the worker died of it, again and again"))
        return
    try:
        door = frame.doors(Works)[row.kind]
        frame.carry_out(door, Job(frame.itself, row.correlation_id, frame, row.id, heard_from_row(row, door.contract)))
        _finish(frame, row)
    except Exception as error:
        log.exception("job failed", kind=row.kind, subject=row.subject, tries=row.tries)
        _fail(frame, row, error)


def _claim(frame: Frame, alive: ExitStack) -> JobRow | None:
    """The oldest job that is ready or whose worker died, claimed; `alive` then holds what says that we have not."""
    open_now = and_(JobRow.finished_at.is_(None), or_(JobRow.next_try_at <= real_now(), and_(JobRow.state == "running", _is_left())))
    with frame.sessions.begin() as session:
        oldest = select(JobRow).where(open_now).order_by(JobRow.next_try_at).limit(1)
        row = session.scalar(oldest.with_for_update(skip_locked=True, of=JobRow))
        if row is not None:
            # Before the commit: whoever sees the claim sees the lock as well.
            alive.enter_context(_sign_of_life(frame, row))
            row.state, row.tries, row.next_try_at = "running", row.tries + 1, real_now() + CLAIM
        return row


def _is_left() -> Any:
    """Whether nobody holds the lock of the job's row."""
    return text(
        "NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        f" AND classid = {ALIVE_LOCK} AND objid::bigint = (hashtext(job.id::text)::bigint & 4294967295))"
    )


@contextmanager
def _sign_of_life(frame: Frame, row: JobRow) -> Iterator[None]:
    connection = frame.sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT")
    key = (ALIVE_LOCK, func.hashtext(str(row.id)))
    try:
        connection.execute(select(func.pg_try_advisory_lock(*key)))
        yield
        connection.execute(select(func.pg_advisory_unlock(*key)))
    except BaseException:
        # A lock that is not let go in order goes with its connection.
        connection.invalidate()
        raise
    finally:
        connection.close()


def _finish(frame: Frame, row: JobRow) -> None:
    """Close a job whose door had nothing to change; one that had closed it in its own unit."""
    values = {"state": "done", "finished_at": real_now()}
    reached("job.before_finish", f"job:{row.kind}")
    with frame.sessions.begin() as session:
        session.execute(update(JobRow).where(JobRow.id == row.id, JobRow.finished_at.is_(None)).values(**values))
    reached("job.after_finish", f"job:{row.kind}")


def _fail(frame: Frame, row: JobRow, error: Exception) -> None:
    away = isinstance(error, Unavailable)
    gone = row.tries >= MOST_TRIES and not away
    values = {
        "state": "failed" if gone else "queued",
        "error": f"{type(error).__name__}: {error}"[:2000],
        "tries": row.tries - 1 if away else row.tries,
        "next_try_at": real_now() + (OUTAGE_PAUSE if away else timedelta(seconds=min(2**row.tries, LONGEST_PAUSE_S))),
        "finished_at": real_now() if gone else None,
    }
    with frame.sessions.begin() as session:
        session.execute(update(JobRow).where(JobRow.id == row.id, JobRow.finished_at.is_(None)).values(**values))
