"""What this service keeps of participations and partnerships: copies of what the registry announced, whole state each time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.agreements.model.base import Base, personal


class Partnership(Base):
    """A partnership's name, as the registry last announced it; `heard_version` is the number of that fact."""

    __tablename__ = "partnership"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    acronym: Mapped[str]
    name: Mapped[str]
    country: Mapped[str]
    heard_version: Mapped[int] = mapped_column(default=0)

    def follow(self, data: dict[str, Any], heard_version: int) -> None:
        """Take over what was announced, unless something newer is known."""
        if heard_version > (self.heard_version or 0):
            self.acronym, self.name, self.country = data["acronym"], data["name"], data["country"]
            self.heard_version = heard_version


class Participation(Base):
    """An accepted participation's public name and country; the newest revision wins."""

    __tablename__ = "participation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    partnership_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(info=personal("knowing who answers for the participation"))
    revision: Mapped[int] = mapped_column(default=0)
    legal_name: Mapped[str]
    country: Mapped[str]
    town: Mapped[str]

    def follow(self, revision: int, profile: dict[str, Any]) -> None:
        """Take over the profile unless a newer one is here already."""
        if revision <= (self.revision or 0):
            return
        self.revision = revision
        for name in ("organisation_id", "partnership_id", "person_id", "legal_name", "country", "town"):
            setattr(self, name, profile[name])
