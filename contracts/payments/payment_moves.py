"""The moves of a payment that persons make."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Text
from chassis.bare.message import Command
from chassis.bare.refusals import MoveNotAllowed, MoveNotYours, StaleVersion
from contracts.payments.payment import PaymentDetail
from contracts.payments.refusals import (
    MoreThanPaid,
    NotByHand,
    PaidBeforeOrdered,
    PayingOfficersUnknown,
    PayingOfficerThere,
    PaymentNotFound,
    SecondPersonNeeded,
)
from contracts.payments.words import EURO_390, FAILURE_REASONS, PAYMENT_ID
from contracts.words import Money

PAYING_OFFICERS = "Paying officers of the visitor's partnership."
SECOND_PERSON = f"{PAYING_OFFICERS[:-1]}; where it has no other than the one who proposed, the support office."


class ProposePayment(Command):
    """Propose a payable payment; another person approves it."""

    service = "payments"
    answers = PaymentDetail
    allowed = ("finance",)
    rule = PAYING_OFFICERS
    if_match = True
    fresh = True
    refusals = (PaymentNotFound, StaleVersion, MoveNotYours, MoveNotAllowed)

    payment_id = fields.UUID(required=True)

    example: ClassVar = {"payment_id": PAYMENT_ID}


class ApprovePayment(Command):
    """Approve a proposed payment, which orders it; not by the person who proposed it."""

    service = "payments"
    answers = PaymentDetail
    allowed = ("finance", "support_officer")
    rule = f"{SECOND_PERSON} Never the person who proposed it."
    if_match = True
    fresh = True
    refusals = (PaymentNotFound, StaleVersion, SecondPersonNeeded, PayingOfficerThere, PayingOfficersUnknown, MoveNotYours, MoveNotAllowed)

    payment_id = fields.UUID(required=True)

    example: ClassVar = {"payment_id": PAYMENT_ID}


class TakeBackProposal(Command):
    """Take a proposal back, by whoever proposed it or by the second person."""

    service = "payments"
    answers = PaymentDetail
    allowed = ("finance", "support_officer")
    rule = "Paying officers of the visitor's partnership, and the support office."
    refusals = (PaymentNotFound, MoveNotYours, MoveNotAllowed)

    payment_id = fields.UUID(required=True)

    example: ClassVar = {"payment_id": PAYMENT_ID}


class RecordPaid(Command):
    """Record that the money left the account; for an account without IBAN straight after the order, with the bank's reference."""

    service = "payments"
    answers = PaymentDetail
    allowed = ("finance",)
    rule = PAYING_OFFICERS
    refusals = (PaymentNotFound, NotByHand, PaidBeforeOrdered, MoveNotYours, MoveNotAllowed)

    payment_id = fields.UUID(required=True)
    paid_on = fields.Date(required=True)
    reference = Text(140, required=True)

    example: ClassVar = {"payment_id": PAYMENT_ID, "paid_on": "2027-04-05", "reference": "2027-04-05/17"}


class RecordFailed(Command):
    """Record that the bank returned the payment; the bank details can be corrected then."""

    service = "payments"
    answers = PaymentDetail
    allowed = ("finance",)
    rule = PAYING_OFFICERS
    refusals = (PaymentNotFound, MoveNotYours, MoveNotAllowed)

    payment_id = fields.UUID(required=True)
    reason = Choice(FAILURE_REASONS, required=True)
    comment = Text(1000, load_default=None, allow_none=True, lines=True)

    example: ClassVar = {"payment_id": PAYMENT_ID, "reason": "account_closed"}


class RetryPayment(Command):
    """Make a failed payment payable again; it needs both persons once more."""

    service = "payments"
    answers = PaymentDetail
    allowed = ("finance",)
    rule = PAYING_OFFICERS
    refusals = (PaymentNotFound, MoveNotYours, MoveNotAllowed)

    payment_id = fields.UUID(required=True)

    example: ClassVar = {"payment_id": PAYMENT_ID}


class OverrideMinimum(Command):
    """Have a stay paid that was shorter than the fewest working days, by the amount of a short stay."""

    service = "payments"
    answers = PaymentDetail
    allowed = ("support_officer",)
    rule = "The support office, with a reason."
    fresh = True
    refusals = (PaymentNotFound, MoveNotYours, MoveNotAllowed)

    payment_id = fields.UUID(required=True)
    reason = Text(1000, required=True, lines=True)

    example: ClassVar = {"payment_id": PAYMENT_ID, "reason": "The visitor fell ill on the second day."}


class RecordOverpaid(Command):
    """Claim a part of a paid amount, or all of it, back."""

    service = "payments"
    answers = PaymentDetail
    allowed = ("finance",)
    rule = PAYING_OFFICERS
    refusals = (PaymentNotFound, MoreThanPaid, MoveNotYours, MoveNotAllowed)

    payment_id = fields.UUID(required=True)
    amount = Money(required=True)
    reason = Text(1000, required=True, lines=True)

    example: ClassVar = {"payment_id": PAYMENT_ID, "amount": EURO_390, "reason": "The days present were corrected to three."}


class RecordRecovered(Command):
    """Record that what was claimed back has come in."""

    service = "payments"
    answers = PaymentDetail
    allowed = ("finance",)
    rule = PAYING_OFFICERS
    refusals = (PaymentNotFound, MoveNotYours, MoveNotAllowed)

    payment_id = fields.UUID(required=True)
    reference = Text(140, required=True)

    example: ClassVar = {"payment_id": PAYMENT_ID, "reference": "2027-06-01/3"}
