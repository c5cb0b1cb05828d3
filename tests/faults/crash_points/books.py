"""Everything that a service's database holds, for comparing before with after."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Engine, create_engine, text

PASSING = {
    "journal": {"published_at"},
    "job": {"tries", "next_try_at", "state", "done", "total"},
    "waiting": {"tries", "next_try_at"},
}
"""What changes without anything having happened."""

Books = dict[str, list[str]]


def books(engine: Engine) -> Books:
    """All rows of all tables, as sorted JSON, by table."""
    with engine.connect() as connection:
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        tables = sorted(connection.scalars(text(names)))
        all_rows = " UNION ALL ".join(f"SELECT '{name}' AS name, to_jsonb(t)::text AS row FROM \"{name}\" t" for name in tables)
        found: Books = {name: [] for name in tables}
        for name, row in connection.execute(text(all_rows)):
            found[name].append(_lasting(name, json.loads(row)))
    return {name: sorted(rows) for name, rows in found.items()}


def differences(before: Books, after: Books) -> list[str]:
    """What is in one and not in the other, a line each."""
    lines = []
    for name in before:
        gone, come = set(before[name]) - set(after[name]), set(after[name]) - set(before[name])
        lines += [f"- {name} {row[:600]}" for row in sorted(gone)] + [f"+ {name} {row[:600]}" for row in sorted(come)]
        if not gone and not come and len(before[name]) != len(after[name]):
            lines.append(f"{name}: {len(before[name])} rows, then {len(after[name])}")
    return lines


def open_transactions(engine: Engine) -> int:
    """How many other connections to this database hold a transaction open, and with it locks."""
    counted = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND state <> 'idle' AND backend_type = 'client backend'"
    )
    with engine.connect() as connection:
        return int(connection.scalar(text(counted)) or 0)


def unpublished(engine: Engine) -> int:
    """How many journal rows have not gone out."""
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM journal WHERE published_at IS NULL")) or 0)


def _lasting(name: str, row: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in row.items() if key not in PASSING.get(name, ())}, sort_keys=True)


class Snapshot:
    """A copy of a database as it is now, to go back to."""

    def __init__(self, administrator_url: str, engine: Engine) -> None:
        self._administrator = create_engine(administrator_url, isolation_level="AUTOCOMMIT")
        self._engine, self._name = engine, str(engine.url.database)
        self._copy(self._name, f"{self._name}_before")

    def go_back(self) -> None:
        """Make the database what it was."""
        self._run(f'DROP DATABASE "{self._name}" WITH (FORCE)')
        self._copy(f"{self._name}_before", self._name)

    def forget(self) -> None:
        """Throw the copy away."""
        self._run(f'DROP DATABASE "{self._name}_before" WITH (FORCE)')
        self._administrator.dispose()

    def _copy(self, source: str, target: str) -> None:
        self._engine.dispose()
        self._run(f'CREATE DATABASE "{target}" TEMPLATE "{source}" OWNER "{self._engine.url.username}"')

    def _run(self, statement: str) -> None:
        with self._administrator.connect() as connection:
            connection.exec_driver_sql(statement)
