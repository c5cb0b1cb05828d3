"""Doors to the payments: reading them, the moves of the two persons, and what the bank did."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers, due
from chassis.running.occasions import Due
from chassis.running.unit import Unit
from contracts.payments import (
    ApprovePayment,
    CountPaymentPiles,
    ListPayments,
    OverrideMinimum,
    ProposePayment,
    ReadExchangePayment,
    ReadPayment,
    RecordFailed,
    RecordOverpaid,
    RecordPaid,
    RecordRecovered,
    RetryPayment,
    TakeBackProposal,
)
from services.payments import piles, queries, shown
from services.payments.doors.frame import REMINDER, Doors, morning_of, settle
from services.payments.model import Payment


class PaymentDoors(Doors):
    """One payment from awaiting to paid."""

    @answers(ListPayments)
    def list_payments(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Payments somebody may see."""
        with self.unit() as unit:
            page = queries.payments(unit, who, request)
            names = queries.names(unit, [each.exchange for each in page["items"]])
            return unit.reply(page | {"items": [shown.payment(each, who, names) for each in page["items"]]})

    @answers(CountPaymentPiles)
    def count_payment_piles(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How many payments lie on each pile."""
        with self.unit() as unit:
            return unit.reply({"items": piles.counts(unit, queries.visible_to(who))})

    @answers(ReadExchangePayment)
    def read_exchange_payment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The payment of an exchange."""
        with self.unit() as unit:
            return _reply(unit, queries.exchange(unit, request["exchange_id"], seen_by=who).payment, who)

    @answers(ReadPayment)
    def read_payment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A payment by its own id."""
        with self.unit() as unit:
            return _reply(unit, queries.exchange_of_payment(unit, request["payment_id"], seen_by=who).payment, who)

    @answers(ProposePayment)
    def propose_payment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The first person."""
        with self.unit() as unit:
            payment = _to_change(unit, who, request)
            unit.expect(payment)
            unit.announce(payment.propose(by=who, at=unit.now))
            return _reply(unit, payment, who)

    @answers(ApprovePayment)
    def approve_payment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The second person."""
        with self.unit() as unit:
            payment = _to_change(unit, who, request)
            unit.expect(payment)
            unit.announce(payment.approve(by=who, at=unit.now))
            return _reply(unit, payment, who)

    @answers(TakeBackProposal)
    def take_back_proposal(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Not proposed any more."""
        with self.unit() as unit:
            payment = _to_change(unit, who, request)
            unit.announce(payment.take_back(by=who, at=unit.now))
            return _reply(unit, payment, who)

    @answers(RecordPaid)
    def record_paid(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The money left the account."""
        with self.unit() as unit:
            payment = _to_change(unit, who, request)
            unit.announce(payment.record_paid(who, unit.now, request["paid_on"], request["reference"]))
            unit.unplan(REMINDER, payment.exchange_id)
            return _reply(unit, payment, who)

    @answers(RecordFailed)
    def record_failed(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The bank returned it."""
        with self.unit() as unit:
            payment = _to_change(unit, who, request)
            unit.announce(payment.record_failed(who, unit.now, request["reason"], request["comment"]))
            return _reply(unit, payment, who)

    @answers(RetryPayment)
    def retry_payment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Payable again."""
        with self.unit() as unit:
            payment = _to_change(unit, who, request)
            unit.announce(payment.retry(by=who, at=unit.now))
            return _reply(unit, payment, who)

    @answers(OverrideMinimum)
    def override_minimum(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A short stay is paid all the same."""
        with self.unit() as unit:
            payment = _to_change(unit, who, request)
            unit.announce(payment.override_minimum(who, unit.now, request["reason"]))
            settle(unit, payment.exchange)
            return _reply(unit, payment, who)

    @answers(RecordOverpaid)
    def record_overpaid(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A part is claimed back."""
        with self.unit() as unit:
            payment = _to_change(unit, who, request)
            unit.announce(payment.record_overpaid(who, unit.now, request["amount"]["minor"], request["reason"]))
            return _reply(unit, payment, who)

    @answers(RecordRecovered)
    def record_recovered(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """What was claimed back has come in."""
        with self.unit() as unit:
            payment = _to_change(unit, who, request)
            unit.announce(payment.record_recovered(who, unit.now, request["reference"]))
            return _reply(unit, payment, who)

    @due(REMINDER)
    def remind_of_payment(self, due: Due) -> None:
        """Its date comes near, or has come; nobody is reminded of what is paid or void."""
        with self.unit() as unit:
            payment = queries.exchange(unit, due.subject_id, seen_by=unit.who, to_change=True).payment
            reminder = payment.remind()
            unit.announce(reminder)
            if reminder and payment.due_by and unit.now.date() < payment.due_by:
                unit.plan(REMINDER, payment.exchange_id, morning_of(payment.due_by))


def _to_change(unit: Unit, who: Principal, request: dict[str, Any]) -> Payment:
    return queries.exchange_of_payment(unit, request["payment_id"], seen_by=who, to_change=True).payment


def _reply(unit: Unit, payment: Payment, who: Principal) -> dict[str, Any]:
    # Flushed first, so that the version shown is the one that the next If-Match names.
    unit.session.flush()
    names = queries.names(unit, [payment.exchange])
    return unit.reply(shown.payment(payment, who, names) | {"ledger": payment.ledger})
