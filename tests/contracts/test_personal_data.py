"""Every column that could hold personal data says what for, on which legal basis and for how long; or somebody decided that it holds none.

What people type or are known by comes as text, lists, JSON or bytes; who did something as an id named after a person. A new column of
such a kind fails here until it carries `info=personal(...)` or stands in `not_personal.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from sqlalchemy import ARRAY, JSON, Column, LargeBinary, MetaData, String, Uuid
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from chassis.bare.tables import Table
from tests.contracts.code import SERVICES

COULD_HOLD_ANYTHING = (String, ARRAY, JSON, JSONB, LargeBinary, TSVECTOR)
SAID = {"purpose", "basis", "retention"}
NOT_PERSONAL: dict[str, dict[str, list[str]]] = yaml.safe_load(Path(__file__).with_name("not_personal.yaml").read_text())

each_room = pytest.mark.parametrize("room", ["chassis", *SERVICES])


def columns(room: str) -> Iterator[tuple[str, Column[object]]]:
    """Every column of a service (or of what the chassis gives each), by its table's name."""
    metadata: MetaData = Table.metadata if room == "chassis" else import_module(f"services.{room}.model").Base.metadata
    return ((table.name, column) for table in metadata.sorted_tables for column in table.columns)


def could_be_personal(column: Column[object]) -> bool:
    """By its type; an id by its name."""
    if isinstance(column.type, Uuid):
        return "person" in column.name or column.name.endswith("_by")
    return isinstance(column.type, COULD_HOLD_ANYTHING)


@each_room
def test_every_column_that_could_hold_personal_data_is_decided_on(room: str) -> None:
    """It says what it holds it for, or stands in the list of those that hold none."""
    decided = NOT_PERSONAL[room]
    undecided = [
        f"{table}.{column.name}"
        for table, column in columns(room)
        if could_be_personal(column) and "personal" not in column.info and column.name not in decided.get(table, [])
    ]
    assert undecided == []


@each_room
def test_what_is_said_is_whole(room: str) -> None:
    """Purpose, legal basis with its article, retention."""
    for table, column in columns(room):
        if "personal" in column.info:
            said = column.info["personal"]
            assert said.keys() == SAID and all(said.values()), f"{table}.{column.name}"
            assert "GDPR" in said["basis"] or "legal duty" in said["basis"], f"{table}.{column.name}"


@each_room
def test_list_of_what_holds_none_is_up_to_date(room: str) -> None:
    """It names columns that are there, and none that says that it does hold some."""
    there = {(table, column.name) for table, column in columns(room) if "personal" not in column.info}
    assert [each for table, names in NOT_PERSONAL[room].items() for name in names if (each := (table, name)) not in there] == []


def test_new_column_is_noticed() -> None:
    """The check can fail: text, lists, JSON, bytes and ids of persons count, numbers and times do not."""
    from sqlalchemy import DateTime, Integer, Text

    noticed = [
        Column("note", Text),
        Column("tags", ARRAY(Text)),
        Column("more", JSONB),
        Column("scan", LargeBinary),
        Column("given_by", Uuid),
    ]
    ignored = [Column("count", Integer), Column("at", DateTime), Column("exchange_id", Uuid)]
    assert all(map(could_be_personal, noticed)) and not any(map(could_be_personal, ignored))
