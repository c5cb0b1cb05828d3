"""Announcements to everybody who opens a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import new_id
from chassis.bare.tables import Versioned
from contracts.registry import AnnouncementEndsFirst
from contracts.words import TOOL_LANGUAGES
from services.registry.model.base import Base

ENGLISH = TOOL_LANGUAGES[0]


def _singly(language: str, part: str) -> Any:
    """One part of what is said in one language, as a field; English stands for what is not written."""

    def read(self: Announcement) -> str:
        return self.words.get(language, self.words[ENGLISH])[part]

    def write(self: Announcement, said: str) -> None:
        self.words = {**self.words, language: {**self.words.get(language, self.words.get(ENGLISH, {})), part: said}}

    return property(read, write)


class Announcement(Versioned, Base):
    """Words for everybody in English and other languages, shown from one moment until another."""

    __tablename__ = "announcement"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    level: Mapped[str] = mapped_column(String(20))
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB)
    """By language: title and text."""
    shown_from: Mapped[datetime]
    shown_until: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]

    title_en, text_en = _singly("en", "title"), _singly("en", "text")
    title_fr, text_fr = _singly("fr", "title"), _singly("fr", "text")

    @classmethod
    def make(cls, content: Mapping[str, Any], at: datetime) -> Announcement:
        """A new one; raises AnnouncementEndsFirst."""
        made = cls(id=new_id(), words={})
        made.revise(content, at)
        return made

    def revise(self, content: Mapping[str, Any], at: datetime) -> None:
        """Take over what the content names; raises AnnouncementEndsFirst."""
        for name, value in content.items():
            setattr(self, name, value)
        if self.shown_until <= self.shown_from:
            raise AnnouncementEndsFirst
        self.changed_at = at
