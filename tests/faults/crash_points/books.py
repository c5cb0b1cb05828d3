"""Everything that a service's database holds, for comparing before with after."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from chassis.running.frame import DATABASE_OPTIONS

PASSING = {
    "journal": {"published_at"},
    "job": {"tries", "next_try_at", "state", "done", "total"},
    "waiting": {"tries", "next_try_at"},
    "due": {"tries", "next_try_at"},
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


def others(engine: Engine) -> int:
    """How many other connections to this database there are."""
    counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.connect() as connection:
        return int(connection.scalar(text(f"{counted} AND backend_type = 'client backend'")) or 0)


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


class Scratch:
    """A copy of a database as it is now, for the length of a block; `engine` reaches it."""

    def __init__(self, administrator_url: str, engine: Engine) -> None:
        self._administrator = create_engine(administrator_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._of, self._name = engine, f"{engine.url.database}_scratch"
        # Looking from the outside leaves no connection behind, so that others can be counted.
        self.engine = create_engine(engine.url.set(database=self._name), poolclass=NullPool, connect_args={"options": DATABASE_OPTIONS})

    def __enter__(self) -> Engine:
        self._of.dispose()  # whoever is connected is in a copy's way
        self._run(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._of.url.database}" OWNER "{self._of.url.username}"')
        return self.engine

    def __exit__(self, *_: object) -> None:
        self._run(f'DROP DATABASE "{self._name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with self._administrator.connect() as connection:
            connection.exec_driver_sql(statement)
