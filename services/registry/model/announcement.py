"""Announcements to everybody who opens a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import new_id
from chassis.bare.tables import Versioned
from contracts.registry import AnnouncementEndsFirst
from services.registry.model.base import Base


class Announcement(Versioned, Base):
    """Words for everybody in both languages, shown from one moment until another."""

    __tablename__ = "announcement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    level: Mapped[str] = mapped_column(String(20))
    title_en: Mapped[str] = mapped_column(String(120))
    text_en: Mapped[str]
    title_fr: Mapped[str] = mapped_column(String(120))
    text_fr: Mapped[str]
    shown_from: Mapped[datetime]
    shown_until: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]

    @classmethod
    def make(cls, content: Mapping[str, Any], at: datetime) -> Announcement:
        """A new one; raises AnnouncementEndsFirst."""
        made = cls(id=new_id())
        made.revise(content, at)
        return made

    def revise(self, content: Mapping[str, Any], at: datetime) -> None:
        """Take over what the content names; raises AnnouncementEndsFirst."""
        for name, value in content.items():
            setattr(self, name, value)
        if self.shown_until <= self.shown_from:
            raise AnnouncementEndsFirst
        self.changed_at = at
