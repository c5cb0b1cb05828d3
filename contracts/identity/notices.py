"""Notices: what a person is told, in the tool and by mail, with a link to the thing it is about."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Whole
from chassis.bare.message import SIGNED_IN, Command, PageQuery, View, page_of
from contracts.identity.refusals import NoticeNotFound
from contracts.words import TOOL_LANGUAGES


class NoticeView(View):
    """One notice in words of the reader's language; `link` is the API's path of the thing it is about, `page` that of its page, `type` the
    event that caused it.
    """

    notice_id = fields.UUID(required=True, attribute="id")
    at = Instant(required=True)
    type = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    link = fields.String(required=True)
    page = fields.String(required=True)
    read_at = Instant(allow_none=True)

    example: ClassVar = {
        "notice_id": "9a0d4b65-77c2-4d0b-8a70-1a7b8d1d3f14",
        "at": "2026-11-02T09:00:00Z",
        "type": "participation_accepted",
        "title": "Your registration was accepted",
        "text": "You can now see your best matches and the catalogue.",
        "link": "/v1/registrations/3fdcb9cb-5e07-4d3d-9f5b-8a8b8d1d3f12",
        "page": "/registrations/3fdcb9cb-5e07-4d3d-9f5b-8a8b8d1d3f12",
        "read_at": None,
    }


class NoticePage(page_of(NoticeView)):  # type: ignore[misc]
    """A page of my notices, the newest first, with the number not read yet."""

    unread = Whole(required=True)

    example: ClassVar = {"items": [NoticeView.example], "next": None, "unread": 1}


class ListNotices(PageQuery):
    """My notices, the newest first."""

    service = "identity"
    answers = NoticePage
    allowed = (SIGNED_IN,)

    unread = fields.Boolean(load_default=None, metadata={"description": "true: only those not read yet."})
    type = fields.String(load_default=None)
    language = Choice(TOOL_LANGUAGES, load_default=None, metadata={"description": "Of the words; without it that of my account."})

    example: ClassVar = {"unread": True, "limit": 25}


class ReadNotice(Command):
    """Mark one of my notices as read; doing it again changes nothing."""

    service = "identity"
    answers = NoticeView
    allowed = (SIGNED_IN,)
    refusals = (NoticeNotFound,)

    notice_id = fields.UUID(required=True)

    example: ClassVar = {"notice_id": "9a0d4b65-77c2-4d0b-8a70-1a7b8d1d3f14"}
