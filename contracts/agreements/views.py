"""What is shown of an exchange, its agreements, its closing report and its history."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Digest, Instant, Several, Text, Whole
from chassis.bare.message import Contract, View, page_of
from contracts.agreements.words import DEADLINES, FOLLOW_UPS, KINDS, NOTICE, PARTIES, PAYMENT_STATES, REASONS, STATES
from contracts.words import Country, Party

EXCHANGE_ID = "5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51"
PERSON_ID = "5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a52"
DIGEST = "9f" * 32


class Traveller(Contract):
    """Somebody who travels: name, and function in the visiting organisation (the stay cannot be delegated to another one)."""

    name = Text(120, required=True)
    function = Text(120, required=True)

    example: ClassVar = {"name": "The managing director", "function": "Managing director"}


class Step(Contract):
    """One step of the action plan; `day` may be left open."""

    day = fields.Date(load_default=None, allow_none=True)
    activity = Text(1000, required=True, lines=True)

    example: ClassVar = {"day": "2027-03-02", "activity": "Visit of the host's laboratory and talks with its members"}


class Responsibilities(Contract):
    """What visitor and host each take on."""

    visitor = Text(4000, 0, load_default="", lines=True)
    host = Text(4000, 0, load_default="", lines=True)

    example: ClassVar = {
        "visitor": "Prepares the talks and covers its own costs.",
        "host": "Plans the programme.",
    }


PLAN_EXAMPLE: dict[str, Any] = {
    "start": "2027-03-01",
    "end": "2027-03-07",
    "travel_days": ["2027-03-01", "2027-03-07"],
    "travellers": [Traveller.example],
    "objectives": ["Learn how a members' laboratory is run"],
    "action_plan": [Step.example],
    "expected_outcomes": "A common project on shared equipment.",
    "responsibilities": Responsibilities.example,
    "place": "A Coruna",
}


class Plan(Contract):
    """The plan of an exchange, as far as it is written; whatever is missing may follow until it is submitted.

    `start` and `end` are the first and last day, travel included; `travel_days` are those days that do not count as working
    days; `place` is where at the host's, if not at its seat.
    """

    start = fields.Date(load_default=None, allow_none=True)
    end = fields.Date(load_default=None, allow_none=True)
    travel_days = Several(fields.Date(), most=14, load_default=list)
    travellers = Several(fields.Nested(Traveller), most=20, load_default=list)
    objectives = Several(Text(1000, lines=True), most=20, load_default=list)
    action_plan = Several(fields.Nested(Step), most=60, repeats=True, load_default=list)
    expected_outcomes = Text(4000, 0, load_default="", lines=True)
    responsibilities = fields.Nested(Responsibilities, load_default=lambda: {"visitor": "", "host": ""})
    place = Text(200, 0, load_default="")

    example: ClassVar = PLAN_EXAMPLE


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
        "report_due_on": None,
        "last_reason": None,
        "opened_at": "2027-01-10T09:00:00Z",
        "changed_at": "2027-01-20T09:00:00Z",
    }


class CommitmentView(View):
    """The plan as it is being written, with the programme's notice; `version` is what If-Match names."""

    exchange_id = fields.UUID()
    version = Whole(1)
    state = Choice(STATES)
    plan = fields.Nested(Plan)
    working_days = Whole(0, allow_none=True, metadata={"description": "Weekdays less the host country's holidays and travel."})
    missing = fields.List(fields.String(), metadata={"description": "What must still be filled in before it can be submitted."})
    number = Whole(0, metadata={"description": "The last submitted version; 0: none."})
    comments = fields.String(metadata={"description": "Why a partnership sent it back; empty otherwise."})
    amendment_reason = fields.String()
    notice = fields.String()
    moves = fields.List(fields.String())

    example: ClassVar = {
        "exchange_id": EXCHANGE_ID,
        "version": 3,
        "state": "planning",
        "plan": PLAN_EXAMPLE,
        "working_days": 4,
        "missing": [],
        "number": 0,
        "comments": "",
        "amendment_reason": "",
        "notice": NOTICE,
        "moves": ["edit_commitment", "submit_commitment", "cancel_exchange"],
    }


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


