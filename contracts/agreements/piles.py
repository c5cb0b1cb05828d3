"""What waits at a contact point's desk, pile by pile: counted here, listed by `GET /v1/exchanges?pile=`."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Whole
from chassis.bare.message import Query, View
from contracts.agreements.asking import READERS

PILES = {
    "validate": "A submitted commitment that the viewer's partnership has not validated",
    "sign": "An agreement that the viewer's partnership has not signed and now can",
    "report": "A closing report that the viewer's partnership, the visitor's, has not answered",
    "late": "An arrival, a departure or a closing report whose day has passed",
}


class Pile(View):
    """One pile: how many exchanges lie on it, and since when the first of them waits (or is late)."""

    pile = Choice(PILES, required=True)
    count = Whole(0, required=True)
    oldest = Instant(required=True, allow_none=True)

    example: ClassVar[dict[str, Any]] = {"pile": "validate", "count": 3, "oldest": "2027-02-01T09:00:00Z"}


class ExchangePiles(View):
    """Every pile, also those that nothing lies on."""

    items = fields.List(fields.Nested(Pile), required=True)

    example: ClassVar[dict[str, Any]] = {"items": [Pile.example]}


class CountExchangePiles(Query):
    """How many exchanges lie on each pile of the viewer's desk, however many they are."""

    service = "agreements"
    answers = ExchangePiles
    allowed = READERS
    rule = "Each counts what the own partnerships are waited for in; of what is late, all that one may see."

    example: ClassVar[dict[str, Any]] = {}
