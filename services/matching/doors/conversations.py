"""Doors of conversations."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Unit, Units
from contracts.matching.conversations import (
    ListConversations,
    ListMessages,
    MarkRead,
    ReadAttachment,
    ReadConversation,
    SendFile,
    SendMessage,
)
from contracts.matching.dossier import ReadExchangeConversation
from services.matching.model import Conversation
from services.matching.model.base import HOST, VISITOR
from services.matching.model.conversation import OF_CONTACT
from services.matching.queries import changes, conversations

SHORT = 60
"""A thank-you may be the same to all: shorter words are not looked at."""


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
            return unit.reply(conversations.of_exchange(unit, request["exchange_id"], reads_hidden=request["reads_hidden"]))

    @answers(SendMessage)
    def send_message(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Write a message; whoever writes has read what stands before."""
        with self.unit() as unit:
            return _send(unit, who, request)

    @answers(SendFile)
    def send_file(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Send a file, which the gateway has received and judged by its content."""
        with self.unit() as unit:
            return _send(unit, who, request)

    @answers(ReadAttachment)
    def read_attachment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Hand a file out to those who read the conversation."""
        with self.unit() as unit:
            return unit.reply(conversations.attachment(unit, request["attachment_id"], who))

    @answers(MarkRead)
    def mark_read(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Note how far somebody has read."""
        with self.unit() as unit:
            conversation = conversations.conversation(unit, request["conversation_id"], seen_by=who)
            number, side = conversations.mark_read(unit, conversation, who, request["number"]), conversation.side_of(who)
            if number and side:
                unit.announce(conversation.read_up_to(number, side))
            return unit.reply(conversations.shown(unit, [conversation], who)[0])


def _send(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    conversation = conversations.conversation(unit, request["conversation_id"], seen_by=who, to_change=True)
    message, fact = conversation.send(request["text"], by=who, at=unit.now, file=request.get("file"))
    _check_mass_mailing(unit, who, conversation, request["text"])
    unit.session.add(message)
    unit.announce(fact)
    conversations.mark_read(unit, conversation, who, message.number)
    return unit.reply(conversations.shown_message(message, who))


def _check_mass_mailing(unit: Unit, who: Principal, conversation: Conversation, text: str) -> None:
    """Between the two of a contact; what contact points write to their exchanges is their task."""
    if conversation.kind != OF_CONTACT or conversation.side_of(who) not in (VISITOR, HOST):
        return
    limits = changes.limits(unit)
    written = conversations.written_elsewhere(unit, who.person, conversation.id, limits.same_text_days)
    limits.check_conversations(written["conversations_today"])
    if len(text) >= SHORT:
        limits.check_text(text, written["texts"])
