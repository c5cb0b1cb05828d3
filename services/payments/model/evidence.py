"""Files of evidence: each accepted or returned, and all of them accepted as a whole."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Fact, new_id
from chassis.bare.principal import Principal
from contracts.payments import EvidenceFileAccepted, EvidenceReturned, EvidenceWithdrawn
from contracts.payments.refusals import EvidenceComplete
from services.payments.model.base import FINANCE, TRAIL, VISITOR, Base, personal

if TYPE_CHECKING:
    from services.payments.model.exchange import Exchange

MOST_FILES = 50

EVIDENCE = Lifecycle(
    "file of evidence",
    "uploaded",
    move("withdraw", "uploaded returned", "withdrawn", VISITOR),
    move("accept", "uploaded returned", "accepted", FINANCE),
    move("send_back", "uploaded accepted", "returned", FINANCE),
)

DOSSIER = Lifecycle(
    "evidence",
    "collecting",
    move("add_evidence", "collecting", "collecting", VISITOR),
    move("accept_evidence", "collecting", "accepted", FINANCE),
)


class Evidence(Base):
    """One file of evidence; its bytes lie in the blob store under their hash."""

    __tablename__ = "evidence"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exchange_id: Mapped[UUID] = mapped_column(ForeignKey("exchange.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64), info=personal("proving that the visit took place"))
    name: Mapped[str] = mapped_column(String(200), info=personal("proving that the visit took place"))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    uploaded_by: Mapped[UUID] = mapped_column(info=personal("knowing whose evidence it is"))
    uploaded_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(info=personal("knowing who decided", TRAIL))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(40))
    comment: Mapped[str | None] = mapped_column(info=personal("saying what is wrong with a file"))
    exchange: Mapped[Exchange] = relationship(back_populates="evidence", lazy="raise")
    accesses: Mapped[list[EvidenceAccess]] = relationship(order_by="EvidenceAccess.at", lazy="raise")

    @classmethod
    def upload(cls, kind: str, file: dict[str, Any], by: UUID, at: datetime) -> Evidence:
        """A file as the gateway described it: hash, name, media type by content, size."""
        return cls(id=new_id(), kind=kind, state=EVIDENCE.initial, uploaded_by=by, uploaded_at=at, **file)

    def withdraw(self, by: Principal, at: datetime) -> Fact:
        """The visitor takes the file back; raises EvidenceComplete when all was accepted."""
        self._decide("withdraw", by, at)
        return self.exchange.happened(EvidenceWithdrawn, evidence_id=self.id)

    def accept(self, by: Principal, at: datetime) -> Fact:
        """The paying officer accepts the file; raises EvidenceComplete when all was accepted."""
        self._decide("accept", by, at)
        return self.exchange.happened(EvidenceFileAccepted, evidence_id=self.id)

    def send_back(self, by: Principal, at: datetime, reason: str, comment: str | None) -> Fact:
        """The paying officer returns the file with a reason; raises EvidenceComplete when all was accepted."""
        self._decide("send_back", by, at)
        self.reason, self.comment = reason, comment
        return self.exchange.happened(EvidenceReturned, evidence_id=self.id, reason=reason)

    def fetch(self, by: Principal, at: datetime) -> None:
        """Its bytes are handed out; who else than the visitor's own people had them is written down."""
        if VISITOR not in self.exchange.capacities(by):
            self.accesses.append(EvidenceAccess(id=new_id(), person_id=by.person, at=at))

    def open_moves(self, who: Principal) -> list[str]:
        """The moves this person may make now."""
        return [] if self.exchange.evidence_accepted_at else EVIDENCE.open_moves(self.state, self.exchange.capacities(who))

    @property
    def evidence_id(self) -> UUID:
        """The id as the contract calls it."""
        return self.id

    def _decide(self, name: str, by: Principal, at: datetime) -> None:
        state = EVIDENCE.after(self.state, name, self.exchange.capacities(by))
        if self.exchange.evidence_accepted_at:
            raise EvidenceComplete
        self.state, self.decided_by, self.decided_at = state, by.person, at
        self.reason = self.comment = None
        self.exchange.evidence_version += 1


class EvidenceAccess(Base):
    """One download of a file of evidence by somebody else than the visitor."""

    __tablename__ = "evidence_access"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(info=personal("showing who saw the evidence", TRAIL))
    at: Mapped[datetime]

    @property
    def purpose(self) -> str:
        """What for, as the contract says it."""
        return "evidence"
