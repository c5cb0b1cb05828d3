"""Who is told what when something happens: one table from event to notice and mail.

Recipients are found from the ids that the event carries: a person, the representatives of an organisation, the contact points of
a partnership, the support office.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.bare.message import Event, Heard
from chassis.running.unit import Unit
from contracts.agreements import events as agreements
from contracts.matching import events as matching
from contracts.payments import events as payments
from contracts.registry import events as registry
from services.identity import queries
from services.identity.model import Account

Finder = Callable[[Unit, dict[str, Any]], Iterable[Account]]

EXCHANGE = "/v1/exchanges/{exchange_id}"
REGISTRATION = "/v1/registrations/{participation_id}"
CONTACT = "/v1/contacts/{contact_id}"


@dataclass(frozen=True)
class Told:
    """One event's notice: to whom, and in which words; `text` and `link` name things by what the event carries."""

    event: type[Event]
    to: tuple[Finder, ...]
    title: str
    text: str
    link: str

    def words(self, event: Heard) -> str:
        """Its text, with what the event carries in the places of the braces."""
        return self.text.format(**event.data)

    def recipients(self, unit: Unit, event: Heard) -> list[Account]:
        """Everybody concerned once, but not the person who did it."""
        found = {account.id: account for find in self.to for account in find(unit, event.data)}
        return [account for key, account in sorted(found.items()) if event.actor != f"person:{key}"]


def person(name: str = "person_id") -> Finder:
    """The person whose id the event carries."""
    return lambda unit, data: queries.accounts(unit, [data[name]])


def organisation(name: str = "organisation_id") -> Finder:
    """The representatives of the organisation."""
    return lambda unit, data: queries.holders(unit, "representative", _id(data, name))


def contact_points(permission: str, name: str = "partnership_id") -> Finder:
    """The contact points of the partnership who have the permission."""

    def find(unit: Unit, data: dict[str, Any]) -> list[Account]:
        place = _id(data, name)
        return queries.holders(unit, permission, place) if place else []

    return find


def support_office() -> Finder:
    """All support officers."""
    return lambda unit, data: queries.holders(unit, "support_officer")


def when(name: str, find: Finder) -> Finder:
    """The same, but only where the event says so."""
    return lambda unit, data: find(unit, data) if data[name] else []


def second_person(name: str) -> Finder:
    """Who can be the second of two persons: the paying officers; where there is one only, the support office too."""

    def find(unit: Unit, data: dict[str, Any]) -> list[Account]:
        officers = queries.holders(unit, "finance", _id(data, name))
        return officers if len(officers) > 1 else [*officers, *queries.holders(unit, "support_officer")]

    return find


def each(name: str, find: Callable[[str], Finder]) -> Finder:
    """A finder for every id of a list in the event."""

    def find_all(unit: Unit, data: dict[str, Any]) -> Iterable[Account]:
        for place in data[name]:
            yield from find("id")(unit, {"id": place})

    return find_all


def other_side(asked: bool) -> Finder:
    """The organisation that was asked for a contact, or the one that asked."""

    def find(unit: Unit, data: dict[str, Any]) -> list[Account]:
        side = {"visitor": "host", "host": "visitor"}[data["asked_by"]] if asked else data["asked_by"]
        return queries.holders(unit, "representative", data[side]["organisation_id"])

    return find


def _id(data: dict[str, Any], name: str) -> UUID | None:
    for part in name.split("."):
        data = data[part]
    return data  # type: ignore[return-value]


VISITOR, HOST = organisation("visitor.organisation_id"), organisation("host.organisation_id")
BOTH = (VISITOR, HOST)
VISITOR_DESK = contact_points("agreements", "visitor.partnership_id")
HOST_DESK = contact_points("agreements", "host.partnership_id")
PAYING_OFFICER = contact_points("finance", "visitor.partnership_id")
DESKS = (VISITOR_DESK, HOST_DESK)
REGISTRATIONS_DESK = contact_points("registrations")

