"""What agreements announces of an exchange. The subject is always the exchange; the audience its two partnerships."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Digest, Instant, Several, Whole
from chassis.bare.message import Event
from contracts.agreements.rules import WORKING_DAYS_METHODS
from contracts.agreements.words import DEADLINES, DIGEST, EXCHANGE_ID, KINDS, PARTIES, REASONS, REFUSED_MATCHES
from contracts.words import Country, Money, Party

VISITORS_SIDE = ("representative@visitor.organisation_id", "agreements@visitor.partnership_id", "finance@visitor.partnership_id")
HOSTS_SIDE = ("representative@host.organisation_id", "agreements@host.partnership_id")
OFFICES = ("support_officer", "auditor")
"""Who reads every exchange."""

ABOUT: dict[str, Any] = {
    "exchange_id": EXCHANGE_ID,
    "visitor": Party.example,
    "host": Party.example | {"organisation_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c12"},
}


class ExchangeEvent(Event):
    """Something that happened to an exchange; every one names both parties."""

    service = "agreements"
    subject_kind = "exchange"
    tells = ("exchanges:{exchange_id}",)
    concerns: ClassVar[tuple[str, ...]] = (*VISITORS_SIDE, *HOSTS_SIDE, *OFFICES)

    exchange_id = fields.UUID(required=True)
    visitor = fields.Nested(Party, required=True)
    host = fields.Nested(Party, required=True)

    example: ClassVar = ABOUT


class ExchangeOpened(ExchangeEvent):
    """A match became an exchange: visitor and host can plan it."""

    heard_by = ("identity", "payments", "matching")


class ExchangeRefused(ExchangeEvent):
    """A match did not become an exchange; both are free again."""

    heard_by = ("matching", "identity")
    reason = Choice(REFUSED_MATCHES, required=True)

    example: ClassVar = {**ABOUT, "reason": "exchange_open"}


class CommitmentEdited(ExchangeEvent):
    """The plan was written on."""


class CommitmentSubmitted(ExchangeEvent):
    """A numbered version of the commitment lies before both partnerships."""

    heard_by = ("identity", "registry")
    for_partnerships = True
    version = Whole(1, required=True)

    example: ClassVar = {**ABOUT, "version": 1}


class CommitmentRecalled(ExchangeEvent):
    """Visitor or host took the submitted version back to change it."""

    version = Whole(1, required=True)

    example: ClassVar = {**ABOUT, "version": 1}


class CommitmentReturned(ExchangeEvent):
    """A partnership sent the version back with comments."""

    heard_by = ("identity",)
    version = Whole(1, required=True)
    by_partnership_id = fields.UUID(required=True)

    example: ClassVar = {**ABOUT, "version": 1, "by_partnership_id": Party.example["partnership_id"]}


class ValidationGiven(ExchangeEvent):
    """One partnership validated the version."""

    heard_by = ("identity",)
    version = Whole(1, required=True)
    by_partnership_id = fields.UUID(required=True)

    example: ClassVar = {**ABOUT, "version": 1, "by_partnership_id": Party.example["partnership_id"]}


class CommitmentValidated(ExchangeEvent):
    """Both partnerships validated the version: it can be signed, and the assistance computed."""

    heard_by = ("payments", "identity", "registry")
    for_partnerships = True
    version = Whole(1, required=True)
    text_digest = Digest(required=True)
    start = fields.Date(required=True)
    end = fields.Date(required=True)
    working_days = Whole(0, required=True)
    working_days_method = Choice(WORKING_DAYS_METHODS, required=True)
    working_days_source = fields.String(required=True)
    travel_days = Several(fields.Date(), required=True)
    travellers = Whole(1, required=True)
    host_country = Country(required=True)

    example: ClassVar = {
        **ABOUT,
        "version": 1,
        "text_digest": DIGEST,
        "start": "2027-03-01",
        "end": "2027-03-07",
        "working_days": 4,
        "working_days_method": "calendar_without_public_holidays",
        "working_days_source": "assumption: the platform's own",
        "travel_days": ["2027-03-01", "2027-03-07"],
        "travellers": 1,
        "host_country": "PT",
    }


class AmendmentBegun(ExchangeEvent):
    """A new version of the commitment is being written; the signed one stays as it was signed."""

    heard_by = ("identity",)
    version = Whole(1, required=True, metadata={"description": "The version that is amended."})
    reason = Choice(REASONS, required=True)

    example: ClassVar = {**ABOUT, "version": 1, "reason": "no_time"}


class AmendmentAbandoned(ExchangeEvent):
    """The amendment was given up: the signed version stands again."""

    heard_by = ("identity",)
    version = Whole(1, required=True, metadata={"description": "The version that stands."})

    example: ClassVar = {**ABOUT, "version": 1}


class SignatureGiven(ExchangeEvent):
    """One party signed one text."""

    heard_by = ("identity", "registry")
    for_partnerships = True
    kind = Choice(KINDS, required=True)
    version = Whole(1, required=True)
    party = Choice(PARTIES, required=True)
    text_digest = Digest(required=True)

    example: ClassVar = {**ABOUT, "kind": KINDS[0], "version": 1, "party": "visitor", "text_digest": DIGEST}


class AgreementSigned(ExchangeEvent):
    """All parties of an agreement have signed it."""

    heard_by = ("payments", "identity", "registry")
    for_partnerships = True
    kind = Choice(KINDS, required=True)
    version = Whole(1, required=True, metadata={"description": "The number of the text among those of its kind."})
    commitment_version = Whole(
        1, required=True, metadata={"description": "The version of the commitment that it is, or that a financial agreement is about."}
    )
    text_digest = Digest(required=True)
    signed_at = Instant(required=True)

    example: ClassVar = {
        **ABOUT,
        "kind": KINDS[0],
        "version": 1,
        "commitment_version": 1,
        "text_digest": DIGEST,
        "signed_at": "2027-01-21T09:00:00Z",
    }


class FinancialAgreementDrafted(ExchangeEvent):
    """The financial agreement can be read and signed by the visitor and its partnership."""

    # Of the amount the host's side hears nothing.
    concerns = (*VISITORS_SIDE, *OFFICES)
    heard_by = ("identity",)
    version = Whole(1, required=True)
    amount = Money(required=True)

    example: ClassVar = {**ABOUT, "version": 1, "amount": {"minor": 78000, "currency": "EUR"}}


class DocumentWanted(ExchangeEvent):
    """An agreement is signed by all: its PDF is to be made."""

    kind = Choice(KINDS, required=True)
    version = Whole(1, required=True)

    example: ClassVar = {**ABOUT, "kind": KINDS[0], "version": 1}


class DocumentRendered(ExchangeEvent):
    """The PDF of a signed agreement can be downloaded."""

    kind = Choice(KINDS, required=True)
    version = Whole(1, required=True)
    sha256 = Digest(required=True)

    example: ClassVar = {**ABOUT, "kind": KINDS[0], "version": 1, "sha256": DIGEST}


class ExchangeReady(ExchangeEvent):
    """Both agreements are signed by all: the visitor may arrive."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True


