"""Long work, claimed by one worker process at a time; a worker that dies leaves a claim that runs out."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import select, update

from chassis.bare.crash_points import reached
from chassis.bare.message import real_now
from chassis.bare.refusals import Unavailable
from chassis.bare.tables import JobRow
from chassis.running.doors import Works, heard_from_row
from chassis.running.frame import Frame
from chassis.running.occasions import Job

CLAIM = timedelta(seconds=120)
MOST_TRIES = 12
LONGEST_PAUSE_S = 1800
OUTAGE_PAUSE = timedelta(seconds=15)

log = structlog.get_logger()


def do_job(frame: Frame) -> bool:
    """Claim the oldest open job and do it; returns whether there was one.

    A failed job is tried again, ever later, for some hours; while what it needs is Unavailable, no try counts.
    """
    row = _claim(frame)
    if row is None:
        return False
    reached("job.after_claim", f"job:{row.kind}")
    if row.tries > MOST_TRIES:
        _fail(frame, row, RuntimeError("the worker died of it, again and again"))
        return True
    try:
        door = frame.doors(Works)[row.kind]
        frame.carry_out(door, Job(frame.itself, row.correlation_id, frame, row.id, heard_from_row(row, door.contract)))
        _finish(frame, row)
    except Exception as error:
        log.exception("job failed", kind=row.kind, subject=row.subject, tries=row.tries)
        _fail(frame, row, error)
    return True


def _claim(frame: Frame) -> JobRow | None:
    ready = select(JobRow).where(JobRow.finished_at.is_(None), JobRow.next_try_at <= real_now())
    with frame.sessions.begin() as session:
        row = session.scalar(ready.order_by(JobRow.next_try_at).limit(1).with_for_update(skip_locked=True))
        if row is not None:
            row.state, row.tries, row.next_try_at = "running", row.tries + 1, real_now() + CLAIM
        return row


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
