"""The types of events that partnership systems receive. They grow, and never shrink."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Digest, Instant, Whole
from contracts import agreements, payments, registry
from contracts.agreements.words import DIGEST, FINANCIAL, KINDS, PARTIES
from contracts.matching import events as matching
from contracts.partners.parts import AboutExchange, AboutMoney, AboutParticipation, PartnerEvent
from contracts.words import Money

ABOUT = AboutExchange.example
PAYMENT: dict[str, Any] = {**ABOUT, "payment_id": "5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a52"}
AMOUNT = {"minor": 78000, "currency": "EUR"}


class ParticipationAccepted(AboutParticipation):
    """A registration was accepted: the organisation takes part."""

    told_of = registry.ParticipationAccepted


class ParticipationPaused(AboutParticipation):
    """A participation pauses: no new contacts."""

    told_of = registry.ParticipationPaused


class ParticipationResumed(AboutParticipation):
    """A paused participation goes on."""

    told_of = registry.ParticipationResumed


class ParticipationWithdrawn(AboutParticipation):
    """A participation was withdrawn for good."""

    told_of = registry.ParticipationWithdrawn


class ParticipationExpired(AboutParticipation):
    """A participation ended because nobody answered whether the interest goes on."""

    told_of = registry.ParticipationExpired


class MatchAgreed(AboutExchange):
    """Visitor and host agreed on an exchange; from here on it has its id."""

    told_of = matching.MatchAgreed


class _Versioned(AboutExchange):
    """Something that happened to a numbered version of a text."""

    version = Whole(1, required=True)

    example: ClassVar[dict[str, Any]] = {**ABOUT, "version": 1}


class CommitmentSubmitted(_Versioned):
    """A numbered version of the commitment to quality lies before both partnerships."""

    told_of = agreements.CommitmentSubmitted


class CommitmentValidated(_Versioned):
    """Both partnerships validated the version; `start` and `end` are the first and last day of the stay."""

    told_of = agreements.CommitmentValidated
    text_digest = Digest(required=True)
    start = fields.Date(required=True)
    end = fields.Date(required=True)
    working_days = Whole(0, required=True)

    example: ClassVar = {**_Versioned.example, "text_digest": DIGEST, "start": "2027-03-01", "end": "2027-03-07", "working_days": 4}


class _AboutText(_Versioned):
    """Something that happened to the text of an agreement; the financial one is the visitor's partnership's business alone."""

    kind = Choice(KINDS, required=True)
    text_digest = Digest(required=True)

    example: ClassVar[dict[str, Any]] = {**_Versioned.example, "kind": KINDS[0], "text_digest": DIGEST}

    @classmethod
    def is_about_money(cls, data: Mapping[str, Any]) -> bool:
        """Where the text is the financial agreement's."""
        return bool(data["kind"] == FINANCIAL)


class SignatureGiven(_AboutText):
    """One party signed one text."""

    told_of = agreements.SignatureGiven
    party = Choice(PARTIES, required=True)

    example: ClassVar = {**_AboutText.example, "party": "visitor"}


class AgreementSigned(_AboutText):
    """All parties of an agreement have signed it."""

    told_of = agreements.AgreementSigned
    commitment_version = Whole(1, required=True)
    signed_at = Instant(required=True)

    example: ClassVar = {**_AboutText.example, "commitment_version": 1, "signed_at": "2027-01-21T09:00:00Z"}


class ExchangeReady(AboutExchange):
    """Both agreements are signed by all: the visitor may arrive."""

    told_of = agreements.ExchangeReady


class ExchangeStarted(AboutExchange):
    """The visitor arrived."""

    told_of = agreements.ExchangeStarted
    started_on = fields.Date(required=True)

    example: ClassVar = {**ABOUT, "started_on": "2027-03-01"}


class ExchangeEnded(AboutExchange):
    """The visitor left."""

    told_of = agreements.ExchangeEnded
    ended_on = fields.Date(required=True)

    example: ClassVar = {**ABOUT, "ended_on": "2027-03-07"}


class ExchangeCancelled(AboutExchange):
    """The exchange was called off before it started."""

    told_of = agreements.ExchangeCancelled


class ExchangeTerminated(AboutExchange):
    """The exchange was broken off while it ran."""

    told_of = agreements.ExchangeTerminated


class NoShowRecorded(AboutExchange):
    """The visitor did not come."""

    told_of = agreements.NoShowRecorded


class ReportValidated(AboutExchange):
    """The visitor's partnership validated the closing report."""

    told_of = agreements.ReportValidated


class _AboutPayment(AboutMoney):
    """Something that happened to the payment of an exchange."""

    payment_id = fields.UUID(required=True)

    example: ClassVar[dict[str, Any]] = PAYMENT


class PaymentOrdered(_AboutPayment):
    """A second person approved the payment."""

    told_of = payments.PaymentOrdered
    amount = Money(required=True)

    example: ClassVar = {**PAYMENT, "amount": AMOUNT}


class PaymentPaid(_AboutPayment):
    """The payment was made."""

    told_of = payments.PaymentPaid
    amount = Money(required=True)
    paid_on = fields.Date(required=True)

    example: ClassVar = {**PAYMENT, "amount": AMOUNT, "paid_on": "2027-04-05"}


class PaymentFailed(_AboutPayment):
    """The bank returned the payment."""

    told_of = payments.PaymentFailed


@cache
def partner_events() -> tuple[type[PartnerEvent], ...]:
    """Every type that partnership systems receive, by name."""
    listed = [each for each in globals().values() if isinstance(each, type) and issubclass(each, PartnerEvent) and hasattr(each, "told_of")]
    return tuple(sorted(listed, key=lambda each: each.__name__))
