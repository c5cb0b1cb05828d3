"""The texts of both agreements, and who validated and signed them."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Digest, Instant, Whole
from chassis.bare.message import Page, View
from contracts.agreements.plan import PLAN_EXAMPLE, Plan
from contracts.agreements.words import DIGEST, EXCHANGE_ID, KINDS, NOTICE, PARTIES, PERSON_ID
from contracts.words import Party


class ValidationView(View):
    """A partnership's validation of one version."""

    party = Choice(PARTIES)
    partnership_id = fields.UUID()
    person_id = fields.UUID()
    name = fields.String()
    at = Instant()

    example: ClassVar = {
        "party": "visitor_partnership",
        "partnership_id": Party.example["partnership_id"],
        "person_id": PERSON_ID,
        "name": "The contact point",
        "at": "2027-01-20T09:00:00Z",
    }


class SignatureView(View):
    """One party's signature: who, when, and the SHA-256 of the text that was signed."""

    party = Choice(PARTIES)
    place_id = fields.UUID(metadata={"description": "The organisation or partnership that signed."})
    person_id = fields.UUID()
    name = fields.String()
    at = Instant()
    text_digest = Digest()

    example: ClassVar = {
        "party": "visitor",
        "place_id": Party.example["organisation_id"],
        "person_id": PERSON_ID,
        "name": "The representative",
        "at": "2027-01-21T09:00:00Z",
        "text_digest": DIGEST,
    }


class AgreementView(View):
    """One numbered, immutable text of an agreement with its parties, validations and signatures.

    `number` counts the texts of its kind; `commitment_number` is the commitment's version it belongs to.
    """

    exchange_id = fields.UUID()
    kind = Choice(KINDS)
    number = Whole(1)
    commitment_number = Whole(1)
    language = fields.String(metadata={"description": "Of the text, and of its PDF."})
    text = fields.String()
    text_digest = Digest(metadata={"description": "SHA-256 of the text in UTF-8; send it with the signature."})
    parties = fields.List(Choice(PARTIES))
    missing = fields.List(Choice(PARTIES))
    validations = fields.List(fields.Nested(ValidationView))
    signatures = fields.List(fields.Nested(SignatureView))
    submitted_at = Instant()
    validated_at = Instant(allow_none=True)
    signed_at = Instant(allow_none=True)
    comments = fields.String(metadata={"description": "Why this version was sent back; empty otherwise."})
    document = fields.Boolean(metadata={"description": "Whether the PDF can be downloaded."})
    notice = fields.String()

    example: ClassVar = {
        "exchange_id": EXCHANGE_ID,
        "kind": "commitment_to_quality",
        "number": 1,
        "commitment_number": 1,
        "language": "en",
        "text": "COMMITMENT TO QUALITY ...",
        "text_digest": DIGEST,
        "parties": list(PARTIES),
        "missing": ["host", "visitor_partnership", "host_partnership"],
        "validations": [ValidationView.example],
        "signatures": [SignatureView.example],
        "submitted_at": "2027-01-19T09:00:00Z",
        "validated_at": "2027-01-20T09:00:00Z",
        "signed_at": None,
        "comments": "",
        "document": False,
        "notice": NOTICE,
    }


class Change(View):
    """One line of the text that differs from the version before: `was` is empty for an added line, `is` for a removed one."""

    was = fields.String()
    now = fields.String()

    example: ClassVar = {"was": "End: 2027-03-07", "now": "End: 2027-03-09"}


class VersionView(AgreementView):
    """A version of the commitment, with its plan and what changed since the version before."""

    plan = fields.Nested(Plan)
    working_days = Whole(0)
    changes = fields.List(fields.Nested(Change))

    example: ClassVar = {**AgreementView.example, "plan": PLAN_EXAMPLE, "working_days": 4, "changes": [Change.example]}


class VersionSummary(View):
    """A version of the commitment in a list."""

    number = Whole(1)
    text_digest = Digest()
    submitted_at = Instant()
    validated_at = Instant(allow_none=True)
    signed_at = Instant(allow_none=True)
    comments = fields.String()

    example: ClassVar = {
        "number": 1,
        "text_digest": DIGEST,
        "submitted_at": "2027-01-19T09:00:00Z",
        "validated_at": None,
        "signed_at": None,
        "comments": "Please name the travellers.",
    }


class Versions(Page):
    """A page of the versions of the commitment, the oldest first."""

    items = fields.List(fields.Nested(VersionSummary))

    example: ClassVar = {"items": [VersionSummary.example], "next": None}
