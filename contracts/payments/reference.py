"""Reference data of the lump sum: dated, sourced rows that are added and never changed."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.bare.fields import Choice, Text, Whole
from chassis.bare.message import ANYONE, Command, PageQuery, View, page_of
from contracts.payments.refusals import RateAlreadyThere, RateNotBackdated
from contracts.words import COUNTRIES, Money

SPECIAL_RATES = {
    "outermost_region": "A host in an outermost region",
    "disability": "A visitor for whom the paying officer decided the base",
}
RULE_FIGURES = {
    "halving_days": "Under so many working days the share is reduced",
    "halving_km": "Under so many kilometres the share is reduced",
    "reduced_percent": "The reduced share, in per cent",
    "ceiling": "The most a visiting organisation gets, in cents",
    "minimum_working_days": "Under so many working days nothing is paid",
    "payment_days": "Calendar days in which a payment is made",
    "reminder_days": "So many days before that the paying officer is reminded",
}


FIGURE_RANGES = {
    "halving_days": (0, 31),
    "halving_km": (0, 20_000),
    "reduced_percent": (1, 100),
    "ceiling": (100, 10_000_000),
    "minimum_working_days": (0, 31),
    "payment_days": (1, 365),
    "reminder_days": (0, 365),
}
"""The least and the most that a figure may be: a slip of the pen must neither pay nothing nor stop every payment."""
LEAST_RATE, LARGEST_RATE = FIGURE_RANGES["ceiling"]


def _plausible_rate(amount: dict[str, Any]) -> None:
    if not LEAST_RATE <= amount["minor"] <= LARGEST_RATE:
        raise ValidationError({"minor": [f"A rate is between {LEAST_RATE} and {LARGEST_RATE} cents."]})


class RateView(View):
    """The whole lump sum for hosts in one country (or for a special case), from one day on until a later row follows."""

    rate_id = fields.UUID(required=True)
    applies_to = fields.String(required=True)
    amount = Money(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)

    example: ClassVar = {
        "rate_id": "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a10",
        "applies_to": "PT",
        "amount": {"minor": 78000, "currency": "EUR"},
        "valid_from": "2020-01-01",
        "source": "assumption: sister programme",
    }


RatePage = page_of(RateView)


class ListRates(PageQuery):
    """The reference rates by country, the newest first; anybody may see what a visit is worth."""

    service = "payments"
    answers = RatePage
    allowed = (ANYONE,)

    applies_to = Choice([*COUNTRIES, *SPECIAL_RATES], load_default=None)

    example: ClassVar = {"applies_to": "PT"}


class AddRate(Command):
    """Add a rate of 1 to 100,000 euros that holds from a day on; amounts computed before that day stay as they are."""

    service = "payments"
    answers = RateView
    allowed = ("administrator",)
    refusals = (RateAlreadyThere, RateNotBackdated)

    applies_to = Choice([*COUNTRIES, *SPECIAL_RATES], required=True)
    amount = Money(required=True, validate=_plausible_rate)
    valid_from = fields.Date(required=True)
    source = Text(300, required=True)

    example: ClassVar[dict[str, Any]] = {
        "applies_to": "PT",
        "amount": {"minor": 80000, "currency": "EUR"},
        "valid_from": "2027-01-01",
        "source": "programme's table of 2027",
    }


class FigureView(View):
    """One figure of the rule of the lump sum, from one day on until a later row follows."""

    figure_id = fields.UUID(required=True)
    name = fields.String(required=True)
    value = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    source = fields.String(required=True)

    example: ClassVar = {
        "figure_id": "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a11",
        "name": "halving_days",
        "value": 5,
        "valid_from": "2020-01-01",
        "source": "public pages",
    }


FigurePage = page_of(FigureView)


class ListFigures(PageQuery):
    """The figures of the rule of the lump sum by name, the newest first."""

    service = "payments"
    answers = FigurePage
    allowed = (ANYONE,)

    name = Choice(RULE_FIGURES, load_default=None)

    example: ClassVar = {"name": "halving_days"}


class AddFigure(Command):
    """Add a figure of the rule that holds from a day on: days and shares, kilometres and cents each within what is plausible."""

    service = "payments"
    answers = FigureView
    allowed = ("administrator",)
    refusals = (RateAlreadyThere, RateNotBackdated)

    name = Choice(RULE_FIGURES, required=True)
    value = Whole(0, LARGEST_RATE, required=True)
    valid_from = fields.Date(required=True)
    source = Text(300, required=True)

    example: ClassVar = {"name": "halving_km", "value": 250, "valid_from": "2027-01-01", "source": "programme's table of 2027"}

    @validates_schema
    def _plausible(self, data: dict[str, Any], **_: Any) -> None:
        least, most = FIGURE_RANGES[data["name"]]
        if not least <= data["value"] <= most:
            raise ValidationError(f"This figure is between {least} and {most}.", "value")
