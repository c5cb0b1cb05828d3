"""Things."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.bare.message import Fact, new_id
from chassis.bare.tables import NAMES, TYPES, Versioned
from tests.chassis.tiny.contracts import ThingMade, ThingRenamed


class Base(DeclarativeBase):
    """Every table of the tiny service."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


class Thing(Versioned, Base):
    """Something with a name."""

    __tablename__ = "thing"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    made_at: Mapped[datetime]

    @classmethod
    def make(cls, name: str, at: datetime) -> tuple[Thing, Fact]:
        """A thing."""
        made = cls(id=new_id(), name=name, made_at=at)
        return made, ThingMade.of(made.id, name=name)

    def rename(self, name: str) -> Fact:
        """Another name."""
        self.name = name
        return ThingRenamed.of(self.id, name=name)


class Poke(Base):
    """What was done when poked, reminded or worked, one row each time."""

    __tablename__ = "poke"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    what: Mapped[str]
