"""What waits at a paying officer's desk, pile by pile: counted here, listed by `GET /v1/payments?pile=`."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Whole
from chassis.bare.message import Query, View
from contracts.payments.payment import READERS, THOSE_WITH_THE_MONEY
from contracts.payments.words import PILES


class PaymentPile(View):
    """One pile: how many payments lie on it, how many of them are past their day, and which day is the first."""

    pile = Choice(PILES, required=True)
    count = Whole(0, required=True)
    late = Whole(0, required=True)
    first_due = fields.Date(required=True, allow_none=True)

    example: ClassVar[dict[str, Any]] = {"pile": "payable", "count": 3, "late": 1, "first_due": "2027-04-11"}


class PaymentPiles(View):
    """Every pile, also those that nothing lies on."""

    items = fields.List(fields.Nested(PaymentPile), required=True)

    example: ClassVar[dict[str, Any]] = {"items": [PaymentPile.example]}


class CountPaymentPiles(Query):
    """How many payments lie on each pile of those that one may see, however many they are."""

    service = "payments"
    answers = PaymentPiles
    allowed = READERS
    rule = THOSE_WITH_THE_MONEY

    example: ClassVar[dict[str, Any]] = {}
