"""Evidence that the exchange took place: uploaded by the visitor, looked at by the paying officer of its partnership."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Several, Text, Whole
from chassis.bare.files import Download, StoredFile, Upload
from chassis.bare.message import Command, FullPageQuery, Page, Query, View
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours, StaleVersion
from contracts.payments.assistance import READERS, THOSE_WITH_THE_MONEY
from contracts.payments.bank_details import AccessView
from contracts.payments.refusals import (
    EvidenceComplete,
    EvidenceNotFound,
    ExchangeNotFound,
    NoEvidence,
    StayNotOver,
    TooManyFiles,
)
from contracts.payments.words import (
    EVIDENCE_ID,
    EVIDENCE_KINDS,
    EVIDENCE_STATES,
    EXCHANGE_ID,
    PERSON_ID,
    RETURN_REASONS,
    moves_field,
)

FILE_TYPES = ("application/pdf", "image/jpeg", "image/png")
LARGEST_FILE = 10 * 1024 * 1024


class EvidenceView(View):
    """One file of evidence, how it stands, and who else than the visitor fetched it."""

    evidence_id = fields.UUID(required=True)
    exchange_id = fields.UUID(required=True)
    kind = Choice(EVIDENCE_KINDS, required=True)
    state = Choice(EVIDENCE_STATES, required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = Whole(required=True)
    uploaded_by = fields.UUID(required=True)
    uploaded_at = Instant(required=True)
    reason = Choice(RETURN_REASONS, required=True, allow_none=True)
    comment = fields.String(required=True, allow_none=True)
    accesses = fields.List(fields.Nested(AccessView), required=True)
    moves = moves_field()

    example: ClassVar = {
        "evidence_id": EVIDENCE_ID,
        "exchange_id": EXCHANGE_ID,
        "kind": "travel_invoice",
        "state": "uploaded",
        "name": "invoice.pdf",
        "media_type": "application/pdf",
        "size": 48211,
        "uploaded_by": PERSON_ID,
        "uploaded_at": "2027-04-01T09:00:00Z",
        "reason": None,
        "comment": None,
        "accesses": [{**AccessView.example, "purpose": "evidence"}],
        "moves": ["withdraw"],
    }


class EvidenceList(Page):
    """A page of the evidence of an exchange, the oldest first, and whether it was accepted as a whole; `version` is that of all of it.

    Every change of a file is a new version. `due_on` is the day by which the visitor hands it in, once the stay has ended; what comes
    later is looked at all the same.
    """

    version = Whole(1, required=True)
    items = fields.List(fields.Nested(EvidenceView), required=True)
    accepted_at = Instant(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    moves = moves_field()

    example: ClassVar = {
        "version": 2,
        "items": [EvidenceView.example],
        "next": None,
        "accepted_at": None,
        "due_on": "2027-04-06",
        "moves": ["accept_evidence"],
    }


class ListEvidence(FullPageQuery):
    """The evidence of an exchange, the oldest first: at most 50 files, so all on one page unless fewer are asked for."""

    service = "payments"
    answers = EvidenceList
    allowed = READERS
    rule = THOSE_WITH_THE_MONEY
    refusals = (ExchangeNotFound,)

    exchange_id = fields.UUID(required=True)
    state = Several(Choice(EVIDENCE_STATES), load_default=list)
    kind = Several(Choice(EVIDENCE_KINDS), load_default=list)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}


class UploadEvidence(Command):
    """Add a file of evidence: PDF, JPEG or PNG, at most 10 MB."""

    service = "payments"
    answers = EvidenceView
    allowed = ("representative",)
    rule = "Representatives of the visiting organisation."
    refusals = (ExchangeNotFound, TooManyFiles, MoveNotYours, MoveNotAllowed)

    exchange_id = fields.UUID(required=True)
    kind = Choice(EVIDENCE_KINDS, required=True)
    file = Upload(FILE_TYPES, LARGEST_FILE, required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID, "kind": "travel_invoice", "file": StoredFile.example}


class ReadEvidenceFile(Query):
    """The bytes of a file of evidence."""

    service = "payments"
    answers = Download
    file_types = FILE_TYPES
    allowed = READERS
    rule = THOSE_WITH_THE_MONEY
    refusals = (EvidenceNotFound,)

    evidence_id = fields.UUID(required=True)

    example: ClassVar = {"evidence_id": EVIDENCE_ID}


class WithdrawEvidence(Command):
    """Take a file of evidence back, before it is accepted."""

    service = "payments"
    answers = EvidenceView
    allowed = ("representative",)
    rule = "Representatives of the visiting organisation."
    refusals = (EvidenceNotFound, EvidenceComplete, MoveNotYours, MoveNotAllowed)

    evidence_id = fields.UUID(required=True)

    example: ClassVar = {"evidence_id": EVIDENCE_ID}


class AcceptFile(Command):
    """Accept one file of evidence."""

    service = "payments"
    answers = EvidenceView
    allowed = ("finance",)
    rule = "Paying officers of the visitor's partnership."
    refusals = (EvidenceNotFound, EvidenceComplete, MoveNotYours, MoveNotAllowed)

    evidence_id = fields.UUID(required=True)

    example: ClassVar = {"evidence_id": EVIDENCE_ID}


class ReturnFile(Command):
    """Return one file of evidence with a reason; the visitor uploads another."""

    service = "payments"
    answers = EvidenceView
    allowed = ("finance",)
    rule = "Paying officers of the visitor's partnership."
    refusals = (EvidenceNotFound, EvidenceComplete, MoveNotYours, MoveNotAllowed)

    evidence_id = fields.UUID(required=True)
    reason = Choice(RETURN_REASONS, required=True)
    comment = Text(1000, load_default=None, allow_none=True, lines=True)

    example: ClassVar = {"evidence_id": EVIDENCE_ID, "reason": "unreadable", "comment": "Page two is dark."}


class AcceptEvidence(Command):
    """Accept the evidence as a whole once the stay is over: files not decided yet are accepted with it, and nothing can be added afterwards."""

    service = "payments"
    answers = EvidenceList
    allowed = ("finance",)
    rule = "Paying officers of the visitor's partnership."
    if_match = True
    refusals = (ExchangeNotFound, StaleVersion, NoEvidence, StayNotOver, MoveNotYours, MoveNotAllowed)

    exchange_id = fields.UUID(required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}
