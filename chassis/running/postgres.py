"""How transactions travel to PostgreSQL: each begins in the message of its first statement, where psycopg2 sends one of its own.

A message costs a unit more than most statements do: the process makes way for others, and the server's process wakes up.
"""

from __future__ import annotations

from typing import Any

from psycopg2 import extensions
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2

AUTOCOMMIT = "AUTOCOMMIT"


class Connection(extensions.connection):
    """To the library it never is in a transaction: when one begins and ends is said here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.autocommit = True
        self.cursor_factory = Cursor
        self._how, self._beginning = "BEGIN; ", ""

    def isolate(self, level: str) -> None:
        """How transactions are isolated from now on; AUTOCOMMIT: there are none."""
        self._how = "" if level == AUTOCOMMIT else f"BEGIN ISOLATION LEVEL {level}; "

    def begin(self) -> None:
        """With the next statement, if there is one."""
        self._beginning = self._how

    def beginning(self) -> str:
        """What goes before the next statement."""
        beginning, self._beginning = self._beginning, ""
        return beginning

    def end(self, how: str) -> None:
        """COMMIT or ROLLBACK; what never began needs no end."""
        self._beginning = ""
        if self.get_transaction_status() != extensions.TRANSACTION_STATUS_IDLE:
            with self.cursor() as cursor:
                cursor.execute(how)


class Cursor(extensions.cursor):
    """Says before a statement that the transaction begins."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:
        """One statement."""
        beginning = self.connection.beginning()
        super().execute(beginning + query if beginning else query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """One statement many times, for which the transaction must not begin each time."""
        if beginning := self.connection.beginning():
            super().execute(beginning)
        super().executemany(query, vars_list)


class Dialect(PGDialect_psycopg2):
    """SQLAlchemy's, on such connections."""

    supports_statement_cache = True

    def create_connect_args(self, url: Any) -> Any:
        """The same arguments, and whose connections they are for."""
        arguments, named = super().create_connect_args(url)
        return arguments, named | {"connection_factory": Connection}

    def do_begin(self, dbapi_connection: Any) -> None:
        """Sends nothing yet."""
        dbapi_connection.begin()

    def do_commit(self, dbapi_connection: Any) -> None:
        """Sends nothing where nothing was asked."""
        dbapi_connection.end("COMMIT")

    def do_rollback(self, dbapi_connection: Any) -> None:
        """The same."""
        dbapi_connection.end("ROLLBACK")

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Sends nothing either."""
        dbapi_connection.isolate(level)

    def detect_autocommit_setting(self, dbapi_connection: Any) -> bool:
        """Transactions end here as anywhere, whatever the library believes."""
        return False


def register() -> None:
    """From now on `postgresql+psycopg2` is this, for every engine of the process."""
    registry.register("postgresql.psycopg2", __name__, "Dialect")
