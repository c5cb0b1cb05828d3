"""The relay carries journal rows to RabbitMQ, in order, and notes when the broker has them safe.

One process per service relays at a time: it holds an advisory lock on the connection it reads with, so losing the connection is
losing the lock. A crash between publishing and noting repeats a row, which every listener recognises by its id.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, func, select, update

from chassis.bare.crash_points import reached
from chassis.bare.message import Envelope, Event, real_now
from chassis.bare.protocol import EVENT_TYPE, encode
from chassis.bare.tables import JournalRow
from chassis.running import observability
from chassis.running.topology import event_topic
from chassis.running.wire import Wire

BATCH = 100
LOCK = 7_201_101

log = structlog.get_logger()


class Relay:
    """Publishes one service's journal."""

    def __init__(self, service: str, engine: Engine, wire: Wire) -> None:
        self._service, self._engine, self._wire = service, engine, wire
        self._connection: Connection | None = None
        self._leads = False

    def run_once(self) -> int:
        """Publish up to a batch of rows; returns how many. Without the lock, nothing.

        Raises what the database or the broker raises; what was not confirmed stays unpublished.
        """
        connection = self._locked()
        if connection is None:
            return 0
        rows = connection.execute(_unpublished()).all()
        published = []
        try:
            for row in rows:
                self._publish(row)
                published.append(row.position)
        finally:
            self._note(connection, published)
        for row in rows:
            reached("relay.after_note", f"relay:{row.type}")
        return len(published)

    def close(self) -> None:
        """Give the lock up with its connection."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection, self._leads = None, False

    def _locked(self) -> Connection | None:
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not self._leads:
            self._leads = bool(self._connection.scalar(select(func.pg_try_advisory_lock(LOCK))))
        return self._connection if self._leads else None

    def _publish(self, row: Any) -> None:
        body = encode(envelope(self._service, row))
        must_be_heard = is_heard(row.type)
        reached("relay.before_publish", f"relay:{row.type}")
        self._wire.send(
            body, event_topic(self._service), row.type, mandatory=must_be_heard, content_type=EVENT_TYPE,
            message_id=str(row.id), type=row.type, delivery_mode=2, user_id=self._wire.login,
        )  # fmt: skip
        reached("relay.after_confirm", f"relay:{row.type}")
        observability.published_facts.labels(self._service).inc()

    def _note(self, connection: Connection, positions: list[int]) -> None:
        if positions:
            note = update(JournalRow).where(JournalRow.position.in_(positions)).values(published_at=real_now())
            connection.execute(note)


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
    return any(event.slug() == title and event.heard_by for event in _all_events(Event))


def _all_events(base: type[Event]) -> list[type[Event]]:
    return [each for child in base.__subclasses__() for each in (child, *_all_events(child))]


def _unpublished() -> Any:
    return select(JournalRow.__table__).where(JournalRow.published_at.is_(None)).order_by(JournalRow.position).limit(BATCH)