REGISTRY = (
    Told(registry.RegistrationSubmitted, (REGISTRATIONS_DESK,), "A registration waits for you",
         "An organisation chose your partnership and submitted its registration. Please accept it, ask for more, or reject it.", REGISTRATION),
    Told(registry.RegistrationReturned, (person(),), "Please complete your registration",
         "Your contact point asks for more before it decides. Read its question, change your registration and submit it again.", REGISTRATION),
    Told(registry.RegistrationRejected, (person(),), "Your registration was rejected",
         "Your contact point gave its reason with the registration. If you think it is a mistake, write to the support office.", REGISTRATION),
    Told(registry.ParticipationAccepted, (person(), organisation()), "Your registration was accepted",
         "You can now see your best matches and the catalogue, and ask for a contact.", REGISTRATION),
    Told(registry.ParticipationPaused, (organisation(),), "Your participation is paused", "You are not shown to others until it is resumed.", REGISTRATION),
    Told(registry.ParticipationResumed, (organisation(),), "Your participation goes on", "You are shown to others again.", REGISTRATION),
    Told(registry.ParticipationWithdrawn, (organisation(), REGISTRATIONS_DESK), "A participation was withdrawn",
         "It is no longer shown; exchanges that are under way are not touched.", REGISTRATION),
    Told(registry.ParticipationExpired, (organisation(),), "Your participation has expired",
         "You did not say whether you are still interested. Register again whenever you like.", REGISTRATION),
    Told(registry.InterestAsked, (organisation(),), "Are you still interested?",
         "Please confirm that your registration is up to date; without an answer it will no longer be shown.", REGISTRATION),
    Told(registry.JoiningAsked, (organisation(),), "Somebody wants to join your organisation",
         "A person asks to represent your organisation too. Accept only whom you know.", "/v1/joinings"),
    Told(registry.JoiningAccepted, (person(),), "You represent the organisation now", "Your request to join was accepted.", "/v1/joinings"),
    Told(registry.JoiningDeclined, (person(),), "Your request to join was declined", "Ask the organisation directly, or write to the support office.", "/v1/joinings"),
    Told(registry.ChangeProposed, (REGISTRATIONS_DESK,), "A change waits for your approval",
         "An accepted participant changed answers that matter for eligibility.", REGISTRATION),
    Told(registry.ChangeDeclined, (person(),), "Your change was not approved", "Your profile stays as it was; the reason stands with it.", REGISTRATION),
    Told(registry.QueryReceived, (support_office(),), "A query arrived", "Somebody wrote to the support office.", "/v1/queries/{query_id}"),
)  # fmt: skip

MATCHING = (
    Told(matching.ContactRequested, (other_side(asked=True),), "An organisation would like to get in touch",
         "Read who they are and why, and answer: a short no helps them too.", CONTACT),
    Told(matching.ContactReminded, (other_side(asked=True),), "A contact request still waits for your answer",
         "An answer takes one click; without one the request will expire.", CONTACT),
    Told(matching.ContactAccepted, (other_side(asked=False),), "Your contact request was accepted", "You can now write to each other and agree on an exchange.", CONTACT),
    Told(matching.ContactDeclined, (other_side(asked=False),), "Your contact request was declined", "The reason is given with the request. Your list holds other good matches.", CONTACT),
    Told(matching.ContactExpired, (other_side(asked=False), other_side(asked=True)), "A contact request expired", "It was not answered in time.", CONTACT),
    Told(matching.ContactWithdrawn, (other_side(asked=True),), "A contact request was withdrawn", "There is nothing left for you to answer.", CONTACT),
    Told(matching.MatchProposed, BOTH, "An exchange is proposed", "Confirm it if you agree; then you can plan it together.", CONTACT),
    Told(matching.ProposalRefused, BOTH, "A proposed exchange was refused", "You can go on writing to each other, or look for another partner.", CONTACT),
    Told(matching.ProposalWithdrawn, BOTH, "A proposed exchange was taken back", "You can go on writing to each other.", CONTACT),
    Told(matching.ContactClosed, BOTH, "A contact was ended", "It was ended without an exchange; your list holds other good matches.", CONTACT),
    Told(matching.MatchAgreed, (*BOTH, *DESKS), "An exchange was agreed",
         "Visitor and host found each other. Next they write their commitment to quality.", EXCHANGE),
    Told(matching.MessageSent, (each("organisation_ids", organisation), each("partnership_ids", lambda name: contact_points("agreements", name))),
         "A new message", "Somebody wrote in a conversation you take part in.", "/v1/conversations/{conversation_id}"),
)  # fmt: skip

