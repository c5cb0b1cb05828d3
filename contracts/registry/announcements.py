"""Announcements: what everybody who opens a page is told for a while, in English and French."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Text, Whole
from chassis.bare.message import ANYONE, Command, PageQuery, Query, View, page_of
from chassis.bare.refusals import Invalid, NotFound, StaleVersion

ANNOUNCEMENT_ID = "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c08"
LEVELS = ("notice", "warning")
ANNOUNCERS = ("support_officer", "administrator")


class AnnouncementNotFound(NotFound):
    """There is no such announcement at present. See which there are at /v1/announcements."""


class AnnouncementEndsFirst(Invalid):
    """An announcement ends after it begins. Give a later end, or an earlier beginning."""


class AnnouncementView(View):
    """An announcement: what it says in both languages, how much it matters, and from when to when it is shown."""

    announcement_id = fields.UUID(attribute="id", required=True)
    version = Whole(1, required=True)
    level = Choice(LEVELS, required=True)
    title_en = Text(120, required=True)
    text_en = Text(1000, required=True, lines=True)
    title_fr = Text(120, required=True)
    text_fr = Text(1000, required=True, lines=True)
    shown_from = Instant(required=True)
    shown_until = Instant(required=True)
    changed_at = Instant(required=True)

    example: ClassVar[dict[str, Any]] = {
        "announcement_id": ANNOUNCEMENT_ID,
        "version": 1,
        "level": "warning",
        "title_en": "Maintenance on Saturday",
        "text_en": "The platform is closed on Saturday from 8:00 to 10:00. Nothing that you wrote is lost.",
        "title_fr": "Maintenance samedi",
        "text_fr": "La plateforme est fermée samedi de 8 h à 10 h. Rien de ce que vous avez écrit ne sera perdu.",
        "shown_from": "2027-01-08T09:00:00Z",
        "shown_until": "2027-01-09T10:00:00Z",
        "changed_at": "2027-01-08T09:00:00Z",
    }


SAID = ("level", "title_en", "text_en", "title_fr", "text_fr", "shown_from", "shown_until")


class CreateAnnouncement(Command):
    """Announce something to everybody from one moment until another."""

    service = "registry"
    answers = AnnouncementView
    allowed = ANNOUNCERS
    refusals = (AnnouncementEndsFirst,)
    level = Choice(LEVELS, load_default="notice")
    title_en = Text(120, required=True)
    text_en = Text(1000, lines=True, required=True)
    title_fr = Text(120, required=True)
    text_fr = Text(1000, lines=True, required=True)
    shown_from = Instant(required=True)
    shown_until = Instant(required=True)

    example: ClassVar = {name: AnnouncementView.example[name] for name in SAID}


class ReviseAnnouncement(Command):
    """Change an announcement, or end it early with another `shown_until`."""

    service = "registry"
    answers = AnnouncementView
    allowed = ANNOUNCERS
    refusals = (AnnouncementNotFound, AnnouncementEndsFirst, StaleVersion)
    if_match = True
    announcement_id = fields.UUID(required=True)
    level = Choice(LEVELS)
    title_en = Text(120)
    text_en = Text(1000, lines=True)
    title_fr = Text(120)
    text_fr = Text(1000, lines=True)
    shown_from = Instant()
    shown_until = Instant()

    example: ClassVar = {"announcement_id": ANNOUNCEMENT_ID, "shown_until": "2027-01-09T09:00:00Z"}


class ReadAnnouncement(Query):
    """Read one announcement."""

    service = "registry"
    answers = AnnouncementView
    allowed = (ANYONE,)
    rule = "Those not shown at present: the support office and administrators."
    refusals = (AnnouncementNotFound,)
    announcement_id = fields.UUID(required=True)

    example: ClassVar = {"announcement_id": ANNOUNCEMENT_ID}


class ListAnnouncements(PageQuery):
    """List the announcements shown at present, the newest first; with `past_and_future` all there are."""

    service = "registry"
    answers = page_of(AnnouncementView)
    allowed = (ANYONE,)
    rule = "Those not shown at present: the support office and administrators; nobody else finds them, asked for or not."
    past_and_future = fields.Boolean(load_default=False)

    example: ClassVar = {"past_and_future": True}
