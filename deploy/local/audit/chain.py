"""Every subject's journal is gapless and chained: the hashes are computed anew from the rows, in code of our own."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from deploy.local.audit.inspection import Inspection
from deploy.local.audit.verdict import Verdict

JOURNAL = """
    SELECT position, subject_version, hash, previous_hash, id, type, subject, at, actor, audience, data, correlation_id
    FROM journal ORDER BY subject COLLATE "C", subject_version"""


class Row(NamedTuple):
    """One journal row as it lies in the database."""

    position: int
    subject_version: int
    hash: str
    previous_hash: str
    id: str
    type: str
    subject: str
    at: Any
    actor: str
    audience: list[str]
    data: dict[str, Any]
    correlation_id: str

    @property
    def computed_hash(self) -> str:
        """SHA-256 of the JSON list of all that the row says and the hash before it, keys sorted, without spaces."""
        content = [
            str(self.id), self.type, self.subject, self.subject_version, self.at.isoformat(), self.actor, self.audience, self.data,
            self.correlation_id, self.previous_hash,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


NOTHING = Row(0, 0, "", "", "", "", "", None, "", [], {}, "")


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """Walk each service's journal subject by subject."""
    for service in inspection.books.services:
        before = NOTHING
        for values in inspection.books.rows(service, JOURNAL):
            row = Row(*values)
            verdict.count("rows")
            if row.subject != before.subject:
                verdict.count("subjects")
                before = NOTHING
            for fault in _faults(row, before):
                verdict.find(f"{service}: journal row {row.position} ({row.type}, {row.subject} version {row.subject_version}) {fault}")
            before = row


def _faults(row: Row, before: Row) -> list[str]:
    faults = []
    if row.subject_version != before.subject_version + 1:
        faults.append(f"follows version {before.subject_version}: what was between is missing")
    elif row.previous_hash != before.hash:
        faults.append("does not continue the row before it")
    if row.computed_hash != row.hash:
        faults.append("was altered: its hash is another")
    return faults