class ArrivalReminded(ExchangeEvent):
    """The planned first day has passed and nobody confirmed the arrival; `escalated`: the support office is told too."""

    heard_by = ("identity",)
    escalated = fields.Boolean(required=True)

    example: ClassVar = {**ABOUT, "escalated": False}


class ExchangeStarted(ExchangeEvent):
    """The visitor arrived: its one visit in the scheme is used up."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    started_on = fields.Date(required=True)
    reason = Choice(REASONS, load_default=None, allow_none=True)

    example: ClassVar = {**ABOUT, "started_on": "2027-03-01", "reason": None}


class ExchangeEnded(ExchangeEvent):
    """The visitor left; the closing report and the host's confirmation of days are awaited."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    ended_on = fields.Date(required=True)
    shortened = fields.Boolean(required=True)
    reason = Choice(REASONS, load_default=None, allow_none=True)

    example: ClassVar = {**ABOUT, "ended_on": "2027-03-07", "shortened": False, "reason": None}


class DaysConfirmed(ExchangeEvent):
    """The host confirmed how many working days the visitor was present."""

    heard_by = ("payments", "identity")
    days_present = Whole(0, 31, required=True)

    example: ClassVar = {**ABOUT, "days_present": 4}


class ExchangeRated(ExchangeEvent):
    """The host rated the usefulness of the exchange."""


class ReportWritten(ExchangeEvent):
    """The visitor wrote on the closing report."""


class ReportReminded(ExchangeEvent):
    """The closing report is still awaited; `overdue`: its deadline has passed, and the visitor's contact point is told too;
    `escalated`: that was of no use, and the support office is told."""

    heard_by = ("identity",)
    overdue = fields.Boolean(load_default=False)
    escalated = fields.Boolean(required=True)

    example: ClassVar = {**ABOUT, "overdue": True, "escalated": False}


class ReportSubmitted(ExchangeEvent):
    """The closing report lies before the visitor's partnership."""

    heard_by = ("identity",)


class ReportReturned(ExchangeEvent):
    """The visitor's partnership sent the closing report back with comments."""

    heard_by = ("identity",)


class ReportValidated(ExchangeEvent):
    """The visitor's partnership validated the closing report."""

    heard_by = ("payments", "identity", "registry")
    for_partnerships = True


class DeadlineMoved(ExchangeEvent):
    """The support office moved a deadline."""

    heard_by = ("identity",)
    deadline = Choice(DEADLINES, required=True)
    on = fields.Date(required=True)
    reason = Choice(REASONS, required=True)

    example: ClassVar = {**ABOUT, "deadline": "report", "on": "2027-05-15", "reason": "illness"}


class ExchangeCancelled(ExchangeEvent):
    """The exchange was called off before it started; the visit is not used up."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    reason = Choice(REASONS, required=True)

    example: ClassVar = {**ABOUT, "reason": "illness"}


class ExchangeTerminated(ExchangeEvent):
    """The exchange was broken off while it ran."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    reason = Choice(REASONS, required=True)

    example: ClassVar = {**ABOUT, "reason": "not_as_agreed"}


class NoShowRecorded(ExchangeEvent):
    """The visitor did not come; the visit is not used up."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    reason = Choice(REASONS, required=True)

    example: ClassVar = {**ABOUT, "reason": "no_answer"}
