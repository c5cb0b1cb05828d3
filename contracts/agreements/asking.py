"""What every request to the agreements service has in common: who may ask, about which exchange, and why."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Text
from chassis.bare.message import Command, Query, Request, View
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours, Refusal
from contracts.agreements import refusals as no
from contracts.agreements.views import ExchangeView
from contracts.agreements.words import EXCHANGE_ID, REASONS

ORGANISATIONS = ("representative",)
CONTACT_POINTS = ("agreements",)
SUPPORT = ("support_officer",)
READERS = (*ORGANISATIONS, *CONTACT_POINTS, "finance", *SUPPORT, "auditor")
ANY_PARTY = (*ORGANISATIONS, *CONTACT_POINTS, *SUPPORT)

WHO_READS = (
    "Representatives of both organisations, contact points of both partnerships, the visitor's paying officers, "
    "the support office, the auditor."
)

LIFECYCLE = (no.ExchangeNotFound, MoveNotAllowed, MoveNotYours)
ID: dict[str, Any] = {"exchange_id": EXCHANGE_ID}


class ForExchange(Request):
    """Names the exchange it is about."""

    exchange_id = fields.UUID(required=True)

    example: ClassVar = ID


class AgreementsQuery(Query, ForExchange):
    """A read of one exchange."""

    service = "agreements"
    allowed: ClassVar[tuple[str, ...]] = READERS
    rule = WHO_READS
    refusals: ClassVar[tuple[type[Refusal], ...]] = (no.ExchangeNotFound,)


class AgreementsCommand(Command, ForExchange):
    """A move of one exchange."""

    service = "agreements"
    answers: ClassVar[type[View]] = ExchangeView
    refusals: ClassVar[tuple[type[Refusal], ...]] = LIFECYCLE


class WithReason(Request):
    """Why: a typed reason, and words that explain it (kept with the exchange, never in events)."""

    reason = Choice(REASONS, required=True)
    explanation = Text(2000, 0, load_default="", lines=True)

    example: ClassVar = {"reason": "illness", "explanation": "The traveller fell ill."}
