"""Conversations: numbered messages, who writes, how far each person has read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.bare.message import Fact, new_id
from chassis.bare.principal import Principal
from contracts.matching.conversation_events import ConversationOpened, ConversationRead, MessageSent
from contracts.matching.refusals import ReadingOnly, TooManyAttachments, WritingNotPossible
from services.matching.model.base import Base, is_contact_point, personal
from services.matching.model.contact import Contact

OF_CONTACT, OF_EXCHANGE = "contact", "exchange"
MOST_ATTACHMENTS = 200


class Conversation(Base):
    """Messages of a contact's two sides; or of an exchange's, with both partnerships' contact points."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index("uq_conversation_contact", "contact_id", unique=True, postgresql_where="kind = 'contact'"),
        Index("ix_conversation_last_at", "last_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"), index=True)
    exchange_id: Mapped[UUID | None] = mapped_column(unique=True)
    messages: Mapped[int]
    attachments: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]

    contact: Mapped[Contact] = relationship(lazy="raise")

    @classmethod
    def open(cls, contact: Contact, at: datetime, exchange_id: UUID | None = None) -> tuple[Conversation, Fact]:
        """Open the conversation of a contact, or that of its exchange when one is named."""
        kind = OF_EXCHANGE if exchange_id else OF_CONTACT
        conversation = cls(
            id=new_id(), kind=kind, contact=contact, exchange_id=exchange_id, messages=0, attachments=0, opened_at=at, last_at=at
        )
        ids = {"conversation_id": conversation.id, "contact_id": contact.id, "exchange_id": exchange_id}
        return conversation, ConversationOpened.of(conversation.id, audience=conversation.partnerships, **ids)

    @property
    def organisations(self) -> list[UUID]:
        """The organisations that take part."""
        return [self.contact.visitor_organisation_id, self.contact.host_organisation_id]

    @property
    def partnerships(self) -> list[UUID]:
        """The partnerships whose contact points take part: none before there is an exchange."""
        return list(dict.fromkeys(self.contact.audience)) if self.kind == OF_EXCHANGE else []

    def side_of(self, who: Principal) -> str | None:
        """The side that somebody writes for, or None."""
        if side := self.contact.side_of(who):
            return side
        if self.kind == OF_EXCHANGE:
            for side in ("visitor", "host"):
                if is_contact_point(who, getattr(self.contact, f"{side}_partnership_id")):
                    return f"{side}_partnership"
        return None

    def send(self, text: str, *, by: Principal, at: datetime, file: dict[str, Any] | None = None) -> tuple[Message, Fact]:
        """Write a message, with a file if there is one; raises ReadingOnly, TooManyAttachments, or WritingNotPossible at a contact's end."""
        side = self.side_of(by)
        if side is None:
            raise ReadingOnly
        if self.kind == OF_CONTACT and not self.contact.is_accepted:
            raise WritingNotPossible(state=self.contact.state)
        self.messages, self.last_at = self.messages + 1, at
        message = Message(
            id=new_id(), conversation_id=self.id, number=self.messages, side=side, person_id=by.person, name=by.name, text=text, at=at,
            hidden_at=None, attachments=[],
        )  # fmt: skip
        if file is not None:
            self._attach(message, file)
        return message, self._sent(message)

    def read_up_to(self, number: int, side: str) -> Fact:
        """Tell those who take part how far a side has read."""
        return ConversationRead.of(
            self.id, audience=self.partnerships, conversation_id=self.id, side=side, number=number, organisation_ids=self.organisations,
            partnership_ids=self.partnerships,
        )  # fmt: skip

    def _attach(self, message: Message, file: dict[str, Any]) -> None:
        if self.attachments >= MOST_ATTACHMENTS:
            raise TooManyAttachments(limit=MOST_ATTACHMENTS)
        self.attachments += 1
        message.attachments.append(Attachment(id=new_id(), person_id=message.person_id, at=message.at, **file))

    def _sent(self, message: Message) -> Fact:
        return MessageSent.of(
            self.id, audience=self.partnerships, conversation_id=self.id, message_id=message.id, contact_id=self.contact_id or self.contact.id,
            exchange_id=self.exchange_id, from_person_id=message.person_id, organisation_ids=self.organisations,
            partnership_ids=self.partnerships,
        )  # fmt: skip


class Message(Base):
    """One message; it is never changed."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    number: Mapped[int]
    side: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[UUID] = mapped_column(index=True, info=personal("knowing who wrote"))
    name: Mapped[str] = mapped_column(info=personal("showing who wrote"))
    text: Mapped[str] = mapped_column(info=personal("preparing an exchange"))
    at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]
    attachments: Mapped[list[Attachment]] = relationship(order_by="Attachment.at", lazy="raise")

    @property
    def is_hidden(self) -> bool:
        """Whether the support office hid it after a report."""
        return self.hidden_at is not None

    def hide(self, at: datetime) -> None:
        """The support office hides it from all but itself."""
        self.hidden_at = self.hidden_at or at

    def forget_person(self) -> None:
        """Its writer is erased: that something was said stays, by whom and what does not."""
        self.name, self.text = "Erased person", ""


class Attachment(Base):
    """A file that came with a message; its bytes lie in the blob store under their hash."""

    __tablename__ = "attachment"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), info=personal("preparing an exchange"))
    name: Mapped[str] = mapped_column(String(200), info=personal("preparing an exchange"))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(index=True, info=personal("knowing who sent it"))
    at: Mapped[datetime]


class ReadMark(Base):
    """How far a person of a side (none: who only looks on) has read a conversation: the number of the last message seen."""

    __tablename__ = "read_mark"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal("showing what is unread"))
    side: Mapped[str | None] = mapped_column(String(20))
    number: Mapped[int]
