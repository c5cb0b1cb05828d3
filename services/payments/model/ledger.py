"""The ledger: one line for everything that was agreed, due, ordered, paid or taken back; lines are added and never changed.

The database holds to it as well: a trigger refuses every change of a line, and any line that would lift what was paid for an
exchange, less what was taken back, above its agreed lump sum.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.model.base import Base, money


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
    actor: Mapped[str] = mapped_column(String(120))
    reference: Mapped[str | None]

    @property
    def amount(self) -> dict[str, Any] | None:
        """The amount as Money."""
        return money(self.amount_minor)


LEDGER_TRIGGERS = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger lines are never changed or erased' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER ledger_entry_stays BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();

CREATE FUNCTION ledger_within_lump_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed bigint;
    paid bigint;
BEGIN
    SELECT agreed_minor INTO agreed FROM payment WHERE id = NEW.payment_id FOR UPDATE;
    SELECT coalesce(sum(CASE WHEN kind = 'paid' THEN amount_minor WHEN reverses = 'paid' THEN -amount_minor ELSE 0 END), 0)
        INTO paid FROM ledger_entry WHERE exchange_id = NEW.exchange_id;
    IF NEW.kind = 'paid' AND paid + NEW.amount_minor > coalesce(agreed, 0) THEN
        RAISE EXCEPTION 'more than the lump sum of the exchange would be paid' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.reverses = 'paid' AND NEW.amount_minor > paid THEN
        RAISE EXCEPTION 'more than was paid would be taken back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_entry_within_lump_sum BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_within_lump_sum();
"""
