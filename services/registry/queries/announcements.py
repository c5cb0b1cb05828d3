"""Reads of announcements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.registry import AnnouncementNotFound
from contracts.registry.announcements import ANNOUNCERS
from services.registry.model import Announcement


def announcement(unit: Unit, announcement_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Announcement:
    """One that this person may see now; raises AnnouncementNotFound."""
    statement = select(Announcement).where(Announcement.id == announcement_id, _sees(unit, seen_by))
    return unit.one(statement.with_for_update() if to_change else statement, AnnouncementNotFound)


def announcements(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of those shown now, or of all this person may see, the newest first."""
    wanted = _sees(unit, who) if request["past_and_future"] else _shown_now(unit)
    return unit.page(select(Announcement).where(wanted), (Announcement.shown_from.desc(), Announcement.id.desc()), request)


def _sees(unit: Unit, who: Principal) -> ColumnElement[bool]:
    return true() if any(who.has(role) for role in ANNOUNCERS) else _shown_now(unit)


def _shown_now(unit: Unit) -> ColumnElement[bool]:
    return and_(Announcement.shown_from <= unit.now, Announcement.shown_until > unit.now)
