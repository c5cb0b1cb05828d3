"""What a service holds of a person, found by what its columns say of themselves: nobody has to remember a new table.

A row names a person when a column that holds personal data has the person's id. What hangs on a row that is about the person (by a foreign
key), holds personal data and names nobody by an id belongs to it; not what hangs on a row that the person only made (`created_by`). Of a
thing of others' on which the person only did something (DEEDS), ids and times are given, and not what it says of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, LargeBinary, MetaData, Table, Uuid, or_, select
from sqlalchemy.dialects.postgresql import TSVECTOR

from chassis.bare.principal import PERSON
from chassis.bare.tables import JournalRow
from chassis.running.unit import Unit

Held = dict[str, list[dict[str, Any]]]
DEEDS = ("decided_by", "created_by", "proposed_by", "approved_by")
"""Columns that say who did something about a thing, and not whose it is."""


def held_about(unit: Unit, metadata: MetaData, person_id: UUID, own: Any = None, not_of: tuple[str, ...] = ()) -> Held:
    """The person's rows by table, as plain JSON, and what the person did.

    `own` is the column that is a person's id itself, if there is one. What hangs on a row is not that of the persons in its columns `not_of`.
    """
    found: dict[str, list[Any]] = {}
    for table in metadata.sorted_tables:
        named = [*_persons(table), *([own] if own is not None and own.table is table else [])]
        if named:
            found[table.name] = _rows(unit, table, or_(*(column == person_id for column in named)))
    for table in metadata.sorted_tables:
        if table.name not in found and _is_personal(table):
            found[table.name] = [row for condition in _hanging_on(table, found, person_id, not_of) for row in _rows(unit, table, condition)]
    held = {name: [_plain(metadata.tables[name], row, person_id, own) for row in rows] for name, rows in found.items() if rows}
    return held | {"history": _history(unit, person_id)}


def _persons(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Uuid) and "personal" in column.info]


def _is_personal(table: Table) -> bool:
    return any("personal" in column.info for column in table.columns)


def _hanging_on(table: Table, found: dict[str, list[Any]], person_id: UUID, not_of: tuple[str, ...]) -> Iterator[Any]:
    for key in table.foreign_keys:
        rows = found.get(key.column.table.name, [])
        if parents := [row[key.column.name] for row in rows if person_id in _about(key.column.table, row, not_of)]:
            yield key.parent.in_(parents)


def _about(table: Table, row: Any, not_of: tuple[str, ...]) -> set[Any]:
    """The persons whom a row is about."""
    return {row[column.name] for column in _persons(table) if column.name.endswith("person_id") and column.name not in not_of}


def _rows(unit: Unit, table: Table, condition: Any) -> list[Any]:
    return list(unit.session.execute(select(table).where(condition).order_by(*table.primary_key.columns)).mappings())


def _plain(table: Table, row: Any, person_id: UUID, own: Any) -> dict[str, Any]:
    is_own = own is not None and own.table is table
    is_whole = is_own or not (persons := _persons(table)) or person_id in {row[each.name] for each in persons if each.name not in DEEDS}
    shown = [column for column in table.columns if _is_shown(column) and (is_whole or isinstance(column.type, (Uuid, DateTime, Date)))]
    return {column.name: _value(row[column.name]) for column in shown}


def _is_shown(column: Column[Any]) -> bool:
    """Secrets stay secret, sealed bytes sealed; what is only there for searching says nothing more."""
    hidden = column.name.endswith(("_hash", "_key")) or column.info.get("secret", False)
    return not hidden and not isinstance(column.type, (LargeBinary, TSVECTOR))


def _value(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return [_value(each) for each in value] if isinstance(value, list) else value


def _history(unit: Unit, person_id: UUID) -> list[dict[str, Any]]:
    done = select(JournalRow.at, JournalRow.type, JournalRow.subject).where(JournalRow.actor == f"{PERSON}:{person_id}")
    return [
        {"at": row.at.isoformat(), "what": row.type, "subject": row.subject}
        for row in unit.session.execute(done.order_by(JournalRow.position))
    ]
