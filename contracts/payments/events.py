"""What payments announces of an exchange's money: ids, codes, times and amounts, for the visitor's partnership alone."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Several, Whole
from chassis.bare.message import Event
from contracts.payments.words import (
    BATCH_ID,
    EURO_390,
    EVIDENCE_ID,
    EXCHANGE_ID,
    FAILURE_REASONS,
    PAYMENT_ID,
    REFUSED_AMOUNTS,
    RETURN_REASONS,
    Factor,
)
from contracts.words import Money, Party

ABOUT: dict[str, Any] = {"exchange_id": EXCHANGE_ID, "visitor": Party.example, "host": Party.example}
ABOUT_PAYMENT: dict[str, Any] = {**ABOUT, "payment_id": PAYMENT_ID}


class MoneyEvent(Event):
    """Something that happened to the money of an exchange; every one names both parties."""

    service = "payments"
    subject_kind = "exchange"
    # What happens to the money moves the exchange, too; of both the host's side is told by what agreements announces of it.
    tells = ("payments:{exchange_id}", "exchanges:{exchange_id}")
    concerns = ("representative@visitor.organisation_id", "finance@visitor.partnership_id", "support_officer", "auditor")

    exchange_id = fields.UUID(required=True)
    visitor = fields.Nested(Party, required=True)
    host = fields.Nested(Party, required=True)

    example: ClassVar = ABOUT


class AssistanceComputed(MoneyEvent):
    """The lump sum for a validated commitment is computed, and can be agreed on.

    It is paid within `payment_days`, and not at all for a stay under `minimum_working_days`.
    """

    heard_by = ("agreements",)
    commitment_version = Whole(1, required=True)
    amount = Money(required=True)
    factors = Several(fields.Nested(Factor), required=True)
    payment_days = Whole(1, required=True)
    minimum_working_days = Whole(0, required=True)

    example: ClassVar = {
        **ABOUT,
        "commitment_version": 1,
        "amount": EURO_390,
        "factors": [Factor.example],
        "payment_days": 10,
        "minimum_working_days": 3,
    }


class AssistanceRefused(MoneyEvent):
    """No lump sum can be computed for a validated commitment."""

    heard_by = ("agreements", "identity")
    commitment_version = Whole(1, required=True)
    code = Choice(REFUSED_AMOUNTS, required=True)

    example: ClassVar = {**ABOUT, "commitment_version": 1, "code": "no_rate_for_country"}


class BaseAsked(MoneyEvent):
    """The paying officer is asked to decide the base of an exchange."""

    heard_by = ("identity",)


class BaseDecided(MoneyEvent):
    """The base of an exchange needs no decision any more."""

    heard_by = ("identity",)


class BankDetailsGiven(MoneyEvent):
    """Bank details were given or replaced; `replaced` is a reason to look whether that was meant."""

    heard_by = ("agreements", "identity")
    replaced = fields.Boolean(required=True)

    example: ClassVar = {**ABOUT, "replaced": False}


class AccountDisclosed(MoneyEvent):
    """A paying officer saw the full account number."""


class EvidenceUploaded(MoneyEvent):
    """A file of evidence was added."""

    heard_by = ("identity",)
    evidence_id = fields.UUID(required=True)

    example: ClassVar = {**ABOUT, "evidence_id": EVIDENCE_ID}


class EvidenceWithdrawn(MoneyEvent):
    """The visitor took a file of evidence back."""

    evidence_id = fields.UUID(required=True)

    example: ClassVar = {**ABOUT, "evidence_id": EVIDENCE_ID}


class EvidenceFileAccepted(MoneyEvent):
    """One file of evidence was accepted."""

    evidence_id = fields.UUID(required=True)

    example: ClassVar = {**ABOUT, "evidence_id": EVIDENCE_ID}


class EvidenceReturned(MoneyEvent):
    """A file of evidence was returned with a reason."""

    heard_by = ("identity",)
    evidence_id = fields.UUID(required=True)
    reason = Choice(RETURN_REASONS, required=True)

    example: ClassVar = {**ABOUT, "evidence_id": EVIDENCE_ID, "reason": "unreadable"}


class EvidenceReminded(MoneyEvent):
    """The evidence of a stay is awaited, and due on `due_on`; once that day is over it is `overdue`."""

    heard_by = ("identity",)
    due_on = fields.Date(required=True)
    overdue = fields.Boolean(required=True)

    example: ClassVar = {**ABOUT, "due_on": "2027-04-06", "overdue": False}


class EvidenceAccepted(MoneyEvent):
    """The evidence of an exchange was accepted as a whole."""

    heard_by = ("agreements", "identity")


class PaymentEvent(MoneyEvent):
    """Something that happened to the payment of an exchange."""

    payment_id = fields.UUID(required=True)

    example: ClassVar = ABOUT_PAYMENT


class PaymentDue(PaymentEvent):
    """All that a payment needs is there; it is to be made by `due_by`."""

    heard_by = ("agreements", "identity")
    amount = Money(required=True)
    due_by = fields.Date(required=True)

    example: ClassVar = {**ABOUT_PAYMENT, "amount": EURO_390, "due_by": "2027-04-11"}


class PaymentReminded(PaymentEvent):
    """A payment comes close to its date and is not made yet."""

    heard_by = ("identity",)
    due_by = fields.Date(required=True)

    example: ClassVar = {**ABOUT_PAYMENT, "due_by": "2027-04-11"}


class PaymentProposed(PaymentEvent):
    """One person proposed the payment; a second one approves it."""

    heard_by = ("identity",)


class ProposalTakenBack(PaymentEvent):
    """The payment is not proposed any more: somebody took it back, or the bank details changed."""


class PaymentOrdered(PaymentEvent):
    """A second person approved the payment."""

    heard_by = ("agreements", "identity", "registry")
    for_partnerships = True
    amount = Money(required=True)

    example: ClassVar = {**ABOUT_PAYMENT, "amount": EURO_390}


class PaymentExported(PaymentEvent):
    """The payment stands on a payment list."""

    batch_id = fields.UUID(required=True)

    example: ClassVar = {**ABOUT_PAYMENT, "batch_id": BATCH_ID}


class PaymentPaid(PaymentEvent):
    """The payment was made."""

    heard_by = ("agreements", "identity", "registry")
    for_partnerships = True
    amount = Money(required=True)
    paid_on = fields.Date(required=True)

    example: ClassVar = {**ABOUT_PAYMENT, "amount": EURO_390, "paid_on": "2027-04-05"}


class PaymentFailed(PaymentEvent):
    """The bank returned the payment."""

    heard_by = ("agreements", "identity", "registry")
    for_partnerships = True
    reason = Choice(FAILURE_REASONS, required=True)

    example: ClassVar = {**ABOUT_PAYMENT, "reason": "account_closed"}


class PaymentRetried(PaymentEvent):
    """A failed payment is payable again."""

    heard_by = ("agreements",)


class PaymentReassessed(PaymentEvent):
    """What a payment rests on changed before it was ordered; it is looked at anew."""

    heard_by = ("agreements",)


class NothingDue(PaymentEvent):
    """Nothing is paid: too few working days were confirmed."""

    heard_by = ("agreements", "identity")
    reason = Choice(("too_few_working_days",), required=True)

    example: ClassVar = {**ABOUT_PAYMENT, "reason": "too_few_working_days"}


class MinimumOverridden(PaymentEvent):
    """The support office has a stay paid that was shorter than the fewest working days."""

    heard_by = ("agreements",)


class PaymentVoided(PaymentEvent):
    """The exchange did not take place; there is nothing to pay."""


class OverpaymentClaimed(PaymentEvent):
    """A part of what was paid is claimed back."""

    amount = Money(required=True)

    example: ClassVar = {**ABOUT_PAYMENT, "amount": EURO_390}


class OverpaymentRecovered(PaymentEvent):
    """What was claimed back has come in."""

    amount = Money(required=True)

    example: ClassVar = {**ABOUT_PAYMENT, "amount": EURO_390}
