"""Putting a mail into the queue, inside the unit that gives reason for it."""

from __future__ import annotations

from uuid import UUID

from chassis.bare.message import new_id
from chassis.running.unit import Unit
from contracts.identity.events import MailsQueued
from services.identity.model import Mail


def post(unit: Unit, e_mail: str, title: str, text: str, person_id: UUID | None = None) -> None:
    """Queue one mail; the worker sends it after this unit committed."""
    post_all(unit, [Mail(id=new_id(), person_id=person_id, e_mail=e_mail, title=title, text=text, made_at=unit.now)])


def post_all(unit: Unit, mails: list[Mail]) -> None:
    """Queue several mails, each as a piece of work of its own: one that fails must not have the others sent again."""
    unit.session.add_all(mails)
    unit.announce(MailsQueued.of(mail.id, mail_ids=[mail.id]) for mail in mails)
