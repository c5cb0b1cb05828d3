"""What payments knows of an exchange: its parties, what agreements said of it, and all that belongs to its money."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Event, Fact
from chassis.bare.principal import SERVICE as SERVICE_KIND
from chassis.bare.principal import Principal
from contracts import payments as contracts
from contracts.payments.refusals import (
    AssistanceAlreadyComputed,
    AssistanceNotComputed,
    BankDetailsSettled,
    NoEvidence,
    StayNotOver,
    SupplementAlreadyRequested,
    TooManyFiles,
)
from services.payments.assistance import Base as LumpBase
from services.payments.assistance import Method, Stay, distance_m
from services.payments.model.assistance import ASSISTANCE, SUPPLEMENT, Assistance, Supplement
from services.payments.model.bank_details import BANK_DETAILS, BankDetails
from services.payments.model.base import AUDITOR, FINANCE, ITSELF, SERVICE, SUPPORT, VISITOR, Base, personal
from services.payments.model.evidence import DOSSIER, MOST_FILES, Evidence
from services.payments.model.payment import PAYMENT, UNSETTLED, Payment
from services.payments.model.reference import Participation, PayingOfficer, Tariff
from services.payments.vault import Account, Sealed

PARTY = ("participation_id", "organisation_id", "partnership_id", "person_id")
STAGES = ("opened", "ready", "running", "ended")
"""How far an exchange has come; `cancelled`, `terminated` and `no_show` end it otherwise."""

ASKING = Lifecycle("exchange", "open", move("request_supplement", "open", "open", VISITOR))


class Exchange(Base):
    """The root of all money of one exchange: whoever changes any of it locks this row first."""

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
    evidence_accepted_at: Mapped[datetime | None]
    evidence_version: Mapped[int] = mapped_column(server_default="1")
    payment: Mapped[Payment] = relationship(back_populates="exchange", lazy="raise")
    assistances: Mapped[list[Assistance]] = relationship(order_by=Assistance.commitment_version, lazy="raise")
    supplement: Mapped[Supplement | None] = relationship(back_populates="exchange", lazy="raise")
    bank_details: Mapped[BankDetails | None] = relationship(back_populates="exchange", lazy="raise")
    paying_officers: Mapped[list[PayingOfficer]] = relationship(
        primaryjoin=lambda: foreign(PayingOfficer.partnership_id) == Exchange.visitor_partnership_id,
        viewonly=True, lazy="raise",
    )  # fmt: skip
    evidence: Mapped[list[Evidence]] = relationship(back_populates="exchange", order_by=(Evidence.uploaded_at, Evidence.id), lazy="raise")

    @classmethod
    def open(cls, exchange_id: UUID, visitor: dict[str, UUID], host: dict[str, UUID]) -> Exchange:
        """A new exchange with its payment, which waits for everything."""
        sides = {"visitor": visitor, "host": host}
        columns = {f"{side}_{name}": party[name] for side, party in sides.items() for name in PARTY}
        exchange = cls(id=exchange_id, stage=STAGES[0], days_as_of=0, evidence_version=1, **columns)
        exchange.payment = Payment.open()
        return exchange

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

    # the lump sum

    def plan(self, version: int, working_days: int, host_country: str, counted: Method) -> None:
        """Both partnerships validated a version of the commitment, its days `counted` so; an older one that comes late changes nothing."""
        if self.plan_version is None or version > self.plan_version:
            self.plan_version, self.plan_days, self.plan_country = version, working_days, host_country
            self.plan_method, self.plan_method_source = counted.meaning, counted.source

    def compute_assistance(self, tariff: Tariff, visitor: Participation, host: Participation, at: datetime) -> Fact | None:
        """Compute the lump sum for the newest plan, once; None while there is no plan or the paying officer has to decide."""
        if self.plan_version is None or self._base_is_asked():
            return None
        assistance = self._assistance_of(self.plan_version) or self._begin_assistance()
        if assistance.state == "computed":
            return None
        stay = self._stay(distance_m(visitor.place, host.place, tariff.distance_method), tariff.measured())
        assistance.compute(self._base(tariff, host), stay, tariff.rules(), at)
        return self._computed(assistance)

    def recompute_assistance(self, by: Principal) -> None:
        """Whether a refused sum may be done again; raises AssistanceNotComputed when none was tried."""
        newest = self.newest_assistance()
        if newest is None:
            raise AssistanceNotComputed
        ASSISTANCE.after(newest.state, "recompute_assistance", self.capacities(by))

    def newest_assistance(self) -> Assistance | None:
        """The assistance for the newest version of the commitment for which it was tried."""
        return self.assistances[-1] if self.assistances else None

    def request_supplement(self, by: Principal, at: datetime) -> Fact:
        """The visitor asks that the paying officer decide the base; raises AssistanceAlreadyComputed, SupplementAlreadyRequested."""
        ASKING.after("open", "request_supplement", self.capacities(by))
        if self.newest_assistance():
            raise AssistanceAlreadyComputed
        if self.supplement:
            raise SupplementAlreadyRequested(state=self.supplement.state)
        self.supplement = Supplement(exchange_id=self.id, state=SUPPLEMENT.initial, requested_by=by.person, requested_at=at)
        return self.happened(contracts.BaseAsked)

    def agree(self, version: int, at: datetime) -> list[Fact]:
        """The financial agreement on the amount for that version of the commitment is signed; raises AssistanceNotComputed without one.

        An older version that comes late changes nothing.
        """
        if self.agreed_version is not None and version <= self.agreed_version:
            return []
        agreed = self._assistance_of(version)
        if agreed is None or agreed.amount_minor is None:
            raise AssistanceNotComputed
        facts = self._reassessed(at)
        self.agreed_version = version
        self.payment.agree(agreed.amount_minor, ITSELF, at)
        return facts

    # where it goes, and proof that the visit took place

    def give_bank_details(self, account: Account, sealed: Sealed, by: Principal, at: datetime, former: Account | None = None) -> list[Fact]:
        """The visitor gives or replaces the account; what was proposed for the old one is taken back. Raises BankDetailsSettled.

        `former` is the account so far, opened; the same one again changes nothing.
        """
        replaced = self.bank_details is not None
        BANK_DETAILS.after("given" if replaced else "missing", "give_bank_details", self.capacities(by))
        if not self.can_change_bank_details:
            raise BankDetailsSettled(state=self.payment.state)
        if account == former:
            return []
        self.bank_details = self.bank_details or BankDetails(exchange_id=self.id, accesses=[])
        self.bank_details.replace(account, sealed, by.person, at)
        facts = [self.happened(contracts.BankDetailsGiven, replaced=replaced)]
        return [*facts, self.payment.take_back(ITSELF, at)] if self.payment.state == "proposed" else facts

    def add_evidence(self, evidence: Evidence, by: Principal) -> Fact:
        """The visitor adds a file; raises MoveNotAllowed when all was accepted, TooManyFiles."""
        DOSSIER.after(self.evidence_state, "add_evidence", self.capacities(by))
        if len(self.evidence) >= MOST_FILES:
            raise TooManyFiles(most=MOST_FILES)
        evidence.exchange_id = self.id
        self.evidence.append(evidence)
        self.evidence_version += 1
        return self.happened(contracts.EvidenceUploaded, evidence_id=evidence.id)

    def accept_evidence(self, by: Principal, at: datetime) -> list[Fact]:
        """The paying officer accepts all of it, files not decided yet included; raises StayNotOver, NoEvidence when none would be left."""
        DOSSIER.after(self.evidence_state, "accept_evidence", self.capacities(by))
        if not self.is_over:
            raise StayNotOver
        facts = [each.accept(by, at) for each in self.evidence if each.state == "uploaded"]
        if not any(each.state == "accepted" for each in self.evidence):
            raise NoEvidence
        self.evidence_accepted_at, self.evidence_version = at, self.evidence_version + 1
        return [*facts, self.happened(contracts.EvidenceAccepted)]

    def evidence_moves(self, who: Principal) -> list[str]:
        """The moves this person may make with the evidence as a whole."""
        moves = DOSSIER.open_moves(self.evidence_state, self.capacities(who))
        return [name for name in moves if self.is_over or name != "accept_evidence"]

    # what agreements says of the exchange

    def confirm_days(self, days_present: int, as_of: int, at: datetime) -> list[Fact]:
        """The host confirmed the working days; a correction has an unsettled payment looked at anew.

        `as_of` numbers the facts of agreements: an earlier confirmation that comes late does not undo its correction.
        """
        if as_of <= self.days_as_of:
            return []
        facts = self._reassessed(at)
        self.days_present, self.days_as_of = days_present, as_of
        return facts

    def reach(self, stage: str) -> None:
        """The exchange came as far as that; a stage that is told late, after a further one, changes nothing."""
        if self.stage in STAGES and STAGES.index(stage) > STAGES.index(self.stage):
            self.stage = stage

    def close(self, stage: str, at: datetime) -> Fact | None:
        """The exchange did not take place or was broken off; what is not settled yet is void."""
        self.stage = stage
        return self.payment.void(ITSELF, at) if PAYMENT.allows(self.payment.state, "void", SERVICE) else None

    # from awaiting to payable

    def settle(self, at: datetime) -> list[Fact]:
        """Move a waiting payment on, if all it needs is there or it is clear that nothing will be due."""
        if self.payment.state != "awaiting":
            return []
        if self._is_too_short():
            return [self.payment.find_nothing_due(ITSELF, at)]
        agreed = self._agreed_assistance()
        return [] if agreed is None or self.waiting_for() else [self.payment.become_payable(ITSELF, at, agreed.payment_days)]

    def waiting_for(self) -> list[str]:
        """What a payment still lacks, as codes."""
        present = {
            "financial_agreement": self.agreed_version is not None,
            "bank_details": self.bank_details is not None,
            "days_confirmed": self.days_present is not None,
            "report": self.report_validated_at is not None,
            "evidence": self.evidence_accepted_at is not None,
        }
        return [code for code, is_there in present.items() if not is_there]

    def payable_amount(self) -> int:
        """The cents for the days confirmed, once nothing is missing."""
        agreed = self._agreed_assistance()
        if agreed is None or self.days_present is None:
            raise ValueError("the payment still waits for something")
        return agreed.amount_for(self.days_present)

    def complete_on(self) -> date:
        """The later day of report validated and evidence accepted, from which the days to pay are counted (public pages)."""
        if self.report_validated_at is None or self.evidence_accepted_at is None:
            raise ValueError("the payment still waits for something")
        return max(self.report_validated_at, self.evidence_accepted_at).date()

    @property
    def is_paid_by_hand(self) -> bool:
        """Whether the account has no IBAN."""
        return self.bank_details is not None and self.bank_details.by_hand

    @property
    def can_change_bank_details(self) -> bool:
        """Whether nothing was ordered on them."""
        return self.payment.state in UNSETTLED

    @property
    def is_over(self) -> bool:
        """Whether the stay took place and has ended."""
        return self.stage == STAGES[-1]

    @property
    def evidence_state(self) -> str:
        """Whether evidence is still collected or was accepted as a whole."""
        return "accepted" if self.evidence_accepted_at else "collecting"

    def _is_too_short(self) -> bool:
        agreed = self._agreed_assistance()
        if agreed is None or self.days_present is None or self.payment.override_reason:
            return False
        return agreed.is_too_short(self.days_present)

    def _reassessed(self, at: datetime) -> list[Fact]:
        if PAYMENT.allows(self.payment.state, "reassess", SERVICE):
            return [self.payment.reassess(ITSELF, at)]
        return []

    def _base_is_asked(self) -> bool:
        return self.supplement is not None and self.supplement.state == "requested"

    def _base_is_decided(self) -> bool:
        return self.supplement is not None and self.supplement.state == "granted"

    def _stay(self, metres: int, measured: Method) -> Stay:
        counted = Method(self.plan_method or "", self.plan_method_source or "")
        return Stay(self.plan_days or 0, metres, f"commitment to quality, version {self.plan_version}", counted, measured)

    def _base(self, tariff: Tariff, host: Participation) -> LumpBase | None:
        outermost = host.outermost_region and host.country == self.plan_country
        return tariff.base(self.plan_country or "", outermost=outermost, decided=self._base_is_decided())

    def _begin_assistance(self) -> Assistance:
        assistance = Assistance.of(self.id, self.plan_version or 0)
        self.assistances.append(assistance)
        return assistance

    def _assistance_of(self, version: int | None) -> Assistance | None:
        return next((each for each in self.assistances if each.commitment_version == version), None)

    def _agreed_assistance(self) -> Assistance | None:
        return self._assistance_of(self.agreed_version)

    def _computed(self, assistance: Assistance) -> Fact:
        version = assistance.commitment_version
        if assistance.refused:
            return self.happened(contracts.AssistanceRefused, commitment_version=version, code=assistance.refused)
        about = {name: getattr(assistance, name) for name in ("amount", "factors", "payment_days", "minimum_working_days")}
        return self.happened(contracts.AssistanceComputed, commitment_version=version, **about)
