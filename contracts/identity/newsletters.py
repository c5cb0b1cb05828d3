"""Newsletters: subscribing and unsubscribing with a bare address (source: seed)."""

from __future__ import annotations

from typing import ClassVar

from chassis.bare.fields import Choice, Several, Text
from chassis.bare.message import ANYONE, Command
from contracts.identity.accounts import LETTERS, AccountRequested
from contracts.identity.refusals import LinkNotGood, TooManyAttempts
from contracts.words import TOOL_LANGUAGES, MailAddress


class Subscribe(Command):
    """Ask for newsletters; the link in the mail that follows confirms it (double opt-in)."""

    service = "identity"
    answers = AccountRequested
    allowed = (ANYONE,)
    refusals = (TooManyAttempts,)
    keyed = False

    e_mail = MailAddress(required=True)
    letters = Several(Choice(LETTERS), fewest=1, most=2, required=True)
    language = Choice(TOOL_LANGUAGES, load_default=TOOL_LANGUAGES[0], metadata={"description": "Of the mail that asks to confirm."})

    example: ClassVar = {"e_mail": "reader@example.org", "letters": ["monthly"]}


class ConfirmSubscription(Command):
    """Confirm a subscription with the secret of the mailed link."""

    service = "identity"
    answers = AccountRequested
    allowed = (ANYONE,)
    refusals = (LinkNotGood,)
    keyed = False

    secret = Text(100, required=True)

    example: ClassVar = {"secret": "Zb1kP0m3…"}


class Unsubscribe(Command):
    """End newsletters for an address at once; known and unknown addresses get the same answer."""

    service = "identity"
    answers = AccountRequested
    allowed = (ANYONE,)
    keyed = False

    e_mail = MailAddress(required=True)
    letters = Several(Choice(LETTERS), fewest=1, most=2, load_default=lambda: list(LETTERS))

    example: ClassVar = {"e_mail": "reader@example.org", "letters": ["monthly"]}
