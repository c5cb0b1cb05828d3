"""An exchange as payments knows it: a row with its two sides, and what belongs to its money."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from chassis.bare.message import Event, Fact
from chassis.bare.principal import SERVICE as SERVICE_KIND
from chassis.bare.principal import Principal
from services.payments.model.assistance import Assistance, Supplement
from services.payments.model.bank_details import BankDetails
from services.payments.model.base import AUDITOR, FINANCE, ITSELF, SERVICE, SUPPORT, VISITOR, Base, personal
from services.payments.model.evidence import Evidence
from services.payments.model.payment import PAYMENT, Payment
from services.payments.model.reference import PayingOfficer

PARTY = ("participation_id", "organisation_id", "partnership_id", "person_id")


class Subject(Base):
    """The exchange as a row: who its parties are, and in what capacity somebody acts on its money."""

    __abstract__ = True
    __tablename__ = "exchange"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    visitor_participation_id: Mapped[UUID]
    visitor_organisation_id: Mapped[UUID] = mapped_column(index=True)
    visitor_partnership_id: Mapped[UUID] = mapped_column(index=True)
    visitor_person_id: Mapped[UUID] = mapped_column(info=personal("knowing who answers for the visitor"))
    host_participation_id: Mapped[UUID]
    host_organisation_id: Mapped[UUID]
    host_partnership_id: Mapped[UUID]
    host_person_id: Mapped[UUID] = mapped_column(info=personal("knowing who answers for the host"))
    stage: Mapped[str] = mapped_column(String(20))
    plan_version: Mapped[int | None]
    plan_days: Mapped[int | None]
    plan_country: Mapped[str | None] = mapped_column(String(2))
    plan_method: Mapped[str | None]
    plan_method_source: Mapped[str | None]
    agreed_version: Mapped[int | None]
    days_present: Mapped[int | None]
    days_as_of: Mapped[int] = mapped_column(server_default="0")
    report_validated_at: Mapped[datetime | None]
    evidence_due_on: Mapped[date | None]
    evidence_accepted_at: Mapped[datetime | None]
    evidence_version: Mapped[int] = mapped_column(server_default="1")

    @declared_attr
    def payment(cls) -> Mapped[Payment]:
        """The payment, which there is from the beginning on."""
        return relationship(Payment, back_populates="exchange", lazy="raise")

    @declared_attr
    def assistances(cls) -> Mapped[list[Assistance]]:
        """The lump sums, by the version of the commitment that each is for."""
        return relationship(Assistance, order_by=Assistance.commitment_version, lazy="raise")

    @declared_attr
    def supplement(cls) -> Mapped[Supplement | None]:
        """The request for another base, if there is one."""
        return relationship(Supplement, back_populates="exchange", lazy="raise")

    @declared_attr
    def bank_details(cls) -> Mapped[BankDetails | None]:
        """The account, once it is given."""
        return relationship(BankDetails, back_populates="exchange", lazy="raise")

    @declared_attr
    def paying_officers(cls) -> Mapped[list[PayingOfficer]]:
        """Who is, or was, paying officer of the partnership that pays."""
        return relationship(
            PayingOfficer,
            primaryjoin="foreign(PayingOfficer.partnership_id) == Exchange.visitor_partnership_id",
            viewonly=True,
            lazy="raise",
        )

    @declared_attr
    def evidence(cls) -> Mapped[list[Evidence]]:
        """The files, in the order in which they came."""
        return relationship(Evidence, back_populates="exchange", order_by=(Evidence.uploaded_at, Evidence.id), lazy="raise")

    def capacities(self, who: Principal) -> set[str]:
        """In what capacities somebody acts on this money; a representative of the visitor in no other than that one."""
        if who.kind == SERVICE_KIND:
            return {SERVICE}
        if who.has("representative", self.visitor_organisation_id):
            return {VISITOR}
        here = {FINANCE} if who.has(FINANCE, self.visitor_partnership_id) else set()
        return here | {role for role in (SUPPORT, AUDITOR) if who.has(role)}

    def has_paying_officer_beside(self, person_id: UUID | None) -> bool:
        """Whether the partnership that pays has another paying officer than this person."""
        return any(each.is_one and each.person_id != person_id for each in self.paying_officers)

    def knows_paying_officer(self, person_id: UUID | None) -> bool:
        """Whether it was ever told that this person is, or no longer is, paying officer of the partnership that pays."""
        return any(each.person_id == person_id for each in self.paying_officers)

    def happened(self, event: type[Event], **data: Any) -> Fact:
        """A fact about this exchange's money, for the visitor's partnership alone."""
        parties = {side: {name: getattr(self, f"{side}_{name}") for name in PARTY} for side in ("visitor", "host")}
        return event.of(self.id, audience=[self.visitor_partnership_id], exchange_id=self.id, **parties, **data)

    def _assistance_of(self, version: int | None) -> Assistance | None:
        return next((each for each in self.assistances if each.commitment_version == version), None)

    def _agreed_assistance(self) -> Assistance | None:
        return self._assistance_of(self.agreed_version)

    def _reassessed(self, at: datetime) -> list[Fact]:
        if PAYMENT.allows(self.payment.state, "reassess", SERVICE):
            return [self.payment.reassess(ITSELF, at)]
        return []
