"""The moves of the stay and the closing report, and the ways out."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Text, Whole
from chassis.bare.refusals import Refusal
from contracts.agreements import refusals as no
from contracts.agreements.asking import (
    ANY_PARTY,
    CONTACT_POINTS,
    ID,
    LIFECYCLE,
    ORGANISATIONS,
    SUPPORT,
    AgreementsCommand,
    WithReason,
)
from contracts.agreements.closing import REPORT_EXAMPLE, Report, ReportView
from contracts.agreements.words import DEADLINES, REASONS


class ConfirmArrival(AgreementsCommand):
    """Confirm that the visitor arrived: the exchange runs. Everybody but the host says why."""

    allowed = ANY_PARTY
    rule = "The host; in its place, with a reason, the visitor's contact point or the support office."
    refusals: ClassVar[tuple[type[Refusal], ...]] = (
        *LIFECYCLE, no.NotAllSigned, no.SignedTooLate, no.TooEarly, no.NotInTheStay, no.ReasonRequired,
    )  # fmt: skip

    on = fields.Date(load_default=None, allow_none=True, metadata={"description": "The day of arrival; today if left out."})
    reason = Choice(REASONS, load_default=None, allow_none=True)
    explanation = Text(2000, 0, load_default="", lines=True)

    example: ClassVar = ID | {"on": "2027-03-01"}


class ConfirmDeparture(ConfirmArrival):
    """Confirm that the visitor left; before the planned last day it needs a reason and shortens the exchange."""

    rule = "Visitor or host; in their place the support office."
    refusals = (*LIFECYCLE, no.NotInTheStay, no.ReasonRequired)

    example: ClassVar = ID | {"on": "2027-03-07"}


class ConfirmDays(AgreementsCommand):
    """Confirm on how many working days the visitor was present (whole days, travel not counted)."""

    allowed = (*ORGANISATIONS, *SUPPORT)
    rule = "The host; in its place the support office. Corrected until the closing report is validated."
    refusals = (*LIFECYCLE, no.TooManyDays)
    if_match = True

    days_present = Whole(0, 31, required=True)

    example: ClassVar = ID | {"days_present": 4}


class RateExchange(AgreementsCommand):
    """The host's own rating of the exchange's usefulness, 1 to 5."""

    allowed = ORGANISATIONS
    rule = "The host, once the exchange has ended."
    if_match = True

    usefulness = Whole(1, 5, required=True)
    remarks = Text(2000, 0, load_default="", lines=True)

    example: ClassVar = ID | {"usefulness": 4, "remarks": ""}


class WriteReport(AgreementsCommand, Report):
    """Write the closing report; what is sent replaces what was written. It may be incomplete until it is submitted."""

    answers = ReportView
    allowed = ORGANISATIONS
    rule = "The visitor, from the arrival until it is submitted."
    refusals = (*LIFECYCLE, no.DaysDoNotFit)
    keyed = False
    if_match_again = True

    example: ClassVar = ID | REPORT_EXAMPLE


class SubmitReport(AgreementsCommand):
    """Lay the closing report before the visitor's partnership; If-Match names the report's version."""

    allowed = ORGANISATIONS
    rule = "The visitor, once the exchange has ended."
    if_match = True
    refusals = (*LIFECYCLE, no.ReportIncomplete, no.DaysDoNotFit)


class ValidateReport(AgreementsCommand):
    """Validate the closing report; If-Match names the report's version."""

    allowed = CONTACT_POINTS
    rule = "Contact points for agreements of the visitor's partnership."
    if_match = True


class ReturnReport(ValidateReport):
    """Send the closing report back to the visitor, saying what to change; If-Match names the report's version."""

    comments = Text(4000, required=True, lines=True)

    example: ClassVar = ID | {"comments": "Please say what came of the second objective."}


class CancelExchange(AgreementsCommand, WithReason):
    """Call the exchange off before it starts; the visit is not used up, and both are free for another match."""

    allowed: ClassVar[tuple[str, ...]] = ANY_PARTY
    rule = "Any of the four parties, or the support office."

    example: ClassVar = ID | WithReason.example


class TerminateExchange(CancelExchange):
    """Break a running exchange off; the visit is used up."""

    allowed = (*CONTACT_POINTS, *SUPPORT)
    rule = "A contact point of either partnership, or the support office."


class RecordNoShow(AgreementsCommand, WithReason):
    """Record that the visitor did not come; the visit is not used up."""

    allowed = ANY_PARTY
    rule = "The host, a contact point of either partnership, or the support office, after the planned first day."
    refusals = (*LIFECYCLE, no.TooEarly)

    example: ClassVar = ID | WithReason.example


class MoveDeadline(AgreementsCommand, WithReason):
    """Move a deadline of an exchange."""

    allowed = SUPPORT
    rule = "The support office."
    refusals = (*LIFECYCLE, no.TooEarly)

    deadline = Choice(DEADLINES, required=True)
    on = fields.Date(required=True)

    example: ClassVar = ID | {"deadline": DEADLINES[0], "on": "2027-05-15"} | WithReason.example
