"""Everything that one person wrote, to be changed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, or_, select

from chassis.running.unit import Unit
from services.matching.model import Attachment, Complaint, Contact, Message, ReadMark, SavedSearch


def messages(unit: Unit, person_id: UUID) -> list[Message]:
    """The person's messages."""
    return list(unit.session.scalars(select(Message).where(Message.person_id == person_id).order_by(Message.id).with_for_update()))


def contacts(unit: Unit, person_id: UUID) -> list[Contact]:
    """The contacts for one side of which the person answered."""
    mine = or_(Contact.visitor_person_id == person_id, Contact.host_person_id == person_id)
    return list(unit.session.scalars(select(Contact).where(mine).order_by(Contact.id).with_for_update()))


def complaints(unit: Unit, person_id: UUID) -> list[Complaint]:
    """What the person complained of."""
    return list(unit.session.scalars(select(Complaint).where(Complaint.person_id == person_id).order_by(Complaint.id).with_for_update()))


def drop_attachments(unit: Unit, person_id: UUID) -> set[str]:
    """Drop the files that the person sent, whose bytes are swept then; returns their names."""
    names = unit.session.scalars(delete(Attachment).where(Attachment.person_id == person_id).returning(Attachment.name))
    return set(names)


def forget_reading(unit: Unit, person_id: UUID) -> None:
    """Forget how far the person has read."""
    unit.session.execute(delete(ReadMark).where(ReadMark.person_id == person_id))


def forget_searches(unit: Unit, person_id: UUID) -> None:
    """Delete what the person looked for."""
    unit.session.execute(delete(SavedSearch).where(SavedSearch.person_id == person_id))
