"""Contacts in figures: how many were asked for, answered, accepted, and became a match."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Whole
from chassis.bare.message import Query, View


class ContactCounts(View):
    """How many contacts came how far, prior agreements included; `usual_hours` is the median time to an answer, null without one."""

    requested = Whole(0, required=True)
    answered = Whole(0, required=True)
    accepted = Whole(0, required=True, metadata={"description": "Answered with yes, whatever became of it."})
    matched = Whole(0, required=True)
    usual_hours = Whole(0, required=True, allow_none=True)

    example: ClassVar = {"requested": 80, "answered": 66, "accepted": 41, "matched": 24, "usual_hours": 30}


class CountContacts(Query):
    """How many contacts came how far, by the visitor's partnership."""

    service = "matching"
    answers = ContactCounts
    allowed = ("registrations", "agreements", "finance", "support_officer", "auditor", "administrator")
    rule = "Contact points see their own partnerships; the support office, the auditor and administrators see all."

    partnership_id = fields.UUID(load_default=None, metadata={"description": "The visitor's partnership."})
    requested_from = fields.Date(load_default=None, metadata={"description": "Asked for on or after this day (UTC)."})
    requested_to = fields.Date(load_default=None, metadata={"description": "Asked for on or before this day (UTC)."})

    example: ClassVar = {"requested_from": "2027-01-01"}
