"""Dated, sourced rows of a rule: added and never changed; of each name the newest that has begun holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis.bare.message import Event, Fact, new_id
from chassis.bare.refusals import RowNotBackdated


class DatedRow:
    """A value under a name, from a day on; `source` says what is known about where it comes from."""

    announced_as: ClassVar[type[Event]]
    """What follows from adding one."""
    value: Any

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date]
    source: Mapped[str]
    added_at: Mapped[datetime]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (UniqueConstraint("name", "valid_from"),)

    @classmethod
    def add(cls, name: str, value: Any, valid_from: date, source: str, at: datetime) -> Self:
        """A new row; raises RowNotBackdated, so that nothing decided already loses its ground."""
        if valid_from < at.date():
            raise RowNotBackdated
        # Declarative gives every mapped class this constructor; the mixin alone has none.
        return cls(id=new_id(), name=name, value=value, valid_from=valid_from, source=source, added_at=at)  # type: ignore[call-arg]

    def added(self) -> Fact:
        """What follows from adding it."""
        row = {name: getattr(self, name) for name in ("name", "value", "valid_from", "source")}
        return self.announced_as.of(self.id, **{f"{self.announced_as.subject_kind}_id": self.id}, **row)


class FigureRow(DatedRow):
    """One figure: days, points, per cent, kilometres, cents, as its name says."""

    value: Mapped[int]

    @property
    def figure_id(self) -> UUID:
        """The id as the contract calls it."""
        return self.id


class MethodRow(DatedRow):
    """One method, by the name of how it is done."""

    value: Mapped[str] = mapped_column(String(60))

    @property
    def method_id(self) -> UUID:
        """The id as the contract calls it."""
        return self.id
