"""Registrations in figures: how far they came."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Whole
from chassis.bare.message import Query, View
from contracts.registry.registration_views import STATES


class RegistrationCounts(View):
    """How many registrations were begun, handed in, and accepted (whatever became of them since); and how many are in each state."""

    begun = Whole(0, required=True)
    submitted = Whole(0, required=True)
    accepted = Whole(0, required=True)
    states = fields.Dict(keys=Choice(STATES), values=Whole(0), required=True)

    example: ClassVar[dict[str, Any]] = {
        "begun": 40,
        "submitted": 31,
        "accepted": 24,
        "states": {"draft": 9, "submitted": 7, "accepted": 24},
    }


class CountRegistrations(Query):
    """How many registrations came how far, by their partnership; a draft counts where it names one already."""

    service = "registry"
    answers = RegistrationCounts
    allowed = ("registrations", "agreements", "finance", "support_officer", "auditor", "administrator")
    rule = "Contact points see their own partnerships; the support office, the auditor and administrators see all."

    partnership_id = fields.UUID(load_default=None)
    begun_from = fields.Date(load_default=None, metadata={"description": "Begun on or after this day (UTC)."})
    begun_to = fields.Date(load_default=None, metadata={"description": "Begun on or before this day (UTC)."})

    example: ClassVar = {"begun_from": "2027-01-01"}
