"""Exchanges for tests: the four parties and their people, and an exchange brought into each state by its own moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.bare.principal import Principal, service
from contracts.agreements import COMMITMENT, FINANCIAL, Plan, Report
from services.agreements.model import Exchange, Participation, Partnership, Rules
from services.agreements.model.signing import ITSELF
from tests.builders import A_MONDAY, auditor, contact_point, representative, support_officer

NOW = A_MONDAY
START, END = date(2027, 3, 1), date(2027, 3, 7)
ARRIVED = datetime(2027, 3, 1, 12, tzinfo=UTC)
LEFT = datetime(2027, 3, 7, 12, tzinfo=UTC)

RULES = Rules(
    least_working_days=3, longest_stay_months=1, farthest_ahead_days=730, arrival_reminder_days=1, arrival_second_reminder_days=4,
    arrival_escalation_days=8, automatic_end_days=3, report_days=30, report_reminder_days=7, report_reminders=12,
    working_days_method="calendar_without_public_holidays", working_days_source="test",
)  # fmt: skip

PLAN: dict[str, Any] = {
    "start": "2027-03-01",
    "end": "2027-03-07",
    "travel_days": ["2027-03-01", "2027-03-07"],
    "travellers": [{"name": "The managing director", "function": "Managing director"}],
    "objectives": ["Learn how a members' laboratory is run", "Find a partner for a project"],
    "action_plan": [{"day": "2027-03-02", "activity": "Visit of the laboratory"}, {"activity": "Talks with members"}],
    "expected_outcomes": "A common project.",
    "responsibilities": {"visitor": "Prepares the talks.", "host": "Plans the programme."},
    "place": "",
}
REPORT: dict[str, Any] = {
    "as_planned": True,
    "first_day": "2027-03-02",
    "last_day": "2027-03-05",
    "days_present": 4,
    "outcomes": [{"objective": each, "outcome": "Done"} for each in PLAN["objectives"]],
    "contacts_made": 6,
    "follow_ups": ["project"],
    "usefulness": 5,
    "publish": True,
}
ASSISTANCE: dict[str, Any] = {
    "amount": {"minor": 39000, "currency": "EUR"},
    "factors": [{"name": "base for PT", "value": "780.00 EUR", "source": "assumption: sister programme"}],
    "payment_days": 10,
    "minimum_working_days": 3,
}
VISITOR_DETAILS = {"legal_name": "Visiting Cluster", "town": "Berlin", "country": "DE", "registration_number": "HRB 1"}
WHY: dict[str, Any] = {"reason": "illness", "explanation": "The traveller fell ill."}
NO_REASON: dict[str, Any] = {"reason": None, "explanation": ""}


def party(partnership_id: UUID) -> dict[str, UUID]:
    """A side of an exchange, with ids of its own."""
    return {"participation_id": uuid4(), "organisation_id": uuid4(), "partnership_id": partnership_id, "person_id": uuid4()}


@dataclass
class Cast:
    """The people around an exchange. With `one_partnership` visitor and host belong to the same one."""

    one_partnership: bool = False
    visitor_partnership_id: UUID = field(default_factory=uuid4)
    host_partnership_id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        if self.one_partnership:
            self.host_partnership_id = self.visitor_partnership_id
        self.visitor, self.host = party(self.visitor_partnership_id), party(self.host_partnership_id)
        self.people: dict[str, Principal] = {
            "visitor": representative(self.visitor["organisation_id"], name="Visitor's representative"),
            "host": representative(self.host["organisation_id"], name="Host's representative"),
            "visitor_partnership": contact_point(self.visitor_partnership_id, "agreements", name="Visitor's contact point"),
            "host_partnership": contact_point(self.host_partnership_id, "agreements", name="Host's contact point"),
            "paying_officer": contact_point(self.visitor_partnership_id, "finance"),
            "support_officer": support_officer(),
            "auditor": auditor(),
            "stranger": representative(uuid4()),
            "system": ITSELF,
        }

    def __getitem__(self, role: str) -> Principal:
        return self.people[role]

    @property
    def match(self) -> dict[str, Any]:
        """What MatchAgreed would say."""
        return {"exchange_id": uuid4(), "contact_id": uuid4(), "visitor": self.visitor, "host": self.host}

    def exchange(self, state: str = "planning", plan: dict[str, Any] | None = None) -> Exchange:
        """An exchange brought into that state by its moves."""
        bodies = {each: _body(each) for each in (self.visitor_partnership_id, self.host_partnership_id)}
        visiting, hosting = _participation(self.visitor, "Visiting Cluster", "DE"), _participation(self.host, "Host Cluster", "PT")
        exchange = Exchange.open(self.match, visiting, hosting, bodies, NOW)
        exchange.edit_commitment(self["visitor"], Plan.read(plan or PLAN), NOW)
        return self.bring(exchange, state)

    def bring(self, exchange: Exchange, state: str) -> Exchange:
        """Make the moves of a life without incident until it is in that state; side exits from where they begin."""
        for step in WAYS[state]:
            step(self, exchange)
        assert exchange.state == state
        return exchange

    def sign(self, exchange: Exchange, kind: str, *roles: str, at: datetime = NOW) -> list[Any]:
        """These roles sign what stands."""
        agreement = exchange.commitment if kind == COMMITMENT else exchange.financial_agreement
        assert agreement is not None
        return [fact for role in roles for fact in exchange.sign(kind, self[role], agreement.text_digest, at)]


def _body(partnership_id: UUID) -> Partnership:
    return Partnership(id=partnership_id, acronym="BLUES", name="Blue economy clusters", country="ES")


def _participation(side: dict[str, UUID], name: str, country: str) -> Participation:
    copied = {key: side[key] for key in ("organisation_id", "partnership_id", "person_id")}
    return Participation(id=side["participation_id"], revision=1, legal_name=name, country=country, town="Town", **copied)


def submit(cast: Cast, exchange: Exchange) -> None:
    """The visitor submits."""
    exchange.submit_commitment(cast["visitor"], NOW, RULES)


def send_back(cast: Cast, exchange: Exchange) -> None:
    """The host's partnership sends it back."""
    exchange.return_commitment(cast["host_partnership"], exchange.commitment_number, "Name the travellers.", NOW)


