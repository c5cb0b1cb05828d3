"""Who is told when something happens: one table from event to notice and mail; the words stand in the catalogue.

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
from contracts import agreements, payments, registry
from contracts.matching import conversation_events as talk
from contracts.matching import events as matching
from contracts.matching import listing_events as listings
from contracts.matching import round_events as rounds
from services.identity import queries
from services.identity.model import Account

Finder = Callable[[Unit, dict[str, Any]], Iterable[Account]]

EXCHANGE = "/v1/exchanges/{exchange_id}"
REGISTRATION = "/v1/registrations/{participation_id}"
CONTACT = "/v1/contacts/{contact_id}"
LISTING = "/v1/participations/{participation_id}/listing"
COMPLAINT = "/v1/complaints/{complaint_id}"


@dataclass(frozen=True)
class Told:
    """One event's notice: to whom, and where it leads; `link` names things by what the event carries."""

    event: type[Event]
    to: tuple[Finder, ...]
    link: str

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
    Told(registry.RegistrationSubmitted, (REGISTRATIONS_DESK,), REGISTRATION),
    Told(registry.RegistrationReturned, (person(),), REGISTRATION),
    Told(registry.RegistrationRejected, (person(),), REGISTRATION),
    Told(registry.ParticipationAccepted, (person(), organisation()), REGISTRATION),
    Told(registry.ParticipationPaused, (organisation(),), REGISTRATION),
    Told(registry.ParticipationResumed, (organisation(),), REGISTRATION),
    Told(registry.ParticipationWithdrawn, (organisation(), REGISTRATIONS_DESK), REGISTRATION),
    Told(registry.ParticipationExpired, (organisation(),), REGISTRATION),
    Told(registry.InterestAsked, (organisation(),), REGISTRATION),
    Told(registry.JoiningAsked, (organisation(),), "/v1/joinings"),
    Told(registry.JoiningAccepted, (person(),), "/v1/joinings"),
    Told(registry.JoiningDeclined, (person(),), "/v1/joinings"),
    Told(registry.ChangeProposed, (REGISTRATIONS_DESK,), REGISTRATION),
    Told(registry.ChangeDeclined, (person(),), REGISTRATION),
    Told(registry.QueryReceived, (support_office(),), "/v1/queries/{query_id}"),
)  # fmt: skip

MATCHING = (
    Told(matching.ContactRequested, (other_side(asked=True),), CONTACT),
    Told(matching.ContactReminded, (other_side(asked=True),), CONTACT),
    Told(matching.ContactAccepted, (other_side(asked=False),), CONTACT),
    Told(matching.ContactDeclined, (other_side(asked=False),), CONTACT),
    Told(matching.ContactAnsweredElsewhere, BOTH, CONTACT),
    Told(matching.ContactExpired, (other_side(asked=False), other_side(asked=True)), CONTACT),
    Told(matching.ContactWithdrawn, (other_side(asked=True),), CONTACT),
    Told(matching.MatchProposed, BOTH, CONTACT),
    Told(matching.ProposalRefused, BOTH, CONTACT),
    Told(matching.ProposalWithdrawn, BOTH, CONTACT),
    Told(matching.ContactClosed, BOTH, CONTACT),
    Told(matching.MatchAgreed, (*BOTH, *DESKS), EXCHANGE),
    Told(talk.MessageSent, (each("organisation_ids", organisation), each("partnership_ids", lambda name: contact_points("agreements", name))), "/v1/conversations/{conversation_id}"),
    Told(listings.HostingResumed, (organisation(),), LISTING),
    Told(listings.ListingConfirmationAsked, (organisation(),), LISTING),
    Told(listings.ListingConfirmationReminded, (organisation(),), LISTING),
    Told(listings.ListingSunk, (organisation(),), LISTING),
    Told(listings.SilenceWarned, (organisation(),), LISTING),
    Told(listings.SilentHostSunk, (organisation(),), LISTING),
    Told(listings.SilentHostRisen, (organisation(),), LISTING),
    Told(rounds.SuggestionsShown, (organisation(),), "/v1/participations/{participation_id}/suggestions?as={role}"),
    Told(listings.ComplaintReceived, (support_office(),), COMPLAINT),
    Told(listings.ComplaintUpheld, (person(),), COMPLAINT),
    Told(listings.ComplaintDismissed, (person(),), COMPLAINT),
    Told(listings.OrganisationWarned, (organisation(),), "/v1/contacts"),
    Told(matching.SavedSearchFitted, (person(),), "/v1/saved-searches/{saved_search_id}"),
)  # fmt: skip

