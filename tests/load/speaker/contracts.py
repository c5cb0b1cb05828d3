"""What the speaker answers and announces."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Whole
from chassis.bare.message import SERVICES, SIGNED_IN, Command, Event, Query, View
from contracts.registry import RegistrationView


class Say(Query):
    """Answer what a read of an organisation answers, out of memory."""

    service, answers, allowed = "speaker", RegistrationView, (SIGNED_IN,)


class Announced(View):
    """How many facts were announced, and in how many seconds."""

    facts = fields.Integer(required=True)
    seconds = fields.Float(required=True)


class Announce(Command):
    """Announce so many facts a second for so long, each in a unit of its own."""

    service, answers, allowed, asked_by, keyed = "speaker", Announced, (SERVICES,), ("asker",), False
    per_second = fields.Float(required=True)
    seconds = fields.Float(required=True)


class Said(Event):
    """Something was said."""

    service, subject_kind = "speaker", "saying"
    heard_by: ClassVar[tuple[str, ...]] = ("hearer",)
    number = Whole(0, required=True)

    example: ClassVar = {"number": 1}
