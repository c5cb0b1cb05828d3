"""Conversations: one for each accepted contact, and one for each exchange with both contact points in it."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Text, Whole
from chassis.bare.files import Download, StoredFile, Upload
from chassis.bare.message import SIGNED_IN, Command, PageQuery, Query, View, page_of
from contracts.matching.events import ATTACHMENT_ID, CONTACT_ID, CONVERSATION_ID, MESSAGE_ID, MOMENT
from contracts.matching.refusals import (
    AttachmentNotFound,
    ConversationNotFound,
    ReadingOnly,
    SameTextToMany,
    TooManyAttachments,
    TooManyConversationsToday,
    WritingNotPossible,
)
from contracts.words import Party

CONVERSATION_KINDS = {"contact": "Between visitor and host", "exchange": "Between visitor, host and both contact points"}
SIDES = ("visitor", "host", "visitor_partnership", "host_partnership")
TAKING_PART = "Representatives of both organisations; in an exchange's conversation also the contact points of both partnerships."
READING = f"{TAKING_PART} The support office reads."
FILE_TYPES = ("application/pdf", "image/jpeg", "image/png")
LARGEST_FILE = 10 * 1024 * 1024


class ReadUpTo(View):
    """How far one of the sides has read: the number of the last message that somebody of it has seen, 0 for none."""

    side = Choice(SIDES, required=True)
    number = Whole(required=True)

    example: ClassVar = {"side": "host", "number": 2}


class ConversationView(View):
    """A conversation, with how much of it the reader has not read yet, and how far each side has."""

    conversation_id = fields.UUID(required=True)
    kind = Choice(CONVERSATION_KINDS, required=True)
    contact_id = fields.UUID(required=True)
    exchange_id = fields.UUID(required=True, allow_none=True)
    visitor_name = fields.String(required=True)
    host_name = fields.String(required=True)
    messages = Whole(required=True)
    unread = Whole(required=True)
    read_by = fields.List(fields.Nested(ReadUpTo), required=True)
    last_at = Instant(required=True)

    example: ClassVar[dict[str, Any]] = {
        "conversation_id": CONVERSATION_ID,
        "kind": "contact",
        "contact_id": CONTACT_ID,
        "exchange_id": None,
        "visitor_name": "Blue Harbour Cluster",
        "host_name": "Tejo Valley Makers",
        "messages": 3,
        "unread": 1,
        "read_by": [{"side": "visitor", "number": 3}, ReadUpTo.example],
        "last_at": MOMENT,
    }


class AttachmentView(View):
    """A file that came with a message."""

    attachment_id = fields.UUID(required=True, attribute="id")
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = Whole(required=True)

    example: ClassVar = {"attachment_id": ATTACHMENT_ID, "name": "programme.pdf", "media_type": "application/pdf", "size": 48211}


class MessageView(View):
    """A message: numbered from 1 within its conversation, written by a person on one of the sides.

    One that the support office hid after a report has neither text nor files any more.
    """

    message_id = fields.UUID(required=True, attribute="id")
    number = Whole(1, required=True)
    side = Choice(SIDES, required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    text = fields.String(required=True)
    attachments = fields.List(fields.Nested(AttachmentView), required=True)
    hidden = fields.Boolean(required=True)
    at = Instant(required=True)

    example: ClassVar = {
        "message_id": MESSAGE_ID,
        "number": 3,
        "side": "visitor",
        "person_id": Party.example["person_id"],
        "name": "Representative",
        "text": "Would the second week of March suit you?",
        "attachments": [AttachmentView.example],
        "hidden": False,
        "at": MOMENT,
    }


class ListConversations(PageQuery):
    """The conversations the reader takes part in, the one written in last first."""

    service = "matching"
    answers = page_of(ConversationView)
    allowed = (SIGNED_IN,)
    rule = READING

    contact_id = fields.UUID(load_default=None)
    exchange_id = fields.UUID(load_default=None)
    unread = fields.Boolean(load_default=None, metadata={"description": "true: only those with messages not read yet."})

    example: ClassVar = {"limit": 25}


class ReadConversation(Query):
    """One conversation, without its messages."""

    service = "matching"
    answers = ConversationView
    allowed = (SIGNED_IN,)
    rule = READING
    refusals = (ConversationNotFound,)

    conversation_id = fields.UUID(required=True)

    example: ClassVar = {"conversation_id": CONVERSATION_ID}


class ListMessages(PageQuery):
    """The messages of a conversation, the newest first."""

    service = "matching"
    answers = page_of(MessageView)
    allowed = (SIGNED_IN,)
    rule = READING
    refusals = (ConversationNotFound,)

    conversation_id = fields.UUID(required=True)

    example: ClassVar = {"conversation_id": CONVERSATION_ID, "limit": 25}


class SendMessage(Command):
    """Write in a conversation; the others in it get a notice."""

    service = "matching"
    answers = MessageView
    allowed = (SIGNED_IN,)
    rule = TAKING_PART
    refusals = (ConversationNotFound, ReadingOnly, WritingNotPossible, SameTextToMany, TooManyConversationsToday)

    conversation_id = fields.UUID(required=True)
    text = Text(5000, required=True, lines=True)

    example: ClassVar = {"conversation_id": CONVERSATION_ID, "text": "Would the second week of March suit you?"}


class SendFile(Command):
    """Send a file in a conversation, with words if wished: PDF, JPEG or PNG, at most 10 MB."""

    service = "matching"
    answers = MessageView
    allowed = (SIGNED_IN,)
    rule = TAKING_PART
    refusals = (*SendMessage.refusals, TooManyAttachments)

    conversation_id = fields.UUID(required=True)
    text = Text(5000, load_default="", lines=True)
    file = Upload(FILE_TYPES, LARGEST_FILE, required=True)

    example: ClassVar = {"conversation_id": CONVERSATION_ID, "text": "Our programme.", "file": StoredFile.example}


class ReadAttachment(Query):
    """The bytes of a file that came with a message."""

    service = "matching"
    answers = Download
    file_types = FILE_TYPES
    allowed = (SIGNED_IN,)
    rule = READING
    refusals = (AttachmentNotFound,)

    attachment_id = fields.UUID(required=True)

    example: ClassVar = {"attachment_id": ATTACHMENT_ID}


class MarkRead(Command):
    """Say up to which message one has read; an earlier number changes nothing."""

    service = "matching"
    answers = ConversationView
    allowed = (SIGNED_IN,)
    rule = READING
    refusals = (ConversationNotFound,)

    conversation_id = fields.UUID(required=True)
    number = Whole(1, required=True)

    example: ClassVar = {"conversation_id": CONVERSATION_ID, "number": 3}
