"""Conversations and messages, for those who take part in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.matching.dossier import MOST_MESSAGES
from contracts.matching.refusals import ConversationNotFound
from services.matching.model import Contact, Conversation, Message, ReadMark
from services.matching.model.conversation import OF_CONTACT, OF_EXCHANGE
from services.matching.queries.contacts import concerns_partnership_of


def conversation(unit: Unit, conversation_id: UUID, *, seen_by: Principal, to_change: bool = False) -> Conversation:
    """A conversation with its contact, if that principal may read it; raises ConversationNotFound."""
    statement = _conversations().where(Conversation.id == conversation_id, visible_to(seen_by))
    return unit.one(statement.with_for_update(of=Conversation) if to_change else statement, ConversationNotFound)


def conversations(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the conversations somebody may read, the one written in last first."""
    statement = _conversations().where(visible_to(who))
    for name in ("contact_id", "exchange_id"):
        if request[name] is not None:
            statement = statement.where(getattr(Conversation, name) == request[name])
    if request["unread"] is not None:
        read = select(ReadMark.number).where(ReadMark.person_id == who.person, ReadMark.conversation_id == Conversation.id)
        left = Conversation.messages > func.coalesce(read.scalar_subquery(), 0)
        statement = statement.where(left if request["unread"] else ~left)
    page = unit.page(statement, (Conversation.last_at.desc(), Conversation.id.desc()), request)
    return {"items": shown(unit, page["items"], who), "next": page["next"]}


def messages(unit: Unit, conversation_id: UUID, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of a conversation's messages, the newest first; raises ConversationNotFound."""
    of = conversation(unit, conversation_id, seen_by=who)
    return unit.page(select(Message).where(Message.conversation_id == of.id), (Message.number.desc(),), request)


def of_exchange(unit: Unit, exchange_id: UUID) -> dict[str, Any]:
    """The conversation of an exchange with its last messages, the oldest first; raises ConversationNotFound."""
    found = unit.one(select(Conversation).where(Conversation.exchange_id == exchange_id), ConversationNotFound)
    newest = select(Message).where(Message.conversation_id == found.id).order_by(Message.number.desc()).limit(MOST_MESSAGES)
    messages = list(unit.session.scalars(newest))[::-1]
    return {"conversation_id": found.id, "exchange_id": exchange_id, "count": found.messages, "messages": messages}


def shown(unit: Unit, conversations: list[Conversation], who: Principal) -> list[dict[str, Any]]:
    """Conversations as somebody sees them, with what they have not read."""
    ids = [each.id for each in conversations]
    marks = select(ReadMark.conversation_id, ReadMark.number).where(ReadMark.person_id == who.person, ReadMark.conversation_id.in_(ids))
    read = dict(unit.session.execute(marks).all())
    return [
        {name: getattr(each, name) for name in ("kind", "contact_id", "exchange_id", "messages", "last_at")}
        | {"conversation_id": each.id, "unread": each.messages - read.get(each.id, 0)}
        | {"visitor_name": each.contact.visitor.legal_name, "host_name": each.contact.host.legal_name}
        for each in conversations
    ]


def mark_read(unit: Unit, conversation: Conversation, who: Principal, number: int) -> None:
    """Note up to which message somebody has read; never backwards, never beyond the last."""
    row = {"conversation_id": conversation.id, "person_id": who.person, "number": min(number, conversation.messages)}
    mark = insert(ReadMark).values(**row)
    further = {"number": func.greatest(ReadMark.number, mark.excluded.number)}
    unit.session.execute(mark.on_conflict_do_update(index_elements=["conversation_id", "person_id"], set_=further))


def has_conversation(unit: Unit, contact: Contact) -> bool:
    """Whether the contact's own conversation was opened."""
    of_contact = (Conversation.contact_id == contact.id, Conversation.kind == OF_CONTACT)
    return unit.session.scalar(select(Conversation.id).where(*of_contact)) is not None


def visible_to(who: Principal) -> ColumnElement[bool]:
    """Both organisations; in an exchange's conversation both contact points, and auditors; the support office reads all."""
    if who.has("support_officer"):
        return true()
    organisations = who.places("representative")
    mine = or_(Contact.visitor_organisation_id.in_(organisations), Contact.host_organisation_id.in_(organisations))
    return or_(mine, and_(Conversation.kind == OF_EXCHANGE, concerns_partnership_of(who)))


def _conversations() -> Select[Conversation]:
    with_names = joinedload(Conversation.contact, innerjoin=True)
    names = (with_names.joinedload(Contact.visitor, innerjoin=True), with_names.joinedload(Contact.host, innerjoin=True))
    return select(Conversation).join(Contact, Contact.id == Conversation.contact_id).options(*names)