class Versions(View):
    """All versions of the commitment, the oldest first."""

    items = fields.List(fields.Nested(VersionSummary))

    example: ClassVar = {"items": [VersionSummary.example]}


class Outcome(Contract):
    """What came of one objective of the plan."""

    objective = Text(1000, required=True, lines=True)
    outcome = Text(2000, required=True, lines=True)

    example: ClassVar = {
        "objective": "Learn how a members' laboratory is run",
        "outcome": "We took its rules home.",
    }


REPORT_EXAMPLE: dict[str, Any] = {
    "as_planned": True,
    "deviations": "",
    "outcomes": [Outcome.example],
    "contacts_made": 6,
    "follow_ups": ["project"],
    "follow_up_details": "A common project on shared equipment.",
    "usefulness": 5,
    "publish": True,
}


class Report(Contract):
    """The visitor's closing report, as far as it is written: whether all went as planned, an outcome per objective, contacts
    made and follow-up, usefulness from 1 to 5, consent to publish (questions inferred: the programme's form was not found)."""

    as_planned = fields.Boolean(load_default=None, allow_none=True)
    deviations = Text(4000, 0, load_default="", lines=True)
    outcomes = Several(fields.Nested(Outcome), most=20, load_default=list)
    contacts_made = Whole(0, 10_000, load_default=None, allow_none=True)
    follow_ups = Several(Choice(FOLLOW_UPS), most=10, load_default=list)
    follow_up_details = Text(4000, 0, load_default="", lines=True)
    usefulness = Whole(1, 5, load_default=None, allow_none=True)
    publish = fields.Boolean(load_default=None, allow_none=True)

    example: ClassVar = REPORT_EXAMPLE


class ReportView(View):
    """The closing report, the host's own rating, and where the report stands."""

    exchange_id = fields.UUID()
    version = Whole(1)
    state = Choice(STATES)
    report = fields.Nested(Report)
    missing = fields.List(fields.String())
    comments = fields.String(metadata={"description": "Why it was sent back; empty otherwise."})
    submitted_at = Instant(allow_none=True)
    validated_at = Instant(allow_none=True)
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
        "host_usefulness": 4,
        "host_remarks": "",
        "moves": ["write_report", "submit_report"],
    }


class HistoryEntry(View):
    """One row of the journal: what happened, when, by whom."""

    type = fields.String()
    subject_version = Whole(1)
    at = Instant()
    actor = fields.String()
    data = fields.Dict()

    example: ClassVar = {
        "type": "exchange_opened",
        "subject_version": 1,
        "at": "2027-01-10T09:00:00Z",
        "actor": "service:agreements",
        "data": {"exchange_id": EXCHANGE_ID},
    }


class History(View):
    """Everything that happened to an exchange, the oldest first."""

    items = fields.List(fields.Nested(HistoryEntry))

    example: ClassVar = {"items": [HistoryEntry.example]}


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


class Dossier(View):
    """Everything of one exchange in one view, for the auditor."""

    exchange = fields.Nested(ExchangeView)
    commitment_versions = fields.List(fields.Nested(VersionView))
    financial_agreements = fields.List(fields.Nested(AgreementView))
    report = fields.Nested(ReportView, allow_none=True)
    history = fields.List(fields.Nested(HistoryEntry))

    example: ClassVar = {
        "exchange": ExchangeView.example,
        "commitment_versions": [VersionView.example],
        "financial_agreements": [{**AgreementView.example, "kind": "financial_agreement"}],
        "report": ReportView.example,
        "history": [HistoryEntry.example],
    }


ExchangePage = page_of(ExchangeView)

DEADLINE_EXAMPLE = {"deadline": DEADLINES[0], "on": "2027-05-15"}
