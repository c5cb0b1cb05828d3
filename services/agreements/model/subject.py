"""What every part of an exchange stands on: its columns, who looks at it in which capacity, and how its facts are made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from chassis.bare.message import Event, Fact
from chassis.bare.principal import SERVICE, Principal
from chassis.bare.refusals import MoveNotAllowed
from contracts.agreements import CLOSED, COMMITMENT, FINANCIAL, HOST, HOST_PARTNERSHIP, VISITOR, VISITOR_PARTNERSHIP
from services.agreements.model.agreement import Agreement
from services.agreements.model.base import Base, personal
from services.agreements.model.bodies import Participation, Partnership
from services.agreements.model.lifecycle import AUDITOR, EXCHANGE, PAYING_OFFICER, SUPPORT, SYSTEM
from services.agreements.model.plan import Draft
from services.agreements.model.report import ClosingReport

OPEN = f"state NOT IN {CLOSED}"


ROLE_OF = {VISITOR: "representative", HOST: "representative", VISITOR_PARTNERSHIP: "agreements", HOST_PARTNERSHIP: "agreements"}


class Subject(Base):
    """The exchange as a row: its two sides, its state, and the dates that stand."""

    __abstract__ = True
    __tablename__ = "exchange"
    __table_args__ = (
        # An organisation has one open exchange as visitor, and one visit in the scheme, consumed when it started.
        Index("uq_exchange_open_visitor", "visitor_organisation_id", unique=True, postgresql_where=OPEN),
        Index("uq_exchange_consumed_visit", "visitor_organisation_id", unique=True, postgresql_where="started_on IS NOT NULL"),
        Index("ix_exchange_opened", "opened_at", "id"),
        Index("ix_exchange_host", "host_organisation_id"),
        Index("ix_exchange_visitor_partnership", "visitor_partnership_id"),
        Index("ix_exchange_host_partnership", "host_partnership_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default=EXCHANGE.initial)
    visitor_participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    visitor_organisation_id: Mapped[UUID]
    visitor_partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnership.id"))
    visitor_person_id: Mapped[UUID] = mapped_column(info=personal("knowing who answers for the visitor"))
    host_participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    host_organisation_id: Mapped[UUID]
    host_partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnership.id"))
    host_person_id: Mapped[UUID] = mapped_column(info=personal("knowing who answers for the host"))

    commitment_number: Mapped[int] = mapped_column(default=0)
    signed_number: Mapped[int] = mapped_column(default=0)
    start: Mapped[date | None]
    end: Mapped[date | None]
    working_days: Mapped[int | None]
    assistance_refused: Mapped[str | None]
    payment: Mapped[str] = mapped_column(default="none")
    payment_as_of: Mapped[int] = mapped_column(server_default="0")
    bank_details_given: Mapped[bool] = mapped_column(default=False)
    evidence_accepted: Mapped[bool] = mapped_column(default=False)

    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    shortened: Mapped[bool] = mapped_column(default=False)
    days_present: Mapped[int | None]
    report_due_on: Mapped[date | None]
    host_usefulness: Mapped[int | None]
    host_remarks: Mapped[str] = mapped_column(default="", info=personal("the host's own account"))

    reason: Mapped[str | None]
    explanation: Mapped[str] = mapped_column(default="", info=personal("saying why a step was taken"))
    explained_by: Mapped[str | None]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @declared_attr
    def visiting(cls) -> Mapped[Participation]:
        """The visitor's participation, for its name and country."""
        return relationship(Participation, lazy="raise", foreign_keys="Exchange.visitor_participation_id")

    @declared_attr
    def hosting(cls) -> Mapped[Participation]:
        """The host's participation."""
        return relationship(Participation, lazy="raise", foreign_keys="Exchange.host_participation_id")

    @declared_attr
    def visitor_body(cls) -> Mapped[Partnership]:
        """The visitor's partnership, for its name."""
        return relationship(Partnership, lazy="raise", foreign_keys="Exchange.visitor_partnership_id")

    @declared_attr
    def host_body(cls) -> Mapped[Partnership]:
        """The host's partnership."""
        return relationship(Partnership, lazy="raise", foreign_keys="Exchange.host_partnership_id")

    @declared_attr
    def draft(cls) -> Mapped[Draft]:
        """The plan on the writing desk."""
        return relationship(Draft, lazy="raise", cascade="all", uselist=False)

    @declared_attr
    def agreements(cls) -> Mapped[list[Agreement]]:
        """All texts of both kinds, the oldest first."""
        return relationship(Agreement, lazy="raise", cascade="all", order_by=(Agreement.kind, Agreement.number))

    @declared_attr
    def report(cls) -> Mapped[ClosingReport | None]:
        """The closing report, once the visitor began it."""
        return relationship(ClosingReport, lazy="raise", cascade="all", uselist=False)

    @property
    def visitor(self) -> dict[str, UUID]:
        """The visitor's ids, as the contracts' Party."""
        return self._party(VISITOR)

    @property
    def host(self) -> dict[str, UUID]:
        """The host's ids, as the contracts' Party."""
        return self._party(HOST)

    @property
    def places(self) -> dict[str, UUID]:
        """Each of the four parties and the organisation or partnership that it is."""
        return {
            VISITOR: self.visitor_organisation_id,
            HOST: self.host_organisation_id,
            VISITOR_PARTNERSHIP: self.visitor_partnership_id,
            HOST_PARTNERSHIP: self.host_partnership_id,
        }

    def held_by(self, who: Principal) -> dict[str, UUID]:
        """The parties for which this principal speaks, with their places."""
        return {party: place for party, place in self.places.items() if (ROLE_OF[party], place) in who.roles}

    def capacities(self, who: Principal) -> list[str]:
        """Every capacity in which this principal looks at the exchange; none for strangers."""
        if who.kind == SERVICE:
            return [SYSTEM]
        everywhere = [role for role in (SUPPORT, AUDITOR) if (role, None) in who.roles]
        pays = [PAYING_OFFICER] if ("finance", self.visitor_partnership_id) in who.roles else []
        return [*self.held_by(who), *pays, *everywhere]

    def sees_money(self, who: Principal) -> bool:
        """Whether the amount and the payment are for this principal: not for the host's side alone."""
        return bool({VISITOR, VISITOR_PARTNERSHIP, PAYING_OFFICER, SUPPORT, AUDITOR, SYSTEM} & set(self.capacities(who)))

    @property
    def commitment(self) -> Agreement | None:
        """The version of the commitment that stands: the last submitted, or the signed one after an abandoned amendment."""
        return self.numbered(self.commitment_number)

    @property
    def financial_agreement(self) -> Agreement | None:
        """The newest financial agreement of the standing version of the commitment."""
        return self.financial_agreement_of(self.commitment_number)

    def financial_agreement_of(self, commitment_number: int) -> Agreement | None:
        """The newest financial agreement of that version of the commitment."""
        mine = [each for each in self.agreements if each.kind == FINANCIAL and each.commitment_number == commitment_number]
        return mine[-1] if mine else None

    def numbered(self, number: int) -> Agreement | None:
        """The commitment's version of that number."""
        return next((each for each in self.agreements if each.kind == COMMITMENT and each.number == number), None)

    def next_number(self, kind: str) -> int:
        """The number for the next text of a kind; numbers are never reused."""
        return 1 + max((each.number for each in self.agreements if each.kind == kind), default=0)

    def fact(self, event: type[Event], **data: Any) -> Fact:
        """A fact about this exchange, for both its partnerships; what names the amount for the one that pays."""
        audience = {self.visitor_partnership_id} if "amount" in data else {self.visitor_partnership_id, self.host_partnership_id}
        return event.of(self.id, audience=audience, exchange_id=self.id, visitor=self.visitor, host=self.host, **data)

    def _after(self, move: str, by: Principal, obstacle: MoveNotAllowed | None = None) -> str:
        """The state after a move; raises MoveNotYours, or the obstacle (else MoveNotAllowed) in a state without the move."""
        try:
            return EXCHANGE.after(self.state, move, self.capacities(by))
        except MoveNotAllowed as refusal:
            raise obstacle or refusal from None

    def _party(self, side: str) -> dict[str, UUID]:
        names = ("participation_id", "organisation_id", "partnership_id", "person_id")
        return {name: getattr(self, f"{side}_{name}") for name in names}
