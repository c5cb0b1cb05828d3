"""What matching adds to the dossier of an exchange, which agreements puts together for auditors and the support office."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Whole
from chassis.bare.message import SERVICES, Query, View
from contracts.matching.conversations import MessageView
from contracts.matching.events import CONVERSATION_ID, EXCHANGE_ID
from contracts.matching.refusals import ConversationNotFound

MOST_MESSAGES = 500


class ExchangeConversation(View):
    """The conversation of an exchange, the oldest message first; of more than 500 the last ones (`count` says how many there are)."""

    conversation_id = fields.UUID(required=True)
    exchange_id = fields.UUID(required=True)
    count = Whole(0, required=True)
    messages = fields.List(fields.Nested(MessageView), required=True)

    example: ClassVar[dict[str, Any]] = {
        "conversation_id": CONVERSATION_ID,
        "exchange_id": EXCHANGE_ID,
        "count": 3,
        "messages": [MessageView.example],
    }


class ReadExchangeConversation(Query):
    """Read the conversation of an exchange for its dossier; for services only."""

    service = "matching"
    answers = ExchangeConversation
    allowed = (SERVICES,)
    asked_by = ("agreements",)
    refusals = (ConversationNotFound,)

    exchange_id = fields.UUID(required=True)
    reads_hidden = fields.Boolean(
        load_default=False, metadata={"description": "true: for the support office, which also reads what it hid itself."}
    )

    example: ClassVar = {"exchange_id": EXCHANGE_ID}
