"""Payment lists: numbered per partnership, each payment order on one of them only, the file kept sealed as it was made."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.bare.message import Fact
from contracts.payments import BatchExported, BatchFetched
from services.payments.model.base import TRAIL, Base, money, personal
from services.payments.model.payment import Payment
from services.payments.vault import Sealed

MOST_LINES = 200
"""Payments on one list, so that its file stays small; what is left goes on the next one."""


class Batch(Base):
    """One payment list of a partnership; `sealed` is its file, with `size` bytes in the clear.

    Its hash is not kept: with all but a few digits of an account known, it would tell whether those were guessed.
    """

    __tablename__ = "payment_batch"
    __table_args__ = (UniqueConstraint("partnership_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    partnership_id: Mapped[UUID]
    number: Mapped[int]
    created_by: Mapped[UUID] = mapped_column(info=personal("knowing who made the list", TRAIL))
    created_at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, info=personal("paying the lump sums"))
    size: Mapped[int]
    count: Mapped[int]
    total_minor: Mapped[int]
    lines: Mapped[list[BatchLine]] = relationship(order_by="BatchLine.position", lazy="raise")

    def enter(self, payments: list[Payment], size: int, sealed: Sealed) -> None:
        """Put payments on the list, in this order, with the file that names their accounts."""
        self.size, self.key_id, self.sealed = size, sealed.key_id, sealed.content
        self.count, self.total_minor = len(payments), sum(payment.due_amount for payment in payments)
        self.lines = [
            BatchLine(
                position=position, payment_id=payment.id, attempt=payment.attempt, exchange_id=payment.exchange_id,
                amount_minor=payment.due_amount, masked_account=_masked(payment),
            )
            for position, payment in enumerate(payments, 1)
        ]  # fmt: skip

    def exported(self) -> Fact:
        """What follows from making it."""
        return BatchExported.of(
            self.id, audience=[self.partnership_id], batch_id=self.id, partnership_id=self.partnership_id, total=self.total
        )

    def fetched(self) -> Fact:
        """What follows from handing its file out."""
        return BatchFetched.of(self.id, audience=[self.partnership_id], batch_id=self.id)

    @property
    def file(self) -> Sealed:
        """Its file as it is kept."""
        return Sealed(self.key_id, self.sealed)

    @property
    def file_name(self) -> str:
        """What its file is called."""
        return f"payments-{self.number}.csv"

    @property
    def batch_id(self) -> UUID:
        """The id as the contract calls it."""
        return self.id

    @property
    def total(self) -> dict[str, Any] | None:
        """The sum of its lines as Money."""
        return money(self.total_minor)


class BatchLine(Base):
    """One payment order on one list; a payment that the bank returned may stand on a later list with its next order."""

    __tablename__ = "payment_batch_line"
    __table_args__ = (UniqueConstraint("payment_id", "attempt"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("payment_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"))
    attempt: Mapped[int]
    exchange_id: Mapped[UUID]
    amount_minor: Mapped[int]
    masked_account: Mapped[str] = mapped_column(String(60), info=personal("recognising the account"))

    @property
    def amount(self) -> dict[str, Any] | None:
        """The amount as Money."""
        return money(self.amount_minor)


def _masked(payment: Payment) -> str:
    details = payment.exchange.bank_details
    return details.masked_account if details else ""
