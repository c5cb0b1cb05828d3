"""Putting a mail into the queue, inside the unit that gives reason for it."""

from __future__ import annotations

from chassis.bare.message import new_id
from chassis.running.unit import Unit
from contracts.identity.events import MailsQueued
from services.identity.model import Account, Mail
from services.identity.words import Words, letter


def post(unit: Unit, e_mail: str, language: str, words: Words) -> None:
    """Queue one mail to a bare address; the worker sends it after this unit committed."""
    post_all(unit, [Mail(id=new_id(), e_mail=e_mail, language=language, title=words.title, text=words.text, made_at=unit.now)])


def post_to(unit: Unit, account: Account, words: Words) -> None:
    """Queue one mail to somebody with an account; `words` are in that person's language."""
    post_all(unit, [mail_to(unit, account, words)])


def mail_to(unit: Unit, account: Account, words: Words) -> Mail:
    """A mail to somebody with an account, with its salutation."""
    text = letter(account, words.text)
    return Mail(
        id=new_id(), person_id=account.id, e_mail=account.e_mail, language=account.language, title=words.title, text=text, made_at=unit.now
    )


def post_all(unit: Unit, mails: list[Mail]) -> None:
    """Queue several mails, each as a piece of work of its own: one that fails must not have the others sent again."""
    unit.session.add_all(mails)
    unit.announce(MailsQueued.of(mail.id, mail_ids=[mail.id]) for mail in mails)
