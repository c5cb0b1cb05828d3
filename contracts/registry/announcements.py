"""Announcements: what everybody who opens a page is told for a while, in English and in whatever other language the tool speaks."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.bare.fields import Choice, Instant, Text, Whole
from chassis.bare.message import ANYONE, Command, Contract, PageQuery, Query, View, page_of
from chassis.bare.refusals import Invalid, NotFound, StaleVersion
from contracts.words import TOOL_LANGUAGES

ANNOUNCEMENT_ID = "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c08"
LEVELS = ("notice", "warning")
ANNOUNCERS = ("support_officer", "administrator")
SAID_SINGLY = ("title_en", "text_en", "title_fr", "text_fr")
"""The words of two languages, each as a field of its own: what `words` says of every language, and there before it."""
MISSING = "Missing data for required field."
SINGLY = {"description": "Or, with every other language, in `words`."}


class AnnouncementNotFound(NotFound):
    """There is no such announcement at present. See which there are at /v1/announcements."""


class AnnouncementEndsFirst(Invalid):
    """An announcement ends after it begins. Give a later end, or an earlier beginning."""


class AnnouncementWords(Contract):
    """What an announcement says in one language."""

    title = Text(120, required=True)
    text = Text(1000, required=True, lines=True)

    example: ClassVar[dict[str, Any]] = {
        "title": "Maintenance on Saturday",
        "text": "The platform is closed on Saturday from 8:00 to 10:00. Nothing that you wrote is lost.",
    }


FRENCH = {
    "title": "Maintenance samedi",
    "text": "La plateforme est fermée samedi de 8 h à 10 h. Rien de ce que vous avez écrit ne sera perdu.",
}


class InLanguages(fields.Dict):
    """What is said, by language; what is wrong stands at its path: `words.en.title`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **options)
        except ValidationError as refused:
            raise ValidationError(_without_halves(refused.messages), valid_data=refused.valid_data) from refused


def _without_halves(messages: Any) -> Any:
    """Marshmallow says for each entry whether its `key` or its `value` is wrong, which is nowhere in what was sent."""
    if not isinstance(messages, dict):
        return messages
    return {language: halves.get("value", halves.get("key")) for language, halves in messages.items()}


def in_languages(**options: Any) -> fields.Dict:
    """What is said, by language; English is there, and stands for every language that is not."""
    return InLanguages(keys=Choice(TOOL_LANGUAGES), values=fields.Nested(AnnouncementWords), **options)


class AnnouncementView(View):
    """An announcement: what it says in which language, how much it matters, and from when to when it is shown.

    `words` has every language it is written in, English always; in a language it is not written in English is shown, as in
    `title_fr` and `text_fr`.
    """

    announcement_id = fields.UUID(attribute="id", required=True)
    version = Whole(1, required=True)
    level = Choice(LEVELS, required=True)
    words = in_languages(required=True)
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
        "words": {"en": AnnouncementWords.example, "fr": FRENCH},
        "title_en": AnnouncementWords.example["title"],
        "text_en": AnnouncementWords.example["text"],
        "title_fr": FRENCH["title"],
        "text_fr": FRENCH["text"],
        "shown_from": "2027-01-08T09:00:00Z",
        "shown_until": "2027-01-09T10:00:00Z",
        "changed_at": "2027-01-08T09:00:00Z",
    }


SAID = ("level", "words", "shown_from", "shown_until")


class _Said:
    """What is said in which language: in `words`, or of English and French in fields of their own, not in both ways."""

    @validates_schema
    def _in_one_way(self, data: dict[str, Any], **_: Any) -> None:
        if "words" not in data:
            return
        if TOOL_LANGUAGES[0] not in data["words"]:
            raise ValidationError({TOOL_LANGUAGES[0]: [MISSING]}, "words")
        if twice := [name for name in SAID_SINGLY if name in data]:
            raise ValidationError("Said in words already.", twice[0])


class CreateAnnouncement(_Said, Command):
    """Announce something to everybody from one moment until another: in `words` by language, with English among them."""

    service = "registry"
    answers = AnnouncementView
    allowed = ANNOUNCERS
    refusals = (AnnouncementEndsFirst,)
    level = Choice(LEVELS, load_default="notice")
    words = in_languages()
    title_en = Text(120, metadata=SINGLY)
    text_en = Text(1000, lines=True, metadata=SINGLY)
    title_fr = Text(120, metadata=SINGLY)
    text_fr = Text(1000, lines=True, metadata=SINGLY)
    shown_from = Instant(required=True)
    shown_until = Instant(required=True)

    example: ClassVar = {name: AnnouncementView.example[name] for name in SAID}

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if "words" in data:
            return
        if missing := [name for name in SAID_SINGLY if name not in data]:
            said_nothing = len(missing) == len(SAID_SINGLY)
            raise ValidationError({name: [MISSING] for name in (["words"] if said_nothing else missing)})


class ReviseAnnouncement(_Said, Command):
    """Change an announcement, or end it early with another `shown_until`; `words` takes the place of all that was said in any language."""

    service = "registry"
    answers = AnnouncementView
    allowed = ANNOUNCERS
    refusals = (AnnouncementNotFound, AnnouncementEndsFirst, StaleVersion)
    if_match = True
    announcement_id = fields.UUID(required=True)
    level = Choice(LEVELS)
    words = in_languages()
    title_en = Text(120, metadata=SINGLY)
    text_en = Text(1000, lines=True, metadata=SINGLY)
    title_fr = Text(120, metadata=SINGLY)
    text_fr = Text(1000, lines=True, metadata=SINGLY)
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
