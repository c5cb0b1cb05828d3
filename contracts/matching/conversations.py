"""Conversations: one for each accepted contact, and one for each exchange with both contact points in it."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Text, Whole
from chassis.bare.message import SIGNED_IN, Command, PageQuery, Query, View, page_of
from contracts.matching.events import CONTACT_ID, CONVERSATION_ID, MESSAGE_ID
from contracts.matching.refusals import ConversationNotFound, ReadingOnly, WritingNotPossible
from contracts.words import Party

CONVERSATION_KINDS = {"contact": "Between visitor and host", "exchange": "Between visitor, host and both contact points"}
SIDES = ("visitor", "host", "visitor_partnership", "host_partnership")
TAKING_PART = "Representatives of both organisations; in an exchange's conversation also the contact points of both partnerships."
READING = f"{TAKING_PART} The support office reads."
MOMENT = "2027-01-04T10:00:00Z"


class ConversationView(View):
    """A conversation, with how much of it the reader has not read yet."""

    conversation_id = fields.UUID(required=True)
    kind = Choice(CONVERSATION_KINDS, required=True)
    contact_id = fields.UUID(required=True)
    exchange_id = fields.UUID(required=True, allow_none=True)
    visitor_name = fields.String(required=True)
    host_name = fields.String(required=True)
    messages = Whole(required=True)
    unread = Whole(required=True)
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
        "last_at": MOMENT,
    }


class MessageView(View):
    """A message: numbered from 1 within its conversation, written by a person on one of the sides."""

    message_id = fields.UUID(required=True, attribute="id")
    number = Whole(1, required=True)
    side = Choice(SIDES, required=True)
    person_id = fields.UUID(required=True)
    name = fields.String(required=True)
    text = fields.String(required=True)
    at = Instant(required=True)

    example: ClassVar = {
        "message_id": MESSAGE_ID,
        "number": 3,
        "side": "visitor",
        "person_id": Party.example["person_id"],
        "name": "Representative",
        "text": "Would the second week of March suit you?",
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
    refusals = (ConversationNotFound, ReadingOnly, WritingNotPossible)

    conversation_id = fields.UUID(required=True)
    text = Text(5000, required=True, lines=True)

    example: ClassVar = {"conversation_id": CONVERSATION_ID, "text": "Would the second week of March suit you?"}


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
