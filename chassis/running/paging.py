"""Pages of a list by keyset: the cursor names the last row seen, so rows that come or go meanwhile shift nothing."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, or_
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators

from chassis.bare.refusals import InvalidFields


def page_rows(session: Session, statement: Select[Any], order: tuple[Any, ...], after: str | None, limit: int) -> dict[str, Any]:
    """Up to `limit` items after the cursor and the next page's cursor; the order's last column must be unique."""
    keys = [_key(column) for column in order]
    if after is not None:
        statement = statement.where(_beyond(keys, _read_cursor(after, [column for column, _ in keys])))
    rows = session.execute(statement.add_columns(*(column for column, _ in keys)).order_by(*order).limit(limit + 1)).all()
    following = write_cursor(rows[limit - 1][-len(keys) :]) if len(rows) > limit else None
    return {"items": [row[0] for row in rows[:limit]], "next": following}


def write_cursor(values: Any) -> str:
    """A cursor out of the values of the ordering columns."""
    plain = [value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _key(column: ColumnElement[Any]) -> tuple[ColumnElement[Any], bool]:
    if isinstance(column, UnaryExpression) and column.modifier in (operators.desc_op, operators.asc_op):
        return column.element, column.modifier is operators.desc_op
    return column, False


def _beyond(keys: list[tuple[ColumnElement[Any], bool]], values: list[Any]) -> ColumnElement[bool]:
    cases = []
    for place, ((column, descending), value) in enumerate(zip(keys, values, strict=True)):
        before = [other == seen for (other, _), seen in zip(keys[:place], values[:place], strict=True)]
        cases.append(and_(*before, column < value if descending else column > value))
    return or_(*cases)


def _read_cursor(cursor: str, columns: list[ColumnElement[Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_typed(column, value) for column, value in zip(columns, values, strict=True)]
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise InvalidFields(fields={"after": ["Not a cursor of this list; leave it out to begin again."]}) from error


def _typed(column: ColumnElement[Any], value: Any) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if not isinstance(value, (str, int, float)) or "\x00" in str(value):
        raise ValueError("a cursor holds plain values")
    str(value).encode()  # half a surrogate pair cannot be asked for
    return kind(value)
