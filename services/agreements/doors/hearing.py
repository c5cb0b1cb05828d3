"""What this service hears: participations and partnerships, the match, and how the money stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from chassis.bare.message import Heard
from chassis.running.doors import NotYet, listens
from contracts.agreements import ExchangeNotFound
from contracts.matching import MatchAgreed
from contracts.payments import (
    AssistanceComputed,
    AssistanceRefused,
    BankDetailsGiven,
    EvidenceAccepted,
    MinimumOverridden,
    NothingDue,
    PaymentDue,
    PaymentFailed,
    PaymentOrdered,
    PaymentPaid,
    PaymentReassessed,
    PaymentRetried,
)
from contracts.registry import ParticipationAccepted, PartnershipChanged, PartnershipCreated, ProfileChanged, ReadOrganisationDetails
from services.agreements import queries
from services.agreements.doors.frame import Doors
from services.agreements.model import Exchange, Participation, Partnership, obstacle_to, refuse_match

if TYPE_CHECKING:
    from chassis.running.unit import Unit

DETAILS = (
    "legal_name", "registration_number", "street", "house_number", "postcode", "town", "country",
    "representative_name", "representative_function",
)  # fmt: skip


class BodyListeners(Doors):
    """Copies of what the registry announces, and the match that opens an exchange."""

    @listens(ParticipationAccepted)
    def note_participation(self, event: Heard) -> None:
        """Keep the accepted participation's name and country."""
        self._note_profile(event)

    @listens(ProfileChanged)
    def note_profile(self, event: Heard) -> None:
        """Follow its changes."""
        self._note_profile(event)

    @listens(PartnershipCreated)
    def note_partnership(self, event: Heard) -> None:
        """Keep the partnership's name."""
        self._note_partnership(event)

    @listens(PartnershipChanged)
    def note_partnership_change(self, event: Heard) -> None:
        """Follow its changes."""
        self._note_partnership(event)

    @listens(MatchAgreed)
    def open_exchange(self, event: Heard) -> None:
        """A match becomes an exchange, or is refused when the scheme does not allow it."""
        match = event.data
        with self.unit() as unit:
            queries.lock_organisation(unit, match["visitor"]["organisation_id"])
            visiting, hosting = (_participation(unit, match[side]["participation_id"]) for side in ("visitor", "host"))
            bodies = {each: _partnership(unit, each) for each in (match[side]["partnership_id"] for side in ("visitor", "host"))}
            obstacle = obstacle_to(match, visiting, hosting) or queries.obstacle_in_scheme(unit, match["visitor"]["organisation_id"])
            if obstacle:
                unit.announce(refuse_match(match, obstacle))
                return
            exchange = Exchange.open(match, visiting, hosting, bodies, unit.now)
            unit.session.add(exchange)
            unit.announce(exchange.opened())

    def _note_profile(self, event: Heard) -> None:
        with self.unit() as unit:
            known = queries.participation(unit, event.data["participation_id"], to_change=True)
            participation = known or Participation(id=event.data["participation_id"], revision=0)
            participation.follow(event.data["revision"], event.data["profile"])
            unit.session.add(participation)

    def _note_partnership(self, event: Heard) -> None:
        with self.unit() as unit:
            partnership = queries.partnership(unit, event.data["partnership_id"]) or Partnership(id=event.data["partnership_id"])
            partnership.follow(event.data, event.subject_version)
            unit.session.add(partnership)


class MoneyListeners(Doors):
    """How the money stands: what payments announces, mirrored; and the financial agreement drafted on the computed amount."""

    @listens(AssistanceComputed)
    def draft_financial_agreement(self, event: Heard) -> None:
        """Draft the agreement; an amount for a version that does not stand any more is dropped: the newer one is computed too."""
        details = self.ask(ReadOrganisationDetails, participation_id=event.data["visitor"]["participation_id"])
        visitor = {name: str(details[name]) for name in DETAILS}
        assistance = {"amount": dict(event.data["amount"]), "factors": [dict(each) for each in event.data["factors"]]}
        assistance |= {name: event.data[name] for name in ("payment_days", "minimum_working_days")}
        with self.unit() as unit:
            exchange = _exchange(unit, event)
            if exchange.may_draft:
                number = event.data["commitment_version"]
                unit.announce(exchange.draft_financial_agreement(unit.who, number, assistance, visitor, unit.now))

    @listens(AssistanceRefused)
    def note_refused_assistance(self, event: Heard) -> None:
        """There is no amount: the support office has to act."""
        with self.unit() as unit:
            _exchange(unit, event).note_refused_assistance(event.data["code"], event.data["commitment_version"], unit.now)

    @listens(BankDetailsGiven)
    def note_bank_details(self, event: Heard) -> None:
        """Payments has bank details."""
        with self.unit() as unit:
            _exchange(unit, event).note_bank_details(unit.now)

    @listens(EvidenceAccepted)
    def note_evidence(self, event: Heard) -> None:
        """The evidence is accepted as a whole."""
        with self.unit() as unit:
            _exchange(unit, event).note_evidence(unit.now)

    @listens(PaymentDue)
    def note_payment_due(self, event: Heard) -> None:
        """All that the payment needs is there."""
        self._note_payment(event, "payable")

    @listens(PaymentOrdered)
    def note_payment_ordered(self, event: Heard) -> None:
        """The payment is approved."""
        self._note_payment(event, "ordered")

    @listens(PaymentPaid)
    def note_payment_paid(self, event: Heard) -> None:
        """The payment was made."""
        self._note_payment(event, "paid")

    @listens(PaymentFailed)
    def note_payment_failed(self, event: Heard) -> None:
        """The bank returned it."""
        self._note_payment(event, "failed")

    @listens(NothingDue)
    def note_nothing_due(self, event: Heard) -> None:
        """Nothing is paid."""
        self._note_payment(event, "nothing_due")

    @listens(PaymentRetried)
    def note_payment_retried(self, event: Heard) -> None:
        """What the bank returned is payable again."""
        self._note_payment(event, "payable")

    @listens(PaymentReassessed)
    def note_payment_reassessed(self, event: Heard) -> None:
        """It waits again until all is looked at."""
        self._note_payment(event, "none")

    @listens(MinimumOverridden)
    def note_minimum_overridden(self, event: Heard) -> None:
        """Something will be due after all."""
        self._note_payment(event, "none")

    def _note_payment(self, event: Heard, payment: str) -> None:
        with self.unit() as unit:
            _exchange(unit, event).note_payment(payment, event.subject_version, unit.now)


def _exchange(unit: Unit, event: Heard) -> Exchange:
    try:
        return queries.exchange(unit, event.data["exchange_id"], seen_by=unit.who, to_change=True)
    except ExchangeNotFound:
        raise NotYet("the exchange is not known yet") from None


def _participation(unit: Unit, participation_id: UUID) -> Any:
    found = queries.participation(unit, participation_id)
    if found is None:
        raise NotYet(f"participation {participation_id} is not known yet")
    return found


def _partnership(unit: Unit, partnership_id: UUID) -> Any:
    found = queries.partnership(unit, partnership_id)
    if found is None:
        raise NotYet(f"partnership {partnership_id} is not known yet")
    return found
