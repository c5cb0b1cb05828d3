"""Doors of conversations."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Units
from contracts.matching.conversations import ListConversations, ListMessages, MarkRead, ReadConversation, SendMessage
from contracts.matching.dossier import ReadExchangeConversation
from services.matching.queries import conversations


class ConversationDoors:
    """Writing and reading."""

    unit = Units()

    @answers(ListConversations)
    def list_conversations(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show the conversations somebody may read."""
        with self.unit() as unit:
            return unit.reply(conversations.conversations(unit, who, request))

    @answers(ReadConversation)
    def read_conversation(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show one conversation."""
        with self.unit() as unit:
            conversation = conversations.conversation(unit, request["conversation_id"], seen_by=who)
            return unit.reply(conversations.shown(unit, [conversation], who)[0])

    @answers(ListMessages)
    def list_messages(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show messages; reading them marks nothing."""
        with self.unit() as unit:
            return unit.reply(conversations.messages(unit, request["conversation_id"], who, request))

    @answers(ReadExchangeConversation)
    def read_exchange_conversation(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """All of an exchange's conversation, for its dossier."""
        with self.unit() as unit:
            return unit.reply(conversations.of_exchange(unit, request["exchange_id"]))

    @answers(SendMessage)
    def send_message(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Write a message; whoever writes has read what stands before."""
        with self.unit() as unit:
            conversation = conversations.conversation(unit, request["conversation_id"], seen_by=who, to_change=True)
            message, fact = conversation.send(request["text"], by=who, at=unit.now)
            unit.session.add(message)
            unit.announce(fact)
            conversations.mark_read(unit, conversation, who, message.number)
            return unit.reply(message)

    @answers(MarkRead)
    def mark_read(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Note how far somebody has read."""
        with self.unit() as unit:
            conversation = conversations.conversation(unit, request["conversation_id"], seen_by=who)
            conversations.mark_read(unit, conversation, who, request["number"])
            return unit.reply(conversations.shown(unit, [conversation], who)[0])
