"""What one may ask of the agreements service: reads, and one command for each move of an exchange."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Digest, Several, Text, Whole
from chassis.bare.message import Command, Download, PageQuery, Query, Request, View
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours, Refusal, StaleVersion
from contracts.agreements import refusals as no
from contracts.agreements import views
from contracts.agreements.views import DIGEST, EXCHANGE_ID, ExchangeView
from contracts.agreements.words import COMMITMENT, DEADLINES, REASONS, STATES, KindInAddress
from contracts.words import Country

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


class ListExchanges(PageQuery):
    """The exchanges that the viewer has to do with, the latest opened first."""

    service = "agreements"
    answers = views.ExchangePage
    allowed = READERS
    rule = "Each sees the exchanges of the own organisations and partnerships; the support office and the auditor see all."

    state = Several(Choice(STATES), most=len(STATES), load_default=list)
    partnership_id = fields.UUID(load_default=None, metadata={"description": "Visitor's or host's partnership."})
    organisation_id = fields.UUID(load_default=None, metadata={"description": "Visiting or host organisation."})
    country = Country(load_default=None, metadata={"description": "Visitor's or host's country."})
    starts_from = fields.Date(load_default=None, metadata={"description": "Planned first day on or after this day."})
    starts_to = fields.Date(load_default=None, metadata={"description": "Planned first day on or before this day."})

    example: ClassVar = {"state": ["submitted"], "limit": 25}


class ReadExchange(AgreementsQuery):
    """One exchange: the state of every track, the viewer's moves, who is waited for."""

    answers = ExchangeView


class ReadCommitment(AgreementsQuery):
    """The plan as it is being written, with the programme's notice."""

    answers = views.CommitmentView


class ListCommitmentVersions(AgreementsQuery):
    """All submitted versions of the commitment."""

    answers = views.Versions


class ReadCommitmentVersion(AgreementsQuery):
    """One version of the commitment, with what changed since the one before."""

    answers = views.VersionView
    refusals = (no.ExchangeNotFound, no.VersionNotFound)

    number = Whole(1, 10_000, required=True)

    example: ClassVar = ID | {"number": 1}


class ReadAgreement(AgreementsQuery):
    """The standing text of an agreement, which the parties sign: the commitment to quality or the financial agreement."""

    answers: ClassVar[type[View]] = views.AgreementView
    rule = WHO_READS + " The financial agreement is not for the host's side."
    refusals: ClassVar[tuple[type[Refusal], ...]] = (no.ExchangeNotFound, no.AgreementNotFound)

    kind = KindInAddress(required=True)

    example: ClassVar = ID | {"kind": COMMITMENT}


class DownloadAgreement(ReadAgreement):
    """The PDF of an agreement as last signed by all, with its trail of signatures; of a certain `number` if one is named."""

    answers = Download
    refusals = (no.ExchangeNotFound, no.AgreementNotFound, no.DocumentNotFound)

    number = Whole(1, 10_000, load_default=None, allow_none=True)


class ReadReport(AgreementsQuery):
    """The closing report and the host's rating."""

    answers = views.ReportView
    refusals = (no.ExchangeNotFound, no.ReportNotFound)


class ListHistory(AgreementsQuery):
    """Everything that happened to an exchange."""

    answers = views.History


class ReadDossier(AgreementsQuery):
    """Everything of one exchange in one view."""

    answers = views.Dossier
    allowed = ("auditor", *SUPPORT)
    rule = "The auditor and the support office."


class ReadIndicators(Query):
    """Counts of exchanges per state, by the partnership that pays."""

    service = "agreements"
    answers = views.Indicators
    allowed = (*CONTACT_POINTS, "registrations", "finance", *SUPPORT, "auditor", "administrator")
    rule = "Contact points see their own partnerships; the support office, the auditor and administrators see all."

    partnership_id = fields.UUID(load_default=None)

    example: ClassVar = {}


class EditCommitment(AgreementsCommand, views.Plan):
    """Write the plan; what is sent replaces what was written. It may be incomplete until it is submitted."""

    answers = views.CommitmentView
    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host, while it is planned or changes are requested."
    keyed = False
    if_match = True
    refusals = (*LIFECYCLE, StaleVersion)

    example: ClassVar = ID | views.PLAN_EXAMPLE


class SubmitCommitment(AgreementsCommand):
    """Lay the plan before both partnerships, as a numbered version that does not change any more."""

    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host."
    if_match = True
    refusals = (
        *LIFECYCLE, StaleVersion, no.PlanIncomplete, no.DatesNotAcceptable, no.StayTooShort, no.StayTooLong, no.SameCountry,
    )  # fmt: skip