def validate(cast: Cast, exchange: Exchange) -> None:
    """Both partnerships validate, or the one there is."""
    for role in ("visitor_partnership",) if cast.one_partnership else ("visitor_partnership", "host_partnership"):
        exchange.validate_commitment(cast[role], exchange.commitment_number, NOW)


def draft(cast: Cast, exchange: Exchange) -> None:
    """Payments computed the amount."""
    exchange.draft_financial_agreement(service("agreements"), exchange.commitment_number, ASSISTANCE, VISITOR_DETAILS, NOW)


def sign_first(cast: Cast, exchange: Exchange) -> None:
    """The visitor signs the commitment."""
    cast.sign(exchange, COMMITMENT, "visitor")


def sign_rest(cast: Cast, exchange: Exchange) -> None:
    """The others sign the commitment."""
    others = ("host", "visitor_partnership") if cast.one_partnership else ("host", "visitor_partnership", "host_partnership")
    cast.sign(exchange, COMMITMENT, *others)


def sign_financial(cast: Cast, exchange: Exchange) -> None:
    """Visitor and its partnership sign the amount."""
    cast.sign(exchange, FINANCIAL, "visitor", "visitor_partnership")


def arrive(cast: Cast, exchange: Exchange) -> None:
    """The host confirms the arrival."""
    exchange.confirm_arrival(cast["host"], START, NO_REASON, ARRIVED)


def leave(cast: Cast, exchange: Exchange) -> None:
    """The visitor confirms the departure."""
    exchange.confirm_departure(cast["visitor"], None, NO_REASON, LEFT, RULES.report_days)


def report(cast: Cast, exchange: Exchange) -> None:
    """The visitor submits its report."""
    exchange.write_report(cast["visitor"], Report.read(REPORT), LEFT)
    exchange.submit_report(cast["visitor"], LEFT)


TO_SIGNING = (submit, validate, draft, sign_first)
TO_READY = (*TO_SIGNING, sign_rest, sign_financial)
TO_ENDED = (*TO_READY, arrive, leave)
WAYS: dict[str, tuple[Any, ...]] = {
    "planning": (),
    "submitted": (submit,),
    "changes_requested": (submit, send_back),
    "validated": (submit, validate, draft),
    "signing": TO_SIGNING,
    "signed": (*TO_SIGNING, sign_rest),
    "ready": TO_READY,
    "running": (*TO_READY, arrive),
    "ended": TO_ENDED,
    "report_submitted": (*TO_ENDED, report),
    "report_returned": (*TO_ENDED, report, lambda cast, exchange: exchange.return_report(cast["visitor_partnership"], "More.", LEFT)),
    "report_validated": (*TO_ENDED, report, lambda cast, exchange: exchange.validate_report(cast["visitor_partnership"], LEFT)),
    "cancelled": (lambda cast, exchange: exchange.cancel_exchange(cast["visitor"], WHY, NOW),),
    "terminated": (*TO_READY, arrive, lambda cast, exchange: exchange.terminate_exchange(cast["support_officer"], WHY, ARRIVED)),
    "no_show": (*TO_READY, lambda cast, exchange: exchange.record_no_show(cast["host"], WHY, ARRIVED + timedelta(days=1))),
}
