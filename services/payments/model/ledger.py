"""The ledger: one line for everything that was agreed, due, ordered, paid or taken back; lines are added and never changed.

The database holds to it as well: a trigger (of the first migration) refuses every change of a line, and any line that would lift what was paid for an
exchange, less what was taken back, above its agreed lump sum.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.model.base import TRAIL, Base, money, personal


class LedgerEntry(Base):
    """One line: cents, always positive; a line of kind `reversed` says which kind it takes back."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="positive"),
        CheckConstraint("(kind = 'reversed') = (reverses IS NOT NULL)", name="reversal"),
        Index("uq_ledger_entry_paid", "payment_id", unique=True, postgresql_where="kind = 'paid'"),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payment.id"), index=True)
    exchange_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reverses: Mapped[str | None] = mapped_column(String(20))
    amount_minor: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120), info=personal("knowing who moved money", TRAIL))
    reference: Mapped[str | None]

    @property
    def amount(self) -> dict[str, Any] | None:
        """The amount as Money."""
        return money(self.amount_minor)