AGREEMENTS = (
    Told(agreements.ExchangeOpened, BOTH, EXCHANGE),
    Told(agreements.ExchangeRefused, BOTH, "/v1/contacts"),
    Told(agreements.CommitmentSubmitted, DESKS, EXCHANGE),
    Told(agreements.CommitmentReturned, BOTH, EXCHANGE),
    Told(agreements.ValidationGiven, BOTH, EXCHANGE),
    Told(agreements.CommitmentValidated, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.AmendmentBegun, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.AmendmentAbandoned, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.SignatureGiven, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.FinancialAgreementDrafted, (VISITOR, VISITOR_DESK), EXCHANGE),
    Told(agreements.AgreementSigned, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.ExchangeReady, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.ArrivalReminded, (HOST, VISITOR_DESK, when("escalated", support_office())), EXCHANGE),
    Told(agreements.ExchangeStarted, (VISITOR, *DESKS), EXCHANGE),
    Told(agreements.ExchangeEnded, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.DaysConfirmed, (VISITOR, VISITOR_DESK), EXCHANGE),
    Told(agreements.ReportReminded, (VISITOR, when("overdue", VISITOR_DESK), when("escalated", support_office())), EXCHANGE),
    Told(agreements.ReportSubmitted, (VISITOR_DESK,), EXCHANGE),
    Told(agreements.ReportReturned, (VISITOR,), EXCHANGE),
    Told(agreements.ReportValidated, (*BOTH, PAYING_OFFICER), EXCHANGE),
    Told(agreements.DeadlineMoved, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.ExchangeCancelled, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.ExchangeTerminated, (*BOTH, *DESKS), EXCHANGE),
    Told(agreements.NoShowRecorded, (*BOTH, *DESKS), EXCHANGE),
)  # fmt: skip

PAYMENTS = (
    Told(payments.AssistanceRefused, (VISITOR, VISITOR_DESK, support_office()), EXCHANGE),
    Told(payments.BaseAsked, (PAYING_OFFICER,), EXCHANGE),
    Told(payments.BaseDecided, (VISITOR,), EXCHANGE),
    Told(payments.BankDetailsGiven, (VISITOR, PAYING_OFFICER), EXCHANGE),
    Told(payments.EvidenceUploaded, (PAYING_OFFICER,), EXCHANGE),
    Told(payments.EvidenceReminded, (VISITOR, when("overdue", VISITOR_DESK)), EXCHANGE),
    Told(payments.EvidenceReturned, (VISITOR,), EXCHANGE),
    Told(payments.EvidenceAccepted, (VISITOR,), EXCHANGE),
    Told(payments.PaymentDue, (PAYING_OFFICER, VISITOR), EXCHANGE),
    Told(payments.PaymentReminded, (PAYING_OFFICER,), EXCHANGE),
    Told(payments.PaymentProposed, (second_person("visitor.partnership_id"),), EXCHANGE),
    Told(payments.PaymentOrdered, (PAYING_OFFICER, VISITOR), EXCHANGE),
    Told(payments.PaymentPaid, (VISITOR, VISITOR_DESK), EXCHANGE),
    Told(payments.PaymentFailed, (PAYING_OFFICER, VISITOR), EXCHANGE),
    Told(payments.NothingDue, (VISITOR, PAYING_OFFICER), EXCHANGE),
)  # fmt: skip

TOLD = (*REGISTRY, *MATCHING, *AGREEMENTS, *PAYMENTS)
