"""The one payment of an exchange: it becomes payable when all is there, is ordered by two persons and paid once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Event, Fact, new_id
from chassis.bare.principal import Principal
from chassis.bare.tables import Versioned
from contracts import payments as contracts
from contracts.payments.refusals import (
    MoreThanPaid,
    NotByHand,
    PaidBeforeOrdered,
    PayingOfficersUnknown,
    PayingOfficerThere,
    SecondPersonNeeded,
)
from services.payments.model.base import FINANCE, MONEY_ROLES, SERVICE, SUPPORT, TRAIL, Base, money, personal
from services.payments.model.ledger import LedgerEntry

if TYPE_CHECKING:
    from services.payments.model.exchange import Exchange

PAYMENT = Lifecycle(
    "payment",
    "awaiting",
    move("become_payable", "awaiting", "payable", SERVICE),
    move("find_nothing_due", "awaiting", "nothing_due", SERVICE),
    move("reassess", "payable proposed nothing_due", "awaiting", SERVICE),
    move("propose", "payable", "proposed", FINANCE),
    move("approve", "proposed", "ordered", MONEY_ROLES),
    move("take_back", "proposed", "payable", (*MONEY_ROLES, SERVICE)),
    move("export", "ordered", "exported", FINANCE),
    move("record_paid", "ordered exported", "paid", FINANCE),
    move("record_failed", "ordered exported", "failed", FINANCE),
    move("retry", "failed", "payable", FINANCE),
    move("override_minimum", "nothing_due", "awaiting", SUPPORT),
    move("void", "awaiting payable proposed nothing_due failed", "void", SERVICE),
    move("record_overpaid", "paid", "overpaid", FINANCE),
    move("record_recovered", "overpaid", "recovered", FINANCE),
)
TO_BE_MADE = ("payable", "proposed", "ordered", "exported", "failed")
SETTLED = ("paid", "recovered", "nothing_due", "void")
"""States after which nothing is paid or claimed back any more."""
UNSETTLED = ("awaiting", "payable", "proposed", "nothing_due", "failed")
"""States in which what a payment rests on may still change."""


class Payment(Versioned, Base):
    """The payment of one exchange; `attempt` counts its orders, because the bank may return one."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_minor <= agreed_minor", name="within_lump_sum"),
        CheckConstraint("approved_by <> proposed_by", name="two_persons"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    agreed_minor: Mapped[int | None]
    amount_minor: Mapped[int | None]
    due_by: Mapped[date | None] = mapped_column(index=True)
    attempt: Mapped[int]
    proposed_by: Mapped[UUID | None] = mapped_column(info=personal("two persons order a payment", TRAIL))
    approved_by: Mapped[UUID | None] = mapped_column(info=personal("two persons order a payment", TRAIL))
    ordered_at: Mapped[datetime | None]
    batch_id: Mapped[UUID | None]
    reference: Mapped[str | None]
    paid_on: Mapped[date | None]
    failure: Mapped[str | None] = mapped_column(String(40))
    failure_comment: Mapped[str | None] = mapped_column(info=personal("saying why the bank returned it"))
    override_reason: Mapped[str | None] = mapped_column(info=personal("saying why a short stay is paid", TRAIL))
    claimed_minor: Mapped[int | None]
    claim_reason: Mapped[str | None] = mapped_column(info=personal("saying why money is claimed back", TRAIL))
    exchange: Mapped[Exchange] = relationship(back_populates="payment", lazy="raise")
    ledger: Mapped[list[LedgerEntry]] = relationship(order_by=LedgerEntry.position, lazy="raise")

    @classmethod
    def open(cls) -> Payment:
        """The payment of a new exchange, waiting for everything."""
        return cls(id=new_id(), state=PAYMENT.initial, attempt=0)

    def agree(self, amount_minor: int, by: Principal, at: datetime) -> None:
        """The financial agreement on this amount was signed; it takes the place of an earlier one."""
        if self.agreed_minor is not None:
            self._reverse("agreed", self.agreed_minor, by, at)
        self.agreed_minor = amount_minor
        self._enter("agreed", amount_minor, by, at)

    def become_payable(self, by: Principal, at: datetime, days_to_pay: int) -> Fact:
        """All is there: the amount follows from the days confirmed, the date from the later of report and evidence."""
        self._go("become_payable", by)
        self.amount_minor = self.exchange.payable_amount()
        self.due_by = self.exchange.complete_on() + timedelta(days=days_to_pay)
        self._enter("due", self.amount_minor, by, at)
        return self._happened(contracts.PaymentDue, amount=money(self.amount_minor), due_by=self.due_by)

    def find_nothing_due(self, by: Principal, at: datetime) -> Fact:
        """So few days were confirmed that nothing is paid."""
        self._go("find_nothing_due", by)
        return self._happened(contracts.NothingDue, reason="too_few_working_days")

    def reassess(self, by: Principal, at: datetime) -> Fact:
        """What the payment rests on has changed: it waits again until it is looked at."""
        self._go("reassess", by)
        if self.amount_minor is not None:
            self._reverse("due", self.amount_minor, by, at)
        self.proposed_by = self.amount_minor = self.due_by = None
        return self._happened(contracts.PaymentReassessed)

    def propose(self, by: Principal, at: datetime) -> Fact:
        """The first of the two persons."""
        self._go("propose", by)
        self.proposed_by = by.person
        return self._happened(contracts.PaymentProposed)

    def take_back(self, by: Principal, at: datetime) -> Fact:
        """The proposal does not stand any more."""
        self._go("take_back", by)
        self.proposed_by = None
        return self._happened(contracts.ProposalTakenBack)

    def approve(self, by: Principal, at: datetime) -> Fact:
        """The second person orders the payment.

        Raises SecondPersonNeeded for the first; for the support office PayingOfficerThere where a paying officer can do it, and
        PayingOfficersUnknown where that is not known.
        """
        state = self._after("approve", by)
        if by.person == self.proposed_by:
            raise SecondPersonNeeded
        if not self._may_be_second(by):
            raise PayingOfficerThere if self.exchange.knows_paying_officer(self.proposed_by) else PayingOfficersUnknown
        self.state, self.approved_by, self.ordered_at = state, by.person, at
        self.attempt += 1
        self.failure = self.failure_comment = None
        self._enter("ordered", self.due_amount, by, at)
        return self._happened(contracts.PaymentOrdered, amount=money(self.due_amount))

    def export(self, by: Principal, at: datetime, batch_id: UUID) -> Fact:
        """The payment stands on a payment list."""
        self._go("export", by)
        self.batch_id = batch_id
        return self._happened(contracts.PaymentExported, batch_id=batch_id)

    def record_paid(self, by: Principal, at: datetime, paid_on: date, reference: str) -> Fact:
        """The money left the account; raises NotByHand off the list, PaidBeforeOrdered for an impossible date."""
        was, state = self.state, self._after("record_paid", by)
        if was == "ordered" and not self.exchange.is_paid_by_hand:
            raise NotByHand
        self._refuse_impossible(paid_on, at)
        self.state, self.paid_on, self.reference = state, paid_on, reference
        self._enter("paid", self.due_amount, by, at, reference)
        return self._happened(contracts.PaymentPaid, amount=money(self.due_amount), paid_on=paid_on)

    def record_failed(self, by: Principal, at: datetime, reason: str, comment: str | None) -> Fact:
        """The bank returned the payment."""
        self._go("record_failed", by)
        self.failure, self.failure_comment = reason, comment
        self._reverse("ordered", self.due_amount, by, at)
        return self._happened(contracts.PaymentFailed, reason=reason)

    def retry(self, by: Principal, at: datetime) -> Fact:
        """Payable again; both persons are needed once more."""
        self._go("retry", by)
        self.proposed_by = self.approved_by = self.ordered_at = self.batch_id = None
        return self._happened(contracts.PaymentRetried)

    def override_minimum(self, by: Principal, at: datetime, reason: str) -> Fact:
        """The support office has a stay paid that was too short."""
        self._go("override_minimum", by)
        self.override_reason = reason
        return self._happened(contracts.MinimumOverridden)

    def void(self, by: Principal, at: datetime) -> Fact:
        """The exchange did not take place."""
        self._go("void", by)
        return self._happened(contracts.PaymentVoided)

    def record_overpaid(self, by: Principal, at: datetime, amount_minor: int, reason: str) -> Fact:
        """A part of what was paid is claimed back; raises MoreThanPaid."""
        state = self._after("record_overpaid", by)
        if not 0 < amount_minor <= self.due_amount:
            raise MoreThanPaid(paid=self.due_amount)
        self.state, self.claimed_minor, self.claim_reason = state, amount_minor, reason
        return self._happened(contracts.OverpaymentClaimed, amount=money(amount_minor))

    def record_recovered(self, by: Principal, at: datetime, reference: str) -> Fact:
        """What was claimed back has come in."""
        self._go("record_recovered", by)
        claimed = self.claimed_minor or 0
        self._reverse("paid", claimed, by, at, reference)
        return self._happened(contracts.OverpaymentRecovered, amount=money(claimed))

    def remind(self) -> Fact | None:
        """A reminder for the paying officer, if the payment still has to be made."""
        if self.state not in TO_BE_MADE or self.due_by is None:
            return None
        return self._happened(contracts.PaymentReminded, due_by=self.due_by)

    def open_moves(self, who: Principal) -> list[str]:
        """The moves this person may make now, an own proposal's approval and the wrong way of paying left out."""
        closed = {"record_paid" if not self.exchange.is_paid_by_hand else "export"} if self.state == "ordered" else set()
        if self.proposed_by is not None and (self.proposed_by == who.person or not self._may_be_second(who)):
            closed.add("approve")
        return [name for name in PAYMENT.open_moves(self.state, self.exchange.capacities(who)) if name not in closed]

    @property
    def due_amount(self) -> int:
        """The cents to be paid, once there are any."""
        if self.amount_minor is None:
            raise ValueError("nothing was found due yet")
        return self.amount_minor

    @property
    def payment_id(self) -> UUID:
        """The id as the contract calls it."""
        return self.id

    @property
    def amount(self) -> dict[str, Any] | None:
        """The amount to be paid as Money."""
        return money(self.amount_minor)

    @property
    def agreed(self) -> dict[str, Any] | None:
        """The agreed amount as Money."""
        return money(self.agreed_minor)

    @property
    def claimed_back(self) -> dict[str, Any] | None:
        """What is claimed back as Money."""
        return money(self.claimed_minor)

    def _may_be_second(self, who: Principal) -> bool:
        # The support office stands in where there is nobody else, so that a partnership with one paying officer can pay.
        if FINANCE in self.exchange.capacities(who):
            return True
        # Whoever proposed is or was a paying officer: where even that one is not known, neither are others.
        is_known = self.exchange.knows_paying_officer(self.proposed_by)
        return is_known and not self.exchange.has_paying_officer_beside(self.proposed_by)

    def _after(self, name: str, by: Principal) -> str:
        return PAYMENT.after(self.state, name, self.exchange.capacities(by))

    def _go(self, name: str, by: Principal) -> None:
        self.state = self._after(name, by)

    def _happened(self, event: type[Event], **data: Any) -> Fact:
        return self.exchange.happened(event, payment_id=self.id, **data)

    def _refuse_impossible(self, paid_on: date, at: datetime) -> None:
        ordered_on = self.ordered_at.date() if self.ordered_at else at.date()
        if not ordered_on <= paid_on <= at.date():
            raise PaidBeforeOrdered(paid_on=paid_on.isoformat(), ordered_on=ordered_on.isoformat(), today=at.date().isoformat())

    def _enter(self, kind: str, amount_minor: int, by: Principal, at: datetime, reference: str | None = None) -> None:
        self.ledger.append(self._line(kind, amount_minor, by, at, reference))

    def _reverse(self, kind: str, amount_minor: int, by: Principal, at: datetime, reference: str | None = None) -> None:
        self.ledger.append(self._line("reversed", amount_minor, by, at, reference, reverses=kind))

    def _line(
        self, kind: str, amount_minor: int, by: Principal, at: datetime, reference: str | None = None, reverses: str | None = None
    ) -> LedgerEntry:
        return LedgerEntry(
            payment_id=self.id, exchange_id=self.exchange_id, kind=kind, reverses=reverses,
            amount_minor=amount_minor, at=at, actor=by.actor, reference=reference,
        )  # fmt: skip