AGREEMENTS = (
    Told(agreements.ExchangeOpened, BOTH, "Your exchange can be planned", "Write the commitment to quality together: dates, objectives, action plan, outcomes, responsibilities.", EXCHANGE),
    Told(agreements.ExchangeRefused, BOTH, "Your match could not become an exchange", "The reason stands with the contact; both of you are free for other matches.", "/v1/contacts"),
    Told(agreements.CommitmentSubmitted, DESKS, "A commitment to quality waits for your validation", "Please validate it or send it back with comments.", EXCHANGE),
    Told(agreements.CommitmentReturned, BOTH, "Your commitment to quality was sent back", "Read the comments, change the plan and submit it again.", EXCHANGE),
    Told(agreements.ValidationGiven, BOTH, "A partnership validated your commitment to quality", "See on the exchange's page whether another validation is awaited.", EXCHANGE),
    Told(agreements.CommitmentValidated, (*BOTH, *DESKS), "The commitment to quality is validated", "Please read and sign it: all parties sign the very same text.", EXCHANGE),
    Told(agreements.AmendmentBegun, (*BOTH, *DESKS), "An amendment was begun", "The signed commitment stays in force until the new version is signed by all.", EXCHANGE),
    Told(agreements.AmendmentAbandoned, (*BOTH, *DESKS), "An amendment was given up", "The signed commitment goes on as it is.", EXCHANGE),
    Told(agreements.SignatureGiven, (*BOTH, *DESKS), "A party signed", "See who has signed and whose signature is awaited.", EXCHANGE),
    Told(agreements.FinancialAgreementDrafted, (VISITOR, VISITOR_DESK), "The financial agreement can be signed",
         "The lump sum is computed, with every factor shown. Visitor and partnership sign it; the visitor gives the bank account.", EXCHANGE),
    Told(agreements.AgreementSigned, (*BOTH, *DESKS), "An agreement is signed by all", "The document with all signatures can be downloaded.", EXCHANGE),
    Told(agreements.ExchangeReady, (*BOTH, *DESKS), "Everything is signed: the exchange can start", "The host confirms the visitor's arrival in the tool.", EXCHANGE),
    Told(agreements.ArrivalReminded, (HOST, VISITOR_DESK, when("escalated", support_office())), "Has the visitor arrived?", "The planned start has passed. Please confirm the arrival, or say what happened.", EXCHANGE),
    Told(agreements.ExchangeStarted, (VISITOR, *DESKS), "The exchange has started", "The host confirmed the arrival.", EXCHANGE),
    Told(agreements.ExchangeEnded, (*BOTH, *DESKS), "The exchange has ended",
         "The host confirms the days; the visitor writes the closing report and uploads the evidence.", EXCHANGE),
    Told(agreements.DaysConfirmed, (VISITOR, VISITOR_DESK), "The host confirmed the days", "The payment is computed from them, never above the agreed amount.", EXCHANGE),
    Told(agreements.ReportReminded, (VISITOR, when("overdue", VISITOR_DESK), when("escalated", support_office())), "A closing report is awaited",
         "The visitor writes it. It is brief; the assistance is paid after it is validated.", EXCHANGE),
    Told(agreements.ReportSubmitted, (VISITOR_DESK,), "A closing report waits for your validation", "Please validate it or send it back with a comment.", EXCHANGE),
    Told(agreements.ReportReturned, (VISITOR,), "Your closing report was sent back", "Read the comment, change the report and submit it again.", EXCHANGE),
    Told(agreements.ReportValidated, (*BOTH, PAYING_OFFICER), "The closing report is validated", "Once the evidence is accepted too, the assistance is due.", EXCHANGE),
    Told(agreements.DeadlineMoved, (*BOTH, *DESKS), "A deadline was moved", "The support office moved a deadline of this exchange.", EXCHANGE),
    Told(agreements.ExchangeCancelled, (*BOTH, *DESKS), "The exchange was cancelled", "Both sides are free for other exchanges.", EXCHANGE),
    Told(agreements.ExchangeTerminated, (*BOTH, *DESKS), "The exchange was ended early", "The reason stands on the exchange's page.", EXCHANGE),
    Told(agreements.NoShowRecorded, (*BOTH, *DESKS), "The visit did not take place", "It was recorded that the visitor did not arrive.", EXCHANGE),
)  # fmt: skip

PAYMENTS = (
    Told(payments.AssistanceRefused, (VISITOR, VISITOR_DESK, support_office()), "The assistance cannot be computed", "See the reason on the exchange's page; the support office is told too.", EXCHANGE),
    Told(payments.BaseAsked, (PAYING_OFFICER,), "A request waits for the paying officer", "Please decide it; only paying officers see what it says.", EXCHANGE),
    Told(payments.BaseDecided, (VISITOR,), "Your request was decided", "The assistance is computed with the base that was decided.", EXCHANGE),
    Told(payments.BankDetailsGiven, (VISITOR, PAYING_OFFICER), "Bank details were given or changed",
         "If you represent the visitor and did not do this, write to the support office at once.", EXCHANGE),
    Told(payments.EvidenceUploaded, (PAYING_OFFICER,), "Evidence was uploaded", "Please look at it and accept it or send it back.", EXCHANGE),
    Told(payments.EvidenceReturned, (VISITOR,), "A piece of evidence was sent back", "Read why and upload a better one.", EXCHANGE),
    Told(payments.EvidenceAccepted, (VISITOR,), "Your evidence was accepted", "Nothing more is asked of you here.", EXCHANGE),
    Told(payments.PaymentDue, (PAYING_OFFICER, VISITOR), "A payment is due", "It has to be paid by {due_by}. Two persons order it.", EXCHANGE),
    Told(payments.PaymentReminded, (PAYING_OFFICER,), "A payment has to be made soon", "It has to be made by {due_by}.", EXCHANGE),
    Told(payments.PaymentProposed, (second_person("visitor.partnership_id"),), "A payment waits for a second person", "Somebody else than the one who proposed it must approve it.", EXCHANGE),
    Told(payments.PaymentOrdered, (PAYING_OFFICER, VISITOR), "A payment is ordered", "Two persons ordered it; it goes out with the next list.", EXCHANGE),
    Told(payments.PaymentPaid, (VISITOR, VISITOR_DESK), "The assistance is paid", "The exchange is complete. Thank you.", EXCHANGE),
    Told(payments.PaymentFailed, (PAYING_OFFICER, VISITOR), "A payment failed", "Please check the bank details; it will be tried again.", EXCHANGE),
    Told(payments.NothingDue, (VISITOR, PAYING_OFFICER), "No assistance is due", "The reason stands on the exchange's page.", EXCHANGE),
)  # fmt: skip

TOLD = (*REGISTRY, *MATCHING, *AGREEMENTS, *PAYMENTS)
