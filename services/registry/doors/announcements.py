"""Doors of announcements."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Units
from contracts.registry import CreateAnnouncement, ListAnnouncements, ReadAnnouncement, ReviseAnnouncement
from services.registry.model import Announcement
from services.registry.queries import announcements


class AnnouncementDoors:
    """What everybody is told for a while."""

    unit = Units()

    @answers(CreateAnnouncement)
    def create_announcement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Announce something."""
        with self.unit() as unit:
            made = Announcement.make(request, unit.now)
            unit.session.add(made)
            return unit.reply(made)

    @answers(ReviseAnnouncement)
    def revise_announcement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Change one."""
        with self.unit() as unit:
            found = announcements.announcement(unit, request.pop("announcement_id"), seen_by=who, to_change=True)
            unit.expect(found)
            found.revise(request, unit.now)
            return unit.reply(found)

    @answers(ReadAnnouncement)
    def read_announcement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Read one."""
        with self.unit() as unit:
            return unit.reply(announcements.announcement(unit, request["announcement_id"], seen_by=who))

    @answers(ListAnnouncements)
    def list_announcements(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """List them."""
        with self.unit() as unit:
            return unit.reply(announcements.announcements(unit, who, request))
