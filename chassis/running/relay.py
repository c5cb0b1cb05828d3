"""The relay carries journal rows to RabbitMQ, in order, and notes when the broker has them safe.

One process per service relays at a time: it holds an advisory lock on the connection it reads with, so losing the connection is
losing the lock. A crash between publishing and noting repeats a row, which every listener recognises by its id.

Many rows are under way at once, but of each subject only one: whatever becomes of it, its next one goes out after it is safe
(decision 0023).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, func, select, text

from chassis.bare.crash_points import reached
from chassis.bare.envelope import Envelope
from chassis.bare.hints import event_called, hint_of
from chassis.bare.message import Event, kinds_of, real_now
from chassis.bare.protocol import EVENT_TYPE, encode
from chassis.bare.tables import JournalRow
from chassis.running import observability
from chassis.running.topology import LIVE_TOPIC, event_topic
from chassis.running.wire import Outgoing, Undeliverable, Wire

BATCH = 100
LOCK = 7_201_101

_COLUMNS = tuple(JournalRow.__table__.columns)
_LOOK = f"SELECT {', '.join(column.key for column in _COLUMNS)} FROM journal WHERE published_at IS NULL ORDER BY position LIMIT {BATCH}"
LOOK = text(_LOOK).columns(*_COLUMNS)
NOTE_AND_LOOK = text(f"UPDATE journal SET published_at = :at WHERE position = ANY(:positions); {_LOOK}").columns(*_COLUMNS)
"""Both in one message: whoever has just published wants to know what came meanwhile."""

log = structlog.get_logger()


class Relay:
    """Publishes one service's journal."""

    def __init__(self, service: str, engine: Engine, wire: Wire) -> None:
        self._service, self._engine, self._wire = service, engine, wire
        self._connection: Connection | None = None
        self.leads = False
        self._at_once = BATCH
        self.ahead: Sequence[Any] = ()
        """What was seen to come next when the last rows were noted; whether nothing came since only a look can tell."""

    def run_once(self) -> int:
        """Publish up to a batch of rows; returns how many. Without the lock, nothing.

        Raises what the database or the broker raises; what was not confirmed stays unpublished, and so does all that came after what was
        published together with it.
        """
        connection = self._locked()
        if connection is None:
            return 0
        published: list[Any] = []
        found, self.ahead = self.ahead or connection.execute(LOOK).all(), ()
        try:
            for rows in no_subject_twice(found, self._at_once):
                self._publish(rows, published)
            self._at_once = BATCH
        finally:
            self._note(connection, published)
        for row in published:
            reached("relay.after_note", f"relay:{row.type}")
        return len(published)

    def close(self) -> None:
        """Give the lock up with its connection."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection, self.leads, self.ahead = None, False, ()

    def _locked(self) -> Connection | None:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # A note may be lost with the machine: its fact is only published once more. So nobody waits for the disk to keep it.
            self._connection.execute(text("SET synchronous_commit TO off"))
        if not self.leads:
            self.leads = bool(self._connection.scalar(select(func.pg_try_advisory_lock(LOCK))))
        return self._connection if self.leads else None

    def _publish(self, rows: list[Any], published: list[Any]) -> None:
        """Publish these rows at once and add those to `published` that the broker has safe; raises Undeliverable when one is not."""
        messages = [self._outgoing(row) for row in rows]
        for row in rows:
            reached("relay.before_publish", f"relay:{row.type}")
        # With them, not after: a relay that ends in between publishes both again.
        reasons = self._wire.send_all([*messages, *_hints(rows)])[: len(rows)]
        safe = [row for row, reason in zip(rows, reasons, strict=True) if not reason]
        for row in safe:
            reached("relay.after_confirm", f"relay:{row.type}")
        published += safe
        observability.published_facts.labels(self._service).inc(len(safe))
        if len(safe) < len(rows):
            # One by one until all are taken again: what one full queue refuses, the others get anew at each try.
            self._at_once = 1
            raise Undeliverable("; ".join(sorted({reason for reason in reasons if reason})))

    def _outgoing(self, row: Any) -> Outgoing:
        about = {"content_type": EVENT_TYPE, "message_id": str(row.id), "type": row.type, "delivery_mode": 2, "user_id": self._wire.login}
        return Outgoing(encode(envelope(self._service, row)), event_topic(self._service), row.type, is_heard(row.type), about)

    def _note(self, connection: Connection, published: list[Any]) -> None:
        if published:
            noted = {"at": real_now(), "positions": [row.position for row in published]}
            self.ahead = connection.execute(NOTE_AND_LOOK, noted).all()


def no_subject_twice(rows: Sequence[Any], most: int = BATCH) -> Iterator[list[Any]]:
    """The rows in their order, cut before each whose subject is there already, and when there are as many as that."""
    together: list[Any] = []
    subjects: set[str] = set()
    for row in rows:
        if row.subject in subjects or len(together) == most:
            yield together
            together, subjects = [], set()
        together.append(row)
        subjects.add(row.subject)
    if together:
        yield together


def _hints(rows: list[Any]) -> list[Outgoing]:
    """One message with the hints of all that some page fetches anew; nobody has to receive it."""
    hints = [hint.as_message() for row in rows if (hint := hint_of(event_called(row.type), row.data))]
    return [Outgoing(encode({"hints": hints}), LIVE_TOPIC, "", properties={"delivery_mode": 1})] if hints else []


def envelope(service: str, row: Any) -> dict[str, Any]:
    """The CloudEvent of a journal row: the same bytes whenever it is made."""
    return Envelope.write({
        "specversion": "1.0", "id": row.id, "source": f"/{service}", "type": row.type, "subject": row.subject,
        "subjectversion": row.subject_version, "time": row.at, "actor": row.actor, "correlationid": row.correlation_id,
        "audience": row.audience, "datacontenttype": "application/json", "data": row.data,
    })  # fmt: skip


@cache
def is_heard(title: str) -> bool:
    """Whether some service listens to events of that type; who announces it has loaded its contract, so the answer stays."""
    return any(event.slug() == title and event.heard_by for event in kinds_of(Event))
