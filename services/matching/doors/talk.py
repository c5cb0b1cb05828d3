"""Opening conversations, for the doors of contacts and matches."""

from __future__ import annotations

from uuid import UUID

from chassis.running.unit import Unit
from services.matching.model import Contact, Conversation
from services.matching.queries import conversations


def open_conversation(unit: Unit, contact: Contact, exchange_id: UUID | None = None) -> None:
    """Open the conversation of an exchange; without one that of the contact, unless it was opened before."""
    if exchange_id is None and conversations.has_conversation(unit, contact):
        return
    conversation, fact = Conversation.open(contact, unit.now, exchange_id)
    unit.session.add(conversation)
    unit.announce(fact)
