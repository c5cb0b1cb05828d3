"""Conversations and messages, for those who take part in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload, selectinload

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from contracts.matching.dossier import MOST_MESSAGES
from contracts.matching.refusals import AttachmentNotFound, ConversationNotFound
from services.matching.model import Attachment, Contact, Conversation, Message, ReadMark
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
    statement = select(Message).where(Message.conversation_id == of.id).options(selectinload(Message.attachments))
    page = unit.page(statement, (Message.number.desc(),), request)
    return {"items": [shown_message(each, who) for each in page["items"]], "next": page["next"]}


def shown_message(message: Message, who: Principal) -> dict[str, Any]:
    """A message as somebody sees it; of one that is hidden only the support office sees what it says."""
    return told(message, reads=not message.is_hidden or who.has("support_officer"))


def told(message: Message, *, reads: bool) -> dict[str, Any]:
    """The same for whoever reads it or not."""
    names = ("id", "number", "side", "person_id", "name", "at")
    said = {"text": message.text if reads else "", "attachments": message.attachments if reads else []}
    return {name: getattr(message, name) for name in names} | said | {"hidden": message.is_hidden}


def attachment(unit: Unit, attachment_id: UUID, who: Principal) -> Attachment:
    """A file of a conversation that somebody may read; raises AttachmentNotFound."""
    shown = true() if who.has("support_officer") else Message.hidden_at.is_(None)
    statement = select(Attachment).join(Message).join(Conversation, Conversation.id == Message.conversation_id)
    statement = statement.join(Contact, Contact.id == Conversation.contact_id).where(Attachment.id == attachment_id, visible_to(who), shown)
    return unit.one(statement, AttachmentNotFound)


def written_elsewhere(unit: Unit, person_id: UUID, but: UUID, days: int) -> dict[str, Any]:
    """What a person wrote within so many days in other contacts' conversations, and in how many of them within one day."""
    statement = select(Message.conversation_id, Message.text, Message.at).join(Conversation, Conversation.id == Message.conversation_id)
    mine = (Message.person_id == person_id, Message.conversation_id != but, Conversation.kind == OF_CONTACT)
    rows = unit.session.execute(statement.where(*mine, Message.at > unit.now - timedelta(days=max(days, 1)))).all()
    today = {conversation for conversation, _, at in rows if at > unit.now - timedelta(days=1)}
    since = unit.now - timedelta(days=days)
    return {"texts": [text for _, text in {(row[0], row[1]) for row in rows if row[2] > since}], "conversations_today": len(today)}


def of_exchange(unit: Unit, exchange_id: UUID, *, reads_hidden: bool) -> dict[str, Any]:
    """The conversation of an exchange with its last messages, the oldest first; raises ConversationNotFound."""
    found = unit.one(select(Conversation).where(Conversation.exchange_id == exchange_id), ConversationNotFound)
    newest = select(Message).where(Message.conversation_id == found.id).order_by(Message.number.desc()).limit(MOST_MESSAGES)
    found_messages = unit.session.scalars(newest.options(selectinload(Message.attachments))).all()
    messages = [told(each, reads=reads_hidden or not each.is_hidden) for each in reversed(found_messages)]
    return {"conversation_id": found.id, "exchange_id": exchange_id, "count": found.messages, "messages": messages}


def shown(unit: Unit, conversations: list[Conversation], who: Principal) -> list[dict[str, Any]]:
    """Conversations as somebody sees them, with what they have not read."""
    ids = [each.id for each in conversations]
    marks = select(ReadMark.conversation_id, ReadMark.number).where(ReadMark.person_id == who.person, ReadMark.conversation_id.in_(ids))
    read = dict(unit.session.execute(marks).all())
    sides = _read_by(unit, ids)
    return [
        {name: getattr(each, name) for name in ("kind", "contact_id", "exchange_id", "messages", "last_at")}
        | {"conversation_id": each.id, "unread": each.messages - read.get(each.id, 0), "read_by": sides.get(each.id, [])}
        | {"visitor_name": each.contact.visitor.legal_name, "host_name": each.contact.host.legal_name}
        for each in conversations
    ]


def mark_read(unit: Unit, conversation: Conversation, who: Principal, number: int) -> int | None:
    """Note up to which message somebody has read; never backwards, never beyond the last. The number, if nobody of the side was so far."""
    side, up_to = conversation.side_of(who), min(number, conversation.messages)
    of_side = (ReadMark.conversation_id == conversation.id, ReadMark.side == side)
    before = unit.session.scalar(select(func.max(ReadMark.number)).where(*of_side)) or 0
    mark = insert(ReadMark).values(conversation_id=conversation.id, person_id=who.person, side=side, number=up_to)
    further = mark.on_conflict_do_update(
        index_elements=["conversation_id", "person_id"],
        set_={"number": mark.excluded.number, "side": mark.excluded.side},
        where=ReadMark.number < mark.excluded.number,
    )
    unit.session.execute(further)
    return up_to if up_to > before else None


def _read_by(unit: Unit, ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """How far each side has read; who only looks on is of none."""
    marks = (ReadMark.conversation_id, ReadMark.side, func.max(ReadMark.number))
    of_sides = select(*marks).where(ReadMark.conversation_id.in_(ids), ReadMark.side.is_not(None))
    found: dict[UUID, list[dict[str, Any]]] = {}
    for conversation, side, number in unit.session.execute(of_sides.group_by(*marks[:2]).order_by(*marks[:2])):
        found.setdefault(conversation, []).append({"side": side, "number": number})
    return found


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
