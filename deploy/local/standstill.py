"""One moment in which five databases are looked at together: no fact is written to any journal while the five looks begin.

Each look is a snapshot that PostgreSQL hands on by its name, so that a dump that takes an hour still shows that moment. Whatever a
service had heard by then was announced before, and so the announcer's snapshot has it, too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg2
from psycopg2.errors import LockNotAvailable
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from deploy.local.database_logins import first_line
from deploy.local.unusable import Unusable

TRIES = 10
PAUSE_S = 1.0
HOLD = "SET LOCAL lock_timeout = '2s'; LOCK TABLE journal IN SHARE MODE"
"""Who reads goes on, who announces waits; we wait for each of the five that long, and let all of them go then."""


@contextmanager
def one_moment(addresses: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The name of a snapshot for each service (libpq addresses), all of one moment; good until the block ends. Raises Unusable."""
    try:
        with ExitStack() as opened:
            looks = {service: opened.enter_context(_connection(address)) for service, address in addresses.items()}
            for look in looks.values():
                look.set_session(ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
            yield _begin(addresses, looks)
    except psycopg2.Error as reason:
        raise Unusable(f"a database cannot be read: {first_line(reason)}.") from reason


def _begin(addresses: Mapping[str, str], looks: Mapping[str, Any]) -> dict[str, str]:
    for _ in range(TRIES):
        try:
            with ExitStack() as held:
                for address in addresses.values():
                    _execute(held.enter_context(_connection(address)), HOLD)
                return {service: _execute(look, "SELECT pg_export_snapshot()") for service, look in looks.items()}
        except LockNotAvailable:
            # Something long is being written there; those who wait for us must not wait for that, too.
            time.sleep(PAUSE_S)
    raise Unusable("the databases are too busy to be held for a moment; try again when less goes on.")


def _execute(connection: Any, statement: str) -> Any:
    """Run a statement in the connection's transaction; what it returns, if anything."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


@contextmanager
def _connection(address: str) -> Iterator[Any]:
    connection = psycopg2.connect(address, connect_timeout=10, application_name="backup")
    try:
        yield connection
    finally:
        connection.close()
