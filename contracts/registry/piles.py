"""What waits at the desk of a contact point for registrations, pile by pile."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Whole
from chassis.bare.message import Query, View

PILES = {
    "registrations": "Submitted registrations (`GET /v1/registrations?pile=registrations&order=oldest`)",
    "hosting": "Those whose hosting needs an approval of its own (`pile=hosting`)",
    "changes": "Those whose edit waits for a decision (`pile=changes`)",
    "joinings": "Requests to join an organisation of the partnership (`GET /v1/joinings?state=asked&to_decide=true`)",
}

OF_REGISTRATIONS = tuple(pile for pile in PILES if pile != "joinings")


class RegistrationPile(View):
    """One pile: how many lie on it, and since when the first of them waits, where that is known."""

    pile = Choice(PILES, required=True)
    count = Whole(0, required=True)
    oldest = Instant(required=True, allow_none=True)

    example: ClassVar[dict[str, Any]] = {"pile": "registrations", "count": 3, "oldest": "2027-02-01T09:00:00Z"}


class RegistrationPiles(View):
    """Every pile, also those that nothing lies on."""

    items = fields.List(fields.Nested(RegistrationPile), required=True)

    example: ClassVar[dict[str, Any]] = {"items": [RegistrationPile.example]}


class CountRegistrationPiles(Query):
    """How much waits at the viewer's desk, however much it is."""

    service = "registry"
    answers = RegistrationPiles
    allowed = ("registrations",)
    rule = "Contact points for registrations: what they may decide."

    example: ClassVar[dict[str, Any]] = {}
