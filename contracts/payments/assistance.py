"""The computed assistance of an exchange, and the request for another base."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Several
from chassis.bare.message import Command, PageQuery, Query, View, page_of
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours
from contracts.payments.refusals import (
    AssistanceAlreadyComputed,
    AssistanceNotComputed,
    ExchangeNotFound,
    SupplementAlreadyRequested,
    SupplementNotFound,
)
from contracts.payments.words import EURO_390, EXCHANGE_ID, REFUSED_AMOUNTS, SUPPLEMENT_STATES, Factor, moves_field
from contracts.words import Money

THOSE_WITH_THE_MONEY = "Representatives of the visiting organisation, paying officers of its partnership; the support office, auditors."
READERS = ("representative", "finance", "support_officer", "auditor")


class AssistanceView(View):
    """The lump sum for one version of the commitment to quality, with every factor; or why there is none (`refused`)."""

    exchange_id = fields.UUID(required=True)
    commitment_version = fields.Integer(required=True)
    amount = Money(required=True, allow_none=True)
    factors = fields.List(fields.Nested(Factor), required=True)
    refused = Choice(REFUSED_AMOUNTS, required=True, allow_none=True)
    computed_at = Instant(required=True)

    example: ClassVar = {
        "exchange_id": EXCHANGE_ID,
        "commitment_version": 1,
        "amount": EURO_390,
        "factors": [Factor.example],
        "refused": None,
        "computed_at": "2027-02-01T09:00:00Z",
    }


class ReadAssistance(Query):
    """The newest computed assistance of an exchange."""

    service = "payments"
    answers = AssistanceView
    allowed = READERS
    rule = THOSE_WITH_THE_MONEY
    refusals = (ExchangeNotFound, AssistanceNotComputed)

    exchange_id = fields.UUID(required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}


class RecomputeAssistance(Command):
    """Compute the assistance that was refused once more, by the rates of today: for when a rate was missing."""

    service = "payments"
    answers = AssistanceView
    allowed = ("finance", "support_officer")
    rule = "Paying officers of the visitor's partnership, and the support office."
    refusals = (ExchangeNotFound, AssistanceNotComputed, MoveNotYours, MoveNotAllowed)

    exchange_id = fields.UUID(required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}


class SupplementView(View):
    """A request that the paying officer decide the base, as the requester and the paying officers see it."""

    exchange_id = fields.UUID(required=True)
    state = Choice(SUPPLEMENT_STATES, required=True)
    requested_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)
    moves = moves_field()

    example: ClassVar = {
        "exchange_id": EXCHANGE_ID,
        "state": "requested",
        "requested_at": "2027-01-20T09:00:00Z",
        "decided_at": None,
        "moves": ["grant", "decline"],
    }


SupplementPage = page_of(SupplementView)


class RequestSupplement(Command):
    """Ask for the base of a participant with a disability, before the assistance is computed; no detail is asked or kept.

    Only the paying officer sees it. Documents, agreement and exports say 'base decided by the paying officer', nothing else.
    """

    service = "payments"
    answers = SupplementView
    allowed = ("representative",)
    rule = "Representatives of the visiting organisation."
    refusals = (ExchangeNotFound, SupplementAlreadyRequested, AssistanceAlreadyComputed, MoveNotYours)

    exchange_id = fields.UUID(required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}


class ReadSupplement(Query):
    """How the request for another base stands."""

    service = "payments"
    answers = SupplementView
    allowed = ("representative", "finance")
    rule = "Representatives of the visiting organisation and paying officers of its partnership; nobody else."
    refusals = (ExchangeNotFound, SupplementNotFound)

    exchange_id = fields.UUID(required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}


class ListSupplements(PageQuery):
    """The requests for another base of a partnership, the oldest first: those to decide, unless other states are asked for."""

    service = "payments"
    answers = SupplementPage
    allowed = ("finance",)
    rule = "Paying officers, of their own partnership."

    state = Several(Choice(SUPPLEMENT_STATES), fewest=1, load_default=lambda: ["requested"])

    example: ClassVar = {"state": ["granted", "declined"]}


class DecideSupplement(Command):
    """Grant or decline another base; the assistance is computed then."""

    service = "payments"
    answers = SupplementView
    allowed = ("finance",)
    rule = "Paying officers of the visitor's partnership."
    fresh = True
    refusals = (ExchangeNotFound, SupplementNotFound, MoveNotYours, MoveNotAllowed)

    exchange_id = fields.UUID(required=True)
    granted = fields.Boolean(required=True, truthy={True}, falsy={False})

    example: ClassVar = {"exchange_id": EXCHANGE_ID, "granted": True}


class WithdrawSupplement(Command):
    """Take the request for another base back."""

    service = "payments"
    answers = SupplementView
    allowed = ("representative",)
    rule = "Representatives of the visiting organisation."
    refusals = (ExchangeNotFound, SupplementNotFound, MoveNotYours, MoveNotAllowed)

    exchange_id = fields.UUID(required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}
