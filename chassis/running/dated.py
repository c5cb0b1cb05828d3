"""Reading and adding dated rows: one way for every service."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from chassis.bare.dated import DatedRow
from chassis.bare.refusals import RowAlreadyThere
from chassis.running.unit import Unit

Row = TypeVar("Row", bound=DatedRow)


def valid_rows(unit: Unit, table: type[Row], on: date) -> dict[str, Row]:
    """The rows that hold on a day, by name: of each name the newest that has begun."""
    begun = select(table).where(table.valid_from <= on).ext(distinct_on(table.name)).order_by(table.name, table.valid_from.desc())
    return {row.name: row for row in unit.session.scalars(begun)}


def page_of_rows(unit: Unit, table: type[Row], request: dict[str, Any]) -> dict[str, Any]:
    """A page of all rows by name (of the one named, where one is), the newest first."""
    statement = select(table)
    if request["name"]:
        statement = statement.where(table.name == request["name"])
    return unit.page(statement, (table.name, table.valid_from.desc(), table.id), request)


def add_row(unit: Unit, table: type[Row], request: dict[str, Any]) -> Row:
    """A new row, announced; raises RowAlreadyThere for a second one from the same day, RowNotBackdated."""
    name, valid_from = request["name"], request["valid_from"]
    same = (table.name == name, table.valid_from == valid_from)
    if unit.session.scalar(select(table.id).where(*same)) is not None:
        raise RowAlreadyThere(name=name, valid_from=valid_from.isoformat())
    row = table.add(name, request["value"], valid_from, request["source"], unit.now)
    unit.session.add(row)
    unit.announce(row.added())
    return row
