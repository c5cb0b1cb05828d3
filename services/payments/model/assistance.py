"""The assistance computed for one version of the commitment, and the request that the paying officer decide its base."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Fact, new_id
from chassis.bare.principal import Principal
from contracts.payments import BaseDecided
from services.payments.assistance import Base as LumpBase
from services.payments.assistance import Figure, Rules, Stay, amount, lump_sum
from services.payments.model.base import CONSENT, FINANCE, MONEY_ROLES, TRAIL, VISITOR, Base, money, personal

if TYPE_CHECKING:
    from services.payments.model.exchange import Exchange

SUPPLEMENT = Lifecycle(
    "request for another base",
    "requested",
    move("grant", "requested", "granted", FINANCE),
    move("decline", "requested", "declined", FINANCE),
    move("withdraw", "requested", "withdrawn", VISITOR),
)

ASSISTANCE = Lifecycle("assistance", "refused", move("recompute_assistance", "refused", "computed", MONEY_ROLES))


class Assistance(Base):
    """The lump sum for one version of the commitment with all it rests on, or the code why there is none.

    Base, distance and figures are kept, so that the same sum can be done for the days that the host confirms later.
    """

    __tablename__ = "assistance"
    __table_args__ = (UniqueConstraint("exchange_id", "commitment_version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"))
    commitment_version: Mapped[int]
    working_days: Mapped[int]
    distance_m: Mapped[int]
    base_name: Mapped[str | None]
    base_minor: Mapped[int | None]
    base_source: Mapped[str | None]
    rules: Mapped[dict[str, Any]]
    amount_minor: Mapped[int | None]
    factors: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    refused: Mapped[str | None] = mapped_column(String(40))
    computed_at: Mapped[datetime]

    @classmethod
    def of(cls, exchange_id: UUID, commitment_version: int) -> Assistance:
        """The assistance for one version of the commitment, still to be computed."""
        return cls(id=new_id(), exchange_id=exchange_id, commitment_version=commitment_version)

    @property
    def state(self) -> str:
        """Whether there is an amount."""
        return "refused" if self.amount_minor is None else "computed"

    def compute(self, base: LumpBase | None, stay: Stay, rules: Rules, at: datetime) -> None:
        """Do the sum, or note the code why it cannot be done."""
        self.working_days, self.distance_m, self.computed_at = stay.working_days, stay.distance_m, at
        self.rules = {name: [figure.value, figure.source] for name, figure in vars(rules).items()}
        self.refused = _refused(base, stay, rules)
        self.amount_minor, self.factors = None, []
        if base is not None and self.refused is None:
            self.base_name, self.base_minor, self.base_source = base.name, base.minor, base.source
            total = lump_sum(base, stay, rules)
            self.amount_minor, self.factors = total.minor, list(total.factors)

    def amount_for(self, days_present: int) -> int:
        """The cents for the days that were confirmed: the same sum, never above the agreed amount."""
        assert self.amount_minor is not None and self.base_minor is not None
        return min(self.amount_minor, amount(self.base_minor, min(days_present, self.working_days), self.distance_m, self._rules()))

    def is_too_short(self, days_present: int) -> bool:
        """Whether so few days are not paid at all."""
        return days_present < self.minimum_working_days

    @property
    def payment_days(self) -> int:
        """The calendar days in which it is paid, as agreed on."""
        return self._rules().payment_days.value

    @property
    def minimum_working_days(self) -> int:
        """Under so many working days nothing is paid, as agreed on."""
        return self._rules().minimum_working_days.value

    @property
    def amount(self) -> dict[str, Any] | None:
        """The lump sum as Money."""
        return money(self.amount_minor)

    def _rules(self) -> Rules:
        return Rules(**{name: Figure(value, source) for name, (value, source) in self.rules.items()})


class Supplement(Base):
    """A request that the paying officer decide the base. No reason, detail or document of it is kept: it would be health data."""

    __tablename__ = "supplement"

    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    requested_by: Mapped[UUID] = mapped_column(info=personal("telling the requester what was decided", CONSENT))
    requested_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(info=personal("knowing who decided", TRAIL))
    decided_at: Mapped[datetime | None]
    exchange: Mapped[Exchange] = relationship(back_populates="supplement", lazy="raise")

    def grant(self, by: Principal, at: datetime) -> Fact:
        """The paying officer decides the base."""
        return self._decide("grant", by, at)

    def decline(self, by: Principal, at: datetime) -> Fact:
        """The listed base applies."""
        return self._decide("decline", by, at)

    def withdraw(self, by: Principal, at: datetime) -> Fact:
        """The visitor takes the request back."""
        return self._decide("withdraw", by, at)

    def open_moves(self, who: Principal) -> list[str]:
        """The moves this person may make now."""
        return SUPPLEMENT.open_moves(self.state, self.exchange.capacities(who))

    def _decide(self, name: str, by: Principal, at: datetime) -> Fact:
        # One fact for all three outcomes: which it was is nobody's business but the paying officer's.
        self.state = SUPPLEMENT.after(self.state, name, self.exchange.capacities(by))
        self.decided_by, self.decided_at = by.person, at
        return self.exchange.happened(BaseDecided)


def _refused(base: LumpBase | None, stay: Stay, rules: Rules) -> str | None:
    if base is None:
        return "no_rate_for_country"
    return "too_few_working_days" if stay.working_days < rules.minimum_working_days.value else None
