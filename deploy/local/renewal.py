"""What a restored installation has to do over: deliver what was on its way, and trust no key that was used up meanwhile.

The broker begins empty, so whatever lay in its queues is gone; but nothing is lost, because each listener remembers what it has heard.
What one of them lacks is marked as unpublished, and its relay carries it again; whoever knows it already recognises it by its id.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg2

from deploy.local.database_logins import Database
from deploy.local.topology import all_events

KNOWN = """
    COPY (SELECT listener, event_id FROM heard UNION SELECT listener, event_id FROM waiting) TO STDOUT"""
NOTE = "CREATE TEMPORARY TABLE known (type text, id uuid); CREATE INDEX ON known (id)"
FORGET = "TRUNCATE known"
LACKING = """
    UPDATE journal SET published_at = NULL WHERE published_at IS NOT NULL AND type = ANY(%s)
    AND NOT EXISTS (SELECT FROM known WHERE known.id = journal.id AND known.type = journal.type)"""

USED_UP = {
    # Who logged out, or followed a link, has done so for good, though the backup does not know of it.
    "identity": """
        UPDATE session SET ended_at = now() WHERE ended_at IS NULL;
        UPDATE link SET used_at = now() WHERE used_at IS NULL""",
    # A list that was shown before must not have the number of another one; and an index written down since the backup holds changes
    # that are gone with it, so it has to be one of another line.
    "matching": "UPDATE data_version SET count = count + 1000000, line = gen_random_uuid()",
}
QUEUES = """
    UPDATE partner_access SET made = 0, waiting = NULL, parked = NULL, consumers = NULL, measured_at = NULL,
        carried = LEAST(carried, (SELECT coalesce(max(position), 0) FROM feed_event WHERE recorded_at < %s))"""
KEPT_IN_QUEUES = timedelta(days=14)
"""As long as a partnership's queue holds events: those come again, for what lay there unread is gone with the broker."""


def renew(database: Database, made_at: datetime) -> int:
    """Make five databases of one backup ready to begin with an empty broker; returns how many facts will be delivered again."""
    for service, statement in USED_UP.items():
        with _writing(database, service) as cursor:
            cursor.execute(statement)
    with _writing(database, "registry") as cursor:
        cursor.execute(QUEUES, [made_at - KEPT_IN_QUEUES])
    return sum(_deliver_again(database, owner, heard_by) for owner, heard_by in _listeners().items())


def _listeners() -> dict[str, dict[str, list[str]]]:
    """By announcing service and listening service: the types of event."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for event in all_events():
        for listener in event.heard_by:
            found[event.service][listener].append(event.slug())
    return found


def _deliver_again(database: Database, owner: str, heard_by: dict[str, list[str]]) -> int:
    marked = 0
    with _writing(database, owner) as announcing:
        announcing.execute(NOTE)
        for listener, types in heard_by.items():
            announcing.execute(FORGET)
            with _writing(database, listener) as remembering, tempfile.TemporaryFile() as carried:
                remembering.copy_expert(KNOWN, carried)
                carried.seek(0)
                announcing.copy_expert("COPY known FROM STDIN", carried)
            announcing.execute("ANALYZE known")
            announcing.execute(LACKING, [types])
            marked += announcing.rowcount
    return marked


@contextmanager
def _writing(database: Database, service: str) -> Iterator[Any]:
    """A cursor in one transaction of a service's own login."""
    connection = psycopg2.connect(database.plain_url(service), connect_timeout=10, application_name="restore")
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
