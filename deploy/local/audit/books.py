"""The five databases as the auditor reads them: read-only, each as it stood at one moment, in streams that fit any memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from deploy.local.database_logins import first_line
from deploy.local.unusable import Unusable

AT_ONCE = 2_000
"""Rows fetched at a time."""


class Books(AbstractContextManager["Books"]):
    """A snapshot of every service's database; `addresses` are libpq's, by service. Raises Unusable for one that cannot be read."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self.services = tuple(addresses)
        self._open: dict[str, Any] = {}
        for service, address in addresses.items():
            self._open[service] = self._snapshot(service, address)

    def rows(self, service: str, statement: str, parameters: Any = None) -> Iterator[tuple[Any, ...]]:
        """The rows of a SELECT, streamed."""
        with self._open[service].cursor(name=f"audit_{uuid4().hex}") as cursor:
            cursor.itersize = AT_ONCE
            cursor.execute(statement, parameters)
            yield from cursor

    def number(self, service: str, statement: str, parameters: Any = None) -> int:
        """The one number that a SELECT gives."""
        return int(next(self.rows(service, statement, parameters))[0] or 0)

    def __exit__(self, *exc: object) -> None:
        for connection in self._open.values():
            connection.close()

    def _snapshot(self, service: str, address: str) -> Any:
        try:
            connection = psycopg2.connect(address, connect_timeout=10, options="-c timezone=UTC", application_name="audit")
            connection.set_session(ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM journal WHERE published_at IS NULL")
        except psycopg2.Error as reason:
            self.__exit__()
            raise Unusable(f"the database of {service} cannot be read: {first_line(reason)}.") from reason
        return connection
