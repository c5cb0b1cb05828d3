"""The closing report: its questions, and where it stands."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.bare.fields import Choice, Instant, Several, Text, Whole
from chassis.bare.message import Contract, View
from contracts.agreements.words import EXCHANGE_ID, FOLLOW_UPS, STATES


class Outcome(Contract):
    """What came of one objective of the plan; `objective` repeats its words, so that it is clear which."""

    objective = Text(1000, required=True, lines=True)
    outcome = Text(2000, required=True, lines=True)

    example: ClassVar = {
        "objective": "Learn how a members' laboratory is run",
        "outcome": "We took its rules home.",
    }


REPORT_EXAMPLE: dict[str, Any] = {
    "as_planned": True,
    "first_day": "2027-03-02",
    "last_day": "2027-03-05",
    "days_present": 4,
    "deviations": "",
    "outcomes": [Outcome.example],
    "contacts_made": 6,
    "follow_ups": ["project"],
    "follow_up_details": "A common project on shared equipment.",
    "usefulness": 5,
    "publish": True,
}


class Report(Contract):
    """The visitor's closing report, as far as it is written: whether all went as planned and on which days, an outcome per
    objective, contacts made and follow-up, usefulness from 1 to 5, consent to publish (questions inferred: the programme's form
    was not found)."""

    as_planned = fields.Boolean(load_default=None, allow_none=True)
    first_day = fields.Date(load_default=None, allow_none=True, metadata={"description": "The visitor's first day at the host."})
    last_day = fields.Date(load_default=None, allow_none=True, metadata={"description": "The visitor's last day at the host."})
    days_present = Whole(
        0, 31, load_default=None, allow_none=True,
        metadata={"description": "On how many working days the visitor was there, as it says itself; travel not counted."},
    )  # fmt: skip
    deviations = Text(4000, 0, load_default="", lines=True)
    outcomes = Several(fields.Nested(Outcome), most=20, load_default=list)
    contacts_made = Whole(0, 10_000, load_default=None, allow_none=True)
    follow_ups = Several(Choice(FOLLOW_UPS), most=10, load_default=list)
    follow_up_details = Text(4000, 0, load_default="", lines=True)
    usefulness = Whole(1, 5, load_default=None, allow_none=True)
    publish = fields.Boolean(load_default=None, allow_none=True)

    example: ClassVar = REPORT_EXAMPLE

    @validates_schema
    def _days_in_order(self, data: dict[str, Any], **_: Any) -> None:
        first, last, present = (data.get(name) for name in ("first_day", "last_day", "days_present"))
        if first is None or last is None:
            return
        if last < first:
            raise ValidationError("The last day comes before the first.", "last_day")
        if present is not None and present > (most := (last - first).days + 1):
            raise ValidationError(f"From the first to the last day there are {most} days; state that many at most.", "days_present")


class ReportView(View):
    """The closing report beside what the host said of the stay, and where the report stands.

    `report.days_present` is the visitor's own count, `days_confirmed` the host's; the latter decides on the amount paid.
    """

    exchange_id = fields.UUID()
    version = Whole(1)
    state = Choice(STATES)
    report = fields.Nested(Report)
    missing = fields.List(fields.String())
    comments = fields.String(metadata={"description": "Why it was sent back; empty otherwise."})
    submitted_at = Instant(allow_none=True)
    validated_at = Instant(allow_none=True)
    started_on = fields.Date(allow_none=True, metadata={"description": "The arrival, as it was confirmed."})
    ended_on = fields.Date(allow_none=True, metadata={"description": "The departure, as it was confirmed."})
    days_confirmed = Whole(0, 31, allow_none=True, metadata={"description": "Working days, as the host confirmed; null until then."})
    host_usefulness = Whole(1, 5, allow_none=True)
    host_remarks = fields.String()
    moves = fields.List(fields.String())

    example: ClassVar = {
        "exchange_id": EXCHANGE_ID,
        "version": 2,
        "state": "ended",
        "report": REPORT_EXAMPLE,
        "missing": [],
        "comments": "",
        "submitted_at": None,
        "validated_at": None,
        "started_on": "2027-03-01",
        "ended_on": "2027-03-07",
        "days_confirmed": 4,
        "host_usefulness": 4,
        "host_remarks": "",
        "moves": ["write_report", "submit_report"],
    }