class RecallCommitment(AgreementsCommand):
    """Take the submitted version back to change it, as long as it is not validated."""

    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host."


class OfVersion(AgreementsCommand):
    """Answers to one version of the commitment, so that nobody decides on a text not seen."""

    allowed = CONTACT_POINTS
    rule = "Contact points for agreements of the visitor's or the host's partnership; of both capacities at once where it is one."
    refusals: ClassVar[tuple[type[Refusal], ...]] = (*LIFECYCLE, no.NotTheStandingVersion)

    number = Whole(1, 10_000, required=True)

    example: ClassVar = ID | {"number": 1}


class ValidateCommitment(OfVersion):
    """Validate the submitted version for one's partnership."""

    refusals = (*LIFECYCLE, no.NotTheStandingVersion, no.AlreadyValidated)


class ReturnCommitment(OfVersion):
    """Send the submitted version back to visitor and host, saying what to change."""

    comments = Text(4000, required=True, lines=True)

    example: ClassVar = ID | {"number": 1, "comments": "Please name the travellers."}


class AmendCommitment(AgreementsCommand, WithReason):
    """Begin a new version of a validated or signed commitment; it is validated and signed anew, the signed one is kept."""

    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host, before the exchange starts."

    example: ClassVar = ID | WithReason.example


class AbandonAmendment(AgreementsCommand):
    """Give a new version up: the signed one stands again."""

    allowed = ORGANISATIONS
    rule = "Representatives of the visitor or the host, as long as no newer version was validated."
    refusals = (*LIFECYCLE, no.NothingToReturnTo)


class SignAgreement(AgreementsCommand):
    """Sign the text that has this SHA-256, for the organisation or partnership one speaks for."""

    answers = views.AgreementView
    allowed = (*ORGANISATIONS, *CONTACT_POINTS)
    rule = (
        "Any representative of a party's organisation and any contact point for agreements of a party's partnership; the "
        "commitment has four parties, the financial agreement two (visitor, visitor's partnership)."
    )
    fresh = True
    refusals = (
        *LIFECYCLE, no.NotValidatedYet, no.AmountNotComputed, no.StaleText, no.AlreadySigned, no.AgreementNotFound,
    )  # fmt: skip

    kind = KindInAddress(required=True)
    text_digest = Digest(required=True)

    example: ClassVar = ID | {"kind": COMMITMENT, "text_digest": DIGEST}


class ConfirmArrival(AgreementsCommand):
    """Confirm that the visitor arrived: the exchange runs. Everybody but the host says why."""

    allowed = ANY_PARTY
    rule = "The host; in its place, with a reason, the visitor's contact point or the support office."
    refusals: ClassVar[tuple[type[Refusal], ...]] = (*LIFECYCLE, no.NotAllSigned, no.TooEarly, no.NotInTheStay, no.ReasonRequired)

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

    days_present = Whole(0, 31, required=True)

    example: ClassVar = ID | {"days_present": 4}


class RateExchange(AgreementsCommand):
    """The host's own rating of the exchange's usefulness, 1 to 5."""

    allowed = ORGANISATIONS
    rule = "The host, once the exchange has ended."

    usefulness = Whole(1, 5, required=True)
    remarks = Text(2000, 0, load_default="", lines=True)

    example: ClassVar = ID | {"usefulness": 4, "remarks": ""}


class WriteReport(AgreementsCommand, views.Report):
    """Write the closing report; what is sent replaces what was written. It may be incomplete until it is submitted."""

    answers = views.ReportView
    allowed = ORGANISATIONS
    rule = "The visitor, from the arrival until it is submitted."
    keyed = False

    example: ClassVar = ID | views.REPORT_EXAMPLE


class SubmitReport(AgreementsCommand):
    """Lay the closing report before the visitor's partnership."""

    allowed = ORGANISATIONS
    rule = "The visitor, once the exchange has ended."
    refusals = (*LIFECYCLE, no.ReportIncomplete)


class ValidateReport(AgreementsCommand):
    """Validate the closing report."""

    allowed = CONTACT_POINTS
    rule = "Contact points for agreements of the visitor's partnership."


class ReturnReport(ValidateReport):
    """Send the closing report back to the visitor, saying what to change."""

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

    example: ClassVar = ID | views.DEADLINE_EXAMPLE | WithReason.example
