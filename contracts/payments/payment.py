"""The one payment of an exchange as it is shown: what it waits for, who proposed and approved it, what became of it."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Several, Text
from chassis.bare.message import PageQuery, Query, View, page_of
from contracts.payments.assistance import READERS, THOSE_WITH_THE_MONEY
from contracts.payments.refusals import ExchangeNotFound, PaymentNotFound
from contracts.payments.words import (
    EURO_390,
    EXCHANGE_ID,
    FAILURE_REASONS,
    LEDGER_KINDS,
    PARTNERSHIP_ID,
    PAYMENT_ID,
    PAYMENT_STATES,
    PERSON_ID,
    PILES,
    WAITING_FOR,
    moves_field,
)
from contracts.words import Money


class LedgerEntryView(View):
    """One line of the ledger; lines are added and never changed."""

    kind = Choice(LEDGER_KINDS, required=True)
    amount = Money(required=True)
    at = Instant(required=True)
    actor = fields.String(required=True)
    reference = fields.String(required=True, allow_none=True)

    example: ClassVar = {
        "kind": "due",
        "amount": EURO_390,
        "at": "2027-04-01T09:00:00Z",
        "actor": f"person:{PERSON_ID}",
        "reference": None,
    }


class PaymentView(View):
    """A payment: its state, what it still waits for, agreed and payable amount, the dates by which it and its evidence are due."""

    payment_id = fields.UUID(required=True)
    exchange_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True)
    visitor_organisation_id = fields.UUID(required=True)
    visitor_name = fields.String(required=True, allow_none=True)
    state = Choice(PAYMENT_STATES, required=True)
    version = fields.Integer(required=True)
    moves = moves_field()
    waiting_for = fields.List(Choice(WAITING_FOR), required=True)
    agreed = Money(required=True, allow_none=True)
    amount = Money(required=True, allow_none=True)
    days_present = fields.Integer(required=True, allow_none=True)
    due_by = fields.Date(required=True, allow_none=True)
    evidence_due_on = fields.Date(required=True, allow_none=True)
    masked_account = fields.String(required=True, allow_none=True)
    by_hand = fields.Boolean(required=True, allow_none=True)
    proposed_by = fields.UUID(required=True, allow_none=True)
    approved_by = fields.UUID(required=True, allow_none=True)
    batch_id = fields.UUID(required=True, allow_none=True)
    reference = fields.String(required=True, allow_none=True)
    paid_on = fields.Date(required=True, allow_none=True)
    failure = Choice(FAILURE_REASONS, required=True, allow_none=True)
    claimed_back = Money(required=True, allow_none=True)
    failure_comment = fields.String(required=True, allow_none=True)
    claim_reason = fields.String(required=True, allow_none=True)
    override_reason = fields.String(required=True, allow_none=True)

    example: ClassVar[dict[str, Any]] = {
        "payment_id": PAYMENT_ID,
        "exchange_id": EXCHANGE_ID,
        "partnership_id": PARTNERSHIP_ID,
        "visitor_organisation_id": "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a07",
        "visitor_name": "Blue Harbour Cluster",
        "state": "proposed",
        "version": 3,
        "moves": ["approve", "take_back"],
        "waiting_for": [],
        "agreed": {"minor": 78000, "currency": "EUR"},
        "amount": EURO_390,
        "days_present": 4,
        "due_by": "2027-04-11",
        "evidence_due_on": "2027-04-06",
        "masked_account": "PT50 **** 0154",
        "by_hand": False,
        "proposed_by": PERSON_ID,
        "approved_by": None,
        "batch_id": None,
        "reference": None,
        "paid_on": None,
        "failure": None,
        "claimed_back": None,
        "failure_comment": None,
        "claim_reason": None,
        "override_reason": None,
    }


PaymentPage = page_of(PaymentView)


class PaymentDetail(PaymentView):
    """A payment with its ledger, the oldest line first."""

    ledger = fields.List(fields.Nested(LedgerEntryView), required=True)

    example: ClassVar = {**PaymentView.example, "ledger": [LedgerEntryView.example]}


class ListPayments(PageQuery):
    """Payments, those due first at the top; of one's own organisation or partnership, or all for support office and auditors."""

    service = "payments"
    answers = PaymentPage
    allowed = READERS
    rule = THOSE_WITH_THE_MONEY

    state = Several(Choice(PAYMENT_STATES), load_default=list)
    pile = Choice(PILES, load_default=None, metadata={"description": "Only those on this pile of a paying officer's desk."})
    due_before = fields.Date(
        load_default=None,
        metadata={"description": "What is to be done before that day: the payment, or on a pile of evidence the evidence."},
    )
    partnership_id = fields.UUID(load_default=None)
    batch_id = fields.UUID(
        load_default=None, metadata={"description": "Only those on this payment list, also where the bank returned them."}
    )
    text = Text(100, load_default=None, metadata={"description": "A part of the visitor's name or of the bank's reference."})

    example: ClassVar = {"state": ["payable", "proposed"], "due_before": "2027-04-30"}


class ReadExchangePayment(Query):
    """The payment of an exchange."""

    service = "payments"
    answers = PaymentDetail
    allowed = READERS
    rule = THOSE_WITH_THE_MONEY
    refusals = (ExchangeNotFound,)

    exchange_id = fields.UUID(required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}


class ReadPayment(Query):
    """A payment by its own id."""

    service = "payments"
    answers = PaymentDetail
    allowed = READERS
    rule = THOSE_WITH_THE_MONEY
    refusals = (PaymentNotFound,)

    payment_id = fields.UUID(required=True)

    example: ClassVar = {"payment_id": PAYMENT_ID}
