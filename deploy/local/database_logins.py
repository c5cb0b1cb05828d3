"""Who may do what in PostgreSQL: one database and one login per service, and no way into another's."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from deploy.local.passwords import Passwords
from deploy.local.unusable import Unusable


@dataclass(frozen=True)
class Database:
    """A PostgreSQL server as its administrator reaches it; `administrator_url` is an SQLAlchemy address with the driver in it."""

    administrator_url: str
    passwords: Passwords

    def url(self, login: str) -> str:
        """The SQLAlchemy address of a service's own database under its own login."""
        return self._address(f"{login}:{self.password(login)}", login)

    def plain_url(self, login: str | None = None) -> str:
        """The same as libpq and psql read it; without a login the administrator's."""
        return (self.url(login) if login else self.administrator_url).replace("postgresql+psycopg2://", "postgresql://", 1)

    def administrators_plain_url_of(self, name: str) -> str:
        """The administrator's way into a service's database, as libpq reads it."""
        who = urlsplit(self.administrator_url).netloc.rpartition("@")[0]
        return self._address(who, name).replace("postgresql+psycopg2://", "postgresql://", 1)

    def plain_url_without_password(self, login: str) -> str:
        """For a command line, which everyone on the machine can read."""
        return self.plain_url(login).replace(f":{self.password(login)}@", "@", 1)

    def password(self, login: str) -> str:
        """The password of a login."""
        return self.passwords.of(f"database/{login}")

    def prepare(self, logins: Iterable[str]) -> None:
        """Make each login and its database, closed to everyone else; doing it again changes nothing."""
        connection = self._connect()
        connection.autocommit = True  # CREATE DATABASE runs in no transaction
        try:
            with connection.cursor() as cursor:
                for login in logins:
                    self._prepare(cursor, login)
                _close(cursor, "postgres")
        except psycopg2.Error as reason:
            raise Unusable(f"the login of DATABASE_URL may not make logins and databases ({first_line(reason)}).") from reason
        finally:
            connection.close()

    def _prepare(self, cursor: Any, login: str) -> None:
        name, password = sql.Identifier(login), sql.Literal(self.password(login))
        if not _exists(cursor, "pg_roles", "rolname", login):
            cursor.execute(sql.SQL("CREATE ROLE {}").format(name))
        cursor.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(name, password))
        if not _exists(cursor, "pg_database", "datname", login):
            # Who is no superuser has to be a member of the role it gives a database to.
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name)) if not _is_superuser(cursor) else None
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(name, name))
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))

    def _connect(self) -> Any:
        try:
            return psycopg2.connect(self.plain_url(), connect_timeout=10)
        except psycopg2.OperationalError as reason:
            raise Unusable(f"the database of DATABASE_URL cannot be reached: {first_line(reason)}.") from reason

    def _address(self, who: str, name: str) -> str:
        parts = urlsplit(self.administrator_url)
        return urlunsplit((parts.scheme, f"{who}@{parts.netloc.rpartition('@')[2]}", f"/{name}", parts.query, ""))


def _exists(cursor: Any, table: str, column: str, value: str) -> bool:
    cursor.execute(sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column)), (value,))
    return cursor.fetchone() is not None


def _is_superuser(cursor: Any) -> bool:
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(cursor.fetchone()[0])


def _close(cursor: Any, name: str) -> None:
    """Shut the administrator's database to the services too, where it is ours to shut."""
    cursor.execute("SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = %s", (name,))
    if (found := cursor.fetchone()) and found[0]:
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def first_line(reason: Exception) -> str:
    """The first line of what an error says, for a sentence of ours."""
    said = (reason.strerror if isinstance(reason, OSError) else None) or str(reason).strip()
    return said.splitlines()[0].rstrip(".") if said else type(reason).__name__
