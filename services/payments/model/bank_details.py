"""Bank details as they are kept: sealed, with a mask for showing and a record of who saw them in full."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Fact, new_id
from chassis.bare.principal import Principal
from chassis.bare.tables import Versioned
from contracts.payments import AccountDisclosed
from services.payments.model.base import FINANCE, TRAIL, VISITOR, Base, personal
from services.payments.vault import Account, Sealed

if TYPE_CHECKING:
    from services.payments.model.exchange import Exchange

BANK_DETAILS = Lifecycle(
    "bank details",
    "missing",
    move("give_bank_details", "missing given", "given", VISITOR),
    move("disclose", "given", "given", FINANCE),
)


class BankDetails(Versioned, Base):
    """The account of one exchange's lump sum; everything that identifies its holder is inside `sealed`."""

    __tablename__ = "bank_details"

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info=personal("paying the lump sum"))
    masked_account: Mapped[str] = mapped_column(String(60), info=personal("recognising the account"))
    by_hand: Mapped[bool]
    given_by: Mapped[UUID] = mapped_column(info=personal("knowing who gave the account", TRAIL))
    given_at: Mapped[datetime]
    exchange: Mapped[Exchange] = relationship(back_populates="bank_details", lazy="raise")
    accesses: Mapped[list[Access]] = relationship(order_by="Access.at", lazy="raise")

    def replace(self, account: Account, sealed: Sealed, by: UUID, at: datetime) -> None:
        """Take another account in its place."""
        self.key_id, self.sealed, self.masked_account = sealed.key_id, sealed.content, account.masked
        self.by_hand, self.given_by, self.given_at = account.by_hand, by, at

    def disclose(self, by: Principal, at: datetime) -> Fact:
        """A paying officer sees the account in full; it is written down who, when and what for."""
        BANK_DETAILS.after("given", "disclose", self.exchange.capacities(by))
        self.record_access(by.person, at, "check")
        return self.exchange.happened(AccountDisclosed)

    def record_access(self, person_id: UUID, at: datetime, purpose: str) -> None:
        """Write down that a person saw the account in full."""
        self.accesses.append(Access(id=new_id(), exchange_id=self.exchange_id, person_id=person_id, at=at, purpose=purpose))

    @property
    def content(self) -> Sealed:
        """The sealed content with the id of the key it was sealed with."""
        return Sealed(self.key_id, self.sealed)


class Access(Base):
    """One look at a full account number."""

    __tablename__ = "account_access"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("bank_details.exchange_id"), index=True)
    person_id: Mapped[UUID] = mapped_column(info=personal("showing who saw the account", TRAIL))
    at: Mapped[datetime]
    purpose: Mapped[str] = mapped_column(String(20))
