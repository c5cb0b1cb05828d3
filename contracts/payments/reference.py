"""Reference data of the lump sum: dated, sourced rows that are added and never changed."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from chassis.bare.fields import Choice, Text, Whole
from chassis.bare.message import ANYONE, Command, Event, PageQuery, View, page_of
from contracts.countries import COUNTRIES
from contracts.figures import (
    MOST,
    AddFigureRow,
    AddMethodRow,
    DatedFigure,
    Figure,
    FigureRowAdded,
    ListMethodRows,
    ListRows,
    MethodRowAdded,
)
from contracts.payments.refusals import RateAlreadyThere, RateNotBackdated
from contracts.payments.words import EURO_390, EXCHANGE_ID
from contracts.words import Money

SPECIAL_RATES = {
    "outermost_region": "A host in an outermost region",
    "disability": "A visitor for whom the paying officer decided the base",
}
RULE_FIGURES = {
    "halving_days": Figure("Under so many working days the share is reduced", 0, 31),
    "halving_km": Figure("Under so many kilometres the share is reduced", 0, 20_000),
    "reduced_percent": Figure("The reduced share, in per cent", 1, 100),
    "ceiling": Figure("The most a visiting organisation gets, in cents", 100, MOST),
    "minimum_working_days": Figure("Under so many working days nothing is paid", 0, 31),
    "payment_days": Figure("Calendar days in which a payment is made", 1, 365),
    "reminder_days": Figure("So many days before that the paying officer is reminded", 0, 365),
    "evidence_days": Figure("Days after the stay in which the visitor hands in the evidence", 1, 365),
    "evidence_reminder_days": Figure("So many days before the evidence is due that the visitor is reminded of it", 0, 365),
}
LEAST_RATE, LARGEST_RATE = RULE_FIGURES["ceiling"].least, RULE_FIGURES["ceiling"].most


def _plausible_rate(amount: dict[str, Any]) -> None:
    if not LEAST_RATE <= amount["minor"] <= LARGEST_RATE:
        raise ValidationError({"minor": [f"A rate is between {LEAST_RATE} and {LARGEST_RATE} cents."]})


DISTANCE_METHODS = {
    "great_circle_of_towns": "great circle between the two towns (haversine, mean earth radius 6371.009 km)",
    "ellipsoid_of_towns": "shortest line on the WGS 84 ellipsoid between the two towns (Lambert's formula)",
}
"""How the distance is measured; each is done by `services.payments.assistance`."""

ASSISTANCE_METHODS = {"distance": DISTANCE_METHODS}


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


class FigureView(DatedFigure):
    """One figure of the rule of the lump sum, from one day on until a later row follows."""

    example: ClassVar = {
        "figure_id": "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a11",
        "name": "halving_days",
        "value": 5,
        "valid_from": "2020-01-01",
        "source": "public pages",
    }


FigurePage = page_of(FigureView)


class ListFigures(ListRows):
    """The figures of the rule of the lump sum by name, the newest first."""

    service = "payments"
    answers = FigurePage

    name = Choice(RULE_FIGURES, load_default=None)

    example: ClassVar = {"name": "halving_days"}


class AddFigure(AddFigureRow):
    """Add a figure of the rule that holds from a day on: days and shares, kilometres and cents each within what is plausible."""

    service = "payments"
    answers = FigureView
    figures = RULE_FIGURES

    name = Choice(RULE_FIGURES, required=True)
    value = Whole(0, LARGEST_RATE, required=True)

    example: ClassVar = {"name": "halving_km", "value": 250, "valid_from": "2027-01-01", "source": "programme's table of 2027"}


class ListAssistanceMethods(ListMethodRows):
    """The methods of the rule of the lump sum by name, the newest first. (How days are counted: /v1/reference/exchange-methods.)"""

    service = "payments"

    name = Choice(ASSISTANCE_METHODS, load_default=None)

    example: ClassVar = {"name": "distance"}


class AddAssistanceMethod(AddMethodRow):
    """Choose another of the methods there are from a day on; amounts computed before that day stay as they are."""

    service = "payments"
    methods = ASSISTANCE_METHODS

    name = Choice(ASSISTANCE_METHODS, required=True)
    value = Choice(DISTANCE_METHODS, required=True)

    example: ClassVar = {
        "name": "distance",
        "value": "ellipsoid_of_towns",
        "valid_from": "2031-01-01",
        "source": "programme's rules of 2031",
    }


class RateAdded(Event):
    """A reference rate was added."""

    service = "payments"
    subject_kind = "rate"

    rate_id = fields.UUID(required=True)
    applies_to = fields.String(required=True)
    amount = Money(required=True)
    valid_from = fields.Date(required=True)

    example: ClassVar = {"rate_id": EXCHANGE_ID, "applies_to": "PT", "amount": EURO_390, "valid_from": "2027-01-01"}


class FigureAdded(FigureRowAdded):
    """A figure of the rule of the lump sum was added."""

    service = "payments"

    example: ClassVar = FigureRowAdded.example | {"name": "halving_km", "value": 250}


class AssistanceMethodAdded(MethodRowAdded):
    """A method of the rule of the lump sum was added."""

    service = "payments"

    example: ClassVar = MethodRowAdded.example | {"name": "distance", "value": "ellipsoid_of_towns"}
