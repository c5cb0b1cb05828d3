"""What is shown of an exchange: where it stands, its history, the auditor's dossier."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Whole
from chassis.bare.message import View, page_of
from contracts.agreements.closing import ReportView
from contracts.agreements.texts import AgreementView, VersionView
from contracts.agreements.words import EXCHANGE_ID, PARTIES, PAYMENT_STATES, REASONS, STATES
from contracts.matching.dossier import ExchangeConversation
from contracts.payments.dossier import ExchangeMoney
from contracts.words import Country, Party


class Side(View):
    """A party of the exchange with the name it goes by."""

    party = fields.Nested(Party)
    name = fields.String()
    country = Country()
    partnership = fields.String()

    example: ClassVar = {"party": Party.example, "name": "Blue Harbour Cluster", "country": "ES", "partnership": "BLUES"}


class Explanation(View):
    """Why somebody last left the straight way: a typed reason, its explanation, by which side."""

    reason = Choice(REASONS)
    explanation = fields.String()
    by = fields.String()

    example: ClassVar = {"reason": "illness", "explanation": "", "by": "visitor"}


class ExchangeView(View):
    """Where an exchange stands: its state, the state of each track, the viewer's open moves, and who is waited for.

    `moves` are the names of what the viewer may do now; `waiting_for` names the roles who can bring it on. The amount and the
    payment are not shown to the host's side: there `payment`, `bank_details_given` and
    `evidence_accepted` are null.
    """

    exchange_id = fields.UUID()
    version = Whole(1)
    state = Choice(STATES)
    meaning = fields.String(metadata={"description": "The state in words."})
    visitor = fields.Nested(Side)
    host = fields.Nested(Side)
    capacities = fields.List(fields.String(), metadata={"description": "In which capacities the viewer looks at it."})
    moves = fields.List(fields.String())
    waiting_for = fields.List(fields.String())
    commitment_number = Whole(0, metadata={"description": "The version of the commitment that stands; 0: none submitted."})
    signed_number = Whole(0, metadata={"description": "The last version that all parties signed; 0: none."})
    commitment_missing = fields.List(Choice(PARTIES), metadata={"description": "Parties whose signature is missing."})
    financial_agreement = Choice(("none", "drafted", "signed", "refused"))
    financial_missing = fields.List(Choice(PARTIES))
    payment = Choice(PAYMENT_STATES, allow_none=True)
    bank_details_given = fields.Boolean(allow_none=True)
    evidence_accepted = fields.Boolean(allow_none=True)
    start = fields.Date(allow_none=True, metadata={"description": "First day as planned in the standing version."})
    end = fields.Date(allow_none=True)
    working_days = Whole(0, allow_none=True)
    started_on = fields.Date(allow_none=True)
    ended_on = fields.Date(allow_none=True)
    shortened = fields.Boolean()
    days_present = Whole(0, 31, allow_none=True, metadata={"description": "Working days, as the host confirmed."})
    host_usefulness = Whole(1, 5, allow_none=True, metadata={"description": "The host's own rating."})
    host_remarks = fields.String()
    report_due_on = fields.Date(allow_none=True)
    last_reason = fields.Nested(Explanation, allow_none=True)
    opened_at = Instant()
    changed_at = Instant()

    example: ClassVar = {
        "exchange_id": EXCHANGE_ID,
        "version": 7,
        "state": "validated",
        "meaning": STATES["validated"],
        "visitor": Side.example,
        "host": Side.example,
        "capacities": ["visitor"],
        "moves": ["sign_commitment", "amend_commitment", "cancel_exchange"],
        "waiting_for": ["visitor", "host", "visitor_partnership", "host_partnership"],
        "commitment_number": 1,
        "signed_number": 0,
        "commitment_missing": list(PARTIES),
        "financial_agreement": "drafted",
        "financial_missing": ["visitor", "visitor_partnership"],
        "payment": "none",
        "bank_details_given": False,
        "evidence_accepted": False,
        "start": "2027-03-01",
        "end": "2027-03-07",
        "working_days": 4,
        "started_on": None,
        "ended_on": None,
        "shortened": False,
        "days_present": None,
        "host_usefulness": None,
        "host_remarks": "",
        "report_due_on": None,
        "last_reason": None,
        "opened_at": "2027-01-10T09:00:00Z",
        "changed_at": "2027-01-20T09:00:00Z",
    }


class HistoryEntry(View):
    """One row of the journal: what happened, when, by whom; sealed by a hash over all of it and over the hash of the row before.

    `previous_hash` is empty on the first row; where rows are left out (the host's side sees nothing of money) a hash is named that is not shown.
    """

    type = fields.String()
    subject_version = Whole(1)
    at = Instant()
    actor = fields.String()
    data = fields.Dict()
    previous_hash = fields.String()
    hash = fields.String()

    example: ClassVar = {
        "type": "exchange_opened",
        "subject_version": 1,
        "at": "2027-01-10T09:00:00Z",
        "actor": "service:agreements",
        "data": {"exchange_id": EXCHANGE_ID},
        "previous_hash": "",
        "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }


HistoryPage = page_of(HistoryEntry)


class MissingPart(View):
    """A part of the dossier that its service did not give: which, and why."""

    part = Choice(("money", "conversation"))
    code = fields.String()
    sentence = fields.String()

    example: ClassVar = {"part": "money", "code": "unavailable", "sentence": "The payments service is not running just now."}


class Dossier(View):
    """Everything of one exchange in one view, for the auditor; `missing` names what could not be had just now."""

    exchange = fields.Nested(ExchangeView)
    commitment_versions = fields.List(fields.Nested(VersionView))
    financial_agreements = fields.List(fields.Nested(AgreementView))
    report = fields.Nested(ReportView, allow_none=True)
    money = fields.Nested(ExchangeMoney, allow_none=True)
    conversation = fields.Nested(ExchangeConversation, allow_none=True)
    missing = fields.List(fields.Nested(MissingPart))
    history = fields.List(fields.Nested(HistoryEntry))

    example: ClassVar = {
        "exchange": ExchangeView.example,
        "commitment_versions": [VersionView.example],
        "financial_agreements": [{**AgreementView.example, "kind": "financial_agreement"}],
        "report": ReportView.example,
        "money": ExchangeMoney.example,
        "conversation": ExchangeConversation.example,
        "missing": [],
        "history": [HistoryEntry.example],
    }


ExchangePage = page_of(ExchangeView)
