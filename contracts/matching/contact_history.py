"""What happened to a contact, and when."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant
from chassis.bare.message import SIGNED_IN, FullPageQuery, Page, View
from contracts.matching.contacts import MOMENT, ReadContact
from contracts.matching.events import CONTACT_ID
from contracts.matching.refusals import ContactNotFound
from contracts.words import ROLES, Party


class ContactHappening(View):
    """One thing that happened to a contact, and by whom (`person:<id>` or `service:<name>`); `by` is the side, where it was one's move."""

    type = fields.String(required=True)
    at = Instant(required=True)
    actor = fields.String(required=True)
    by = Choice(ROLES, required=True, allow_none=True)

    example: ClassVar = {"type": "contact_requested", "at": MOMENT, "actor": f"person:{Party.example['person_id']}", "by": "visitor"}


class ContactHistory(Page):
    """A page of what happened to a contact, the oldest first."""

    items = fields.List(fields.Nested(ContactHappening), required=True)

    example: ClassVar = {"items": [ContactHappening.example], "next": None}


class ReadContactHistory(FullPageQuery):
    """What happened to a contact, with dates: requests, reminders, answers, proposals; the oldest first."""

    service = "matching"
    answers = ContactHistory
    allowed = (SIGNED_IN,)
    rule = ReadContact.rule
    refusals = (ContactNotFound,)

    contact_id = fields.UUID(required=True)

    example: ClassVar = {"contact_id": CONTACT_ID}
