"""What matching announces of conversations: ids and numbers only."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Whole
from chassis.bare.message import Event
from contracts.matching.events import CONTACT_ID, CONVERSATION_ID, EXCHANGE_ID, HOST_PARTY, MESSAGE_ID
from contracts.words import Party


class ConversationOpened(Event):
    """A conversation was opened: of a contact accepted, or of an exchange with both contact points in it."""

    service = "matching"
    subject_kind = "conversation"

    conversation_id = fields.UUID(required=True)
    contact_id = fields.UUID(required=True)
    exchange_id = fields.UUID(required=True, allow_none=True)

    example: ClassVar = {"conversation_id": CONVERSATION_ID, "contact_id": CONTACT_ID, "exchange_id": EXCHANGE_ID}


class ConversationRead(Event):
    """Somebody of one side read a conversation up to a message; those who take part in it see how far."""

    service = "matching"
    subject_kind = "conversation"
    tells = ("conversations:{conversation_id}",)
    concerns = ("representative@organisation_ids", "registrations@partnership_ids", "agreements@partnership_ids")

    conversation_id = fields.UUID(required=True)
    side = Choice(("visitor", "host", "visitor_partnership", "host_partnership"), required=True)
    number = Whole(1, required=True)
    organisation_ids = fields.List(fields.UUID(), required=True)
    partnership_ids = fields.List(fields.UUID(), required=True)

    example: ClassVar = {
        "conversation_id": CONVERSATION_ID,
        "side": "host",
        "number": 3,
        "organisation_ids": [Party.example["organisation_id"], HOST_PARTY["organisation_id"]],
        "partnership_ids": [],
    }


class MessageSent(Event):
    """A message was written in a conversation; those in `organisation_ids` and `partnership_ids` may read it."""

    service = "matching"
    subject_kind = "conversation"
    heard_by = ("identity",)
    tells = ("conversations:{conversation_id}",)
    concerns = ("representative@organisation_ids", "registrations@partnership_ids", "agreements@partnership_ids", "support_officer")

    conversation_id = fields.UUID(required=True)
    message_id = fields.UUID(required=True)
    contact_id = fields.UUID(required=True)
    exchange_id = fields.UUID(required=True, allow_none=True)
    from_person_id = fields.UUID(required=True)
    organisation_ids = fields.List(fields.UUID(), required=True)
    partnership_ids = fields.List(fields.UUID(), required=True)

    example: ClassVar = {
        "conversation_id": CONVERSATION_ID,
        "message_id": MESSAGE_ID,
        "contact_id": CONTACT_ID,
        "exchange_id": None,
        "from_person_id": Party.example["person_id"],
        "organisation_ids": [Party.example["organisation_id"], HOST_PARTY["organisation_id"]],
        "partnership_ids": [],
    }
