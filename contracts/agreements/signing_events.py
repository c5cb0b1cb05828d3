"""What agreements announces of both agreements: the plan written, validated, amended and signed, the money drafted, the PDF made."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Digest, Instant, Several, Whole
from contracts.agreements.events import ABOUT, OFFICES, VISITORS_SIDE, ExchangeEvent
from contracts.agreements.rules import WORKING_DAYS_METHODS
from contracts.agreements.words import DIGEST, KINDS, PARTIES, REASONS
from contracts.words import Country, Money, Party


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
