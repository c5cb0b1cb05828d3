"""The scheme's indicators: counts of exchanges, flows between countries, time in each state, how far exchanges came; and those for everybody."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Whole
from chassis.bare.message import ANYONE, Query, View
from contracts.agreements.asking import CONTACT_POINTS, SUPPORT
from contracts.agreements.words import STATES
from contracts.words import Country, Party

COUNTERS = (*CONTACT_POINTS, "registrations", "finance", *SUPPORT, "auditor", "administrator")
WHOSE = "Contact points see their own partnerships; the support office, the auditor and administrators see all."

STAGES: dict[str, str] = {
    "matched": "Visitor and host agreed on an exchange",
    "submitted": "A commitment to quality was submitted",
    "validated": "Both partnerships validated it",
    "signed": "All four parties signed it",
    "agreed": "The financial agreement was signed, too",
    "started": "The visitor arrived",
    "ended": "The visitor left after the stay",
    "reported": "The closing report is validated",
    "paid": "The lump sum is paid",
}
"""How far an exchange came at its furthest, in order; each stage counts those that came further, too."""

LEAST_SHOWN = 5
"""What everybody may see names no number of exchanges below this one: few exchanges are easily known for whose they are."""


class AboutExchanges(Query):
    """Which exchanges are counted: those that one partnership pays, and those whose match was agreed in a period."""

    service = "agreements"
    allowed: ClassVar[tuple[str, ...]] = COUNTERS
    rule = WHOSE

    partnership_id = fields.UUID(load_default=None, metadata={"description": "The visitor's partnership, which pays."})
    opened_from = fields.Date(load_default=None, metadata={"description": "Matches agreed on or after this day (UTC)."})
    opened_to = fields.Date(load_default=None, metadata={"description": "Matches agreed on or before this day (UTC)."})


class Indicator(View):
    """One partnership's exchanges per state; an exchange counts once, for the partnership that pays (the visitor's)."""

    partnership_id = fields.UUID()
    acronym = fields.String()
    states = fields.Dict(keys=Choice(STATES), values=Whole(0))
    total = Whole(0)
    started = Whole(0, metadata={"description": "Visits used up: those that started."})
    completed = Whole(0, metadata={"description": "Those whose closing report is validated."})
    working_days = Whole(0, metadata={"description": "Sum of the days the hosts confirmed."})

    example: ClassVar = {
        "partnership_id": Party.example["partnership_id"],
        "acronym": "BLUES",
        "states": {"planning": 2, "report_validated": 5},
        "total": 7,
        "started": 5,
        "completed": 5,
        "working_days": 24,
    }


class Indicators(View):
    """The scheme's indicators, by partnership."""

    items = fields.List(fields.Nested(Indicator))

    example: ClassVar = {"items": [Indicator.example]}


class ReadIndicators(AboutExchanges):
    """Counts of exchanges per state, by the partnership that pays."""

    answers = Indicators

    example: ClassVar = {}


class Flow(View):
    """The exchanges from one country to another: all, those that started, those whose closing report is validated."""

    visitor_country = Country()
    host_country = Country()
    exchanges = Whole(1)
    started = Whole(0)
    completed = Whole(0)

    example: ClassVar = {"visitor_country": "DE", "host_country": "PT", "exchanges": 7, "started": 5, "completed": 4}


class Flows(View):
    """Flows between countries, the largest first."""

    items = fields.List(fields.Nested(Flow))

    example: ClassVar = {"items": [Flow.example]}


class ReadFlows(AboutExchanges):
    """From which countries to which ones visitors go."""

    answers = Flows

    example: ClassVar = {"opened_from": "2027-01-01"}


class TimeInState(View):
    """How long exchanges were in one state: half of them at most `median_days`, nine of ten at most `p90_days`.

    Both are of stretches that are over, and null where there are none. `now` are in it at this moment, the longest of them for
    `longest_now_days`. Who comes back to a state begins a new stretch.
    """

    state = Choice(STATES)
    left = Whole(0, metadata={"description": "Stretches that are over."})
    median_days = fields.Float(allow_none=True)
    p90_days = fields.Float(allow_none=True)
    now = Whole(0)
    longest_now_days = fields.Float(allow_none=True)

    example: ClassVar = {"state": "submitted", "left": 41, "median_days": 3.5, "p90_days": 9.0, "now": 4, "longest_now_days": 12.5}


class Times(View):
    """Time in each state that an exchange moves on from, in the order of a life without incident; days of 24 hours."""

    items = fields.List(fields.Nested(TimeInState))

    example: ClassVar = {"items": [TimeInState.example]}


class ReadTimes(AboutExchanges):
    """How long exchanges wait in each state."""

    answers = Times

    example: ClassVar = {}


class StageReached(View):
    """How many exchanges came at least as far as one stage."""

    stage = Choice(STAGES)
    exchanges = Whole(0)

    example: ClassVar = {"stage": "signed", "exchanges": 12}


class StagesReached(View):
    """How far exchanges came, from the match to the payment, in that order."""

    items = fields.List(fields.Nested(StageReached))

    example: ClassVar = {"items": [StageReached.example]}


class ReadStages(AboutExchanges):
    """How many exchanges came as far as each stage."""

    answers = StagesReached

    example: ClassVar = {}


class CountryCount(View):
    """A country and its exchanges, never fewer than five."""

    country = Country()
    exchanges = Whole(LEAST_SHOWN)

    example: ClassVar = {"country": "PT", "exchanges": 9}


class CountryCounts(View):
    """Exchanges by country; countries with fewer than five are counted in `others`, null where even that would tell too much."""

    items = fields.List(fields.Nested(CountryCount))
    others = Whole(0, allow_none=True)

    example: ClassVar[dict[str, Any]] = {"items": [CountryCount.example], "others": 6}


class ProgrammeFigures(View):
    """The programme in figures for everybody. A number below five is null, so that no exchange can be picked out."""

    matched = Whole(LEAST_SHOWN, allow_none=True)
    started = Whole(LEAST_SHOWN, allow_none=True)
    completed = Whole(LEAST_SHOWN, allow_none=True, metadata={"description": "Those whose closing report is validated."})
    visiting = fields.Nested(CountryCounts, metadata={"description": "Exchanges by the visitor's country."})
    hosting = fields.Nested(CountryCounts, metadata={"description": "Exchanges by the host's country."})

    example: ClassVar = {"matched": 40, "started": 22, "completed": 15, "visiting": CountryCounts.example, "hosting": CountryCounts.example}


class ReadProgrammeFigures(Query):
    """The programme's exchanges in figures, for everybody; small numbers are left out."""

    service = "agreements"
    answers = ProgrammeFigures
    allowed = (ANYONE,)

    example: ClassVar = {}
