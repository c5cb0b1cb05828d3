"""Small lists of one row, all in one statement, where a loader for each would take a statement of its own."""

from __future__ import annotations

from functools import reduce
from typing import Any

from sqlalchemy import Select, bindparam, false, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, join
from sqlalchemy.orm.attributes import set_committed_value


class Lists:
    """The lists of a mapped class that these relationships hold; the statement is made once."""

    def __init__(self, *relationships: InstrumentedAttribute[Any]) -> None:
        self._names = [each.key for each in relationships]
        self._statement = _side_by_side(relationships)

    def fill(self, session: Session, row: Any) -> None:
        """Fetch the lists of this row, each in the order of its relationship, as if they had been loaded with it."""
        found = session.execute(self._statement, {"parent": row.id}).all()
        for place, name in enumerate(self._names):
            set_committed_value(row, name, [each[place] for each in found if each[place] is not None])


def _side_by_side(relationships: tuple[InstrumentedAttribute[Any], ...]) -> Select[Any]:
    """Every line of the answer holds one item of one list: nothing is joined with anything, so nothing multiplies."""
    parts = [_of_parent(each) for each in relationships]
    together: Any = reduce(lambda one, other: join(one, other, false(), full=True), parts)
    order = [getattr(part, column.key) for each, part in zip(relationships, parts, strict=True) for column in each.property.order_by]
    return select(*parts).select_from(together).order_by(*order)


def _of_parent(relationship: InstrumentedAttribute[Any]) -> Any:
    item, (key,) = relationship.property.mapper.class_, relationship.property.remote_side
    return aliased(item, select(item).where(key == bindparam("parent", type_=key.type)).subquery())
