"""No planned work is overdue, and no job is stuck or was given up."""

from __future__ import annotations

from deploy.local.audit.inspection import Inspection
from deploy.local.audit.verdict import Verdict

OVERDUE = """
    SELECT id, kind, subject, at, tries FROM due WHERE done_at IS NULL AND at <= %s ORDER BY at"""
UNFINISHED = (
    "SELECT id, kind, subject, state, tries, next_try_at, coalesce(error, '') FROM job WHERE finished_at IS NULL OR state = 'failed'"
)


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """What is planned, and what was ordered."""
    for service in inspection.books.services:
        verdict.count("planned", inspection.books.number(service, "SELECT count(*) FROM due"))
        verdict.count("jobs", inspection.books.number(service, "SELECT count(*) FROM job"))
        for row, kind, subject, at, tries in inspection.books.rows(service, OVERDUE, [inspection.now]):
            if not inspection.busy or tries > 0:
                tried = f", tried {tries} times" if tries else ""
                verdict.find(f"{service}: {kind} of {subject} (due row {row}) was due at {at:%Y-%m-%d %H:%M} and is not done{tried}")
        for row, kind, subject, state, tries, next_try_at, error in inspection.books.rows(service, UNFINISHED):
            if not inspection.busy or state == "failed" or next_try_at <= inspection.until:
                verdict.find(f"{service}: job {kind} of {subject} (row {row}) is {state} after {tries} tries {error}".rstrip())
