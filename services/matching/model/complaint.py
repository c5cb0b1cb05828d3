"""A complaint: somebody tells the support office of a message, a conversation or a participant; the office decides, and both hear."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Event, Fact, new_id
from chassis.bare.principal import PERSON, Principal
from chassis.bare.tables import Versioned
from contracts.matching.listing_events import ComplaintDismissed, ComplaintReceived, ComplaintUpheld, ComplaintWithdrawn
from services.matching.model.base import Base, personal

COMPLAINER, OFFICE = "complainer", "support_officer"
RECEIVED = "received"

COMPLAINT = Lifecycle(
    "complaint",
    RECEIVED,
    move("uphold", RECEIVED, "upheld", OFFICE),
    move("dismiss", RECEIVED, "dismissed", OFFICE),
    move("withdraw_complaint", RECEIVED, "withdrawn", COMPLAINER),
)
KEPT = "until 2 years after the decision"


class Complaint(Versioned, Base):
    """What was complained of, why, and what the support office decided; `text` and `decision` are the words of the two."""

    __tablename__ = "complaint"
    __table_args__ = (Index("ix_complaint_received_at", "received_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    participation_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    message_id: Mapped[UUID | None]
    about_organisation_id: Mapped[UUID | None] = mapped_column(index=True)
    about_name: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(index=True, info=personal("telling whoever complained what was decided", KEPT))
    reason: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(info=personal("understanding what is wrong", KEPT))
    received_at: Mapped[datetime]
    measure: Mapped[str | None] = mapped_column(String(20))
    decision: Mapped[str | None] = mapped_column(info=personal("telling whoever complained why", KEPT))
    decided_by: Mapped[UUID | None] = mapped_column(info=personal("knowing who decided", KEPT))
    decided_at: Mapped[datetime | None]

    @classmethod
    def receive(cls, about: dict[str, Any], *, reason: str, text: str, by: Principal, at: datetime) -> tuple[Complaint, Fact]:
        """Somebody complaints something it can see; `about` says what, and of which organisation it is."""
        names = ("participation_id", "contact_id", "conversation_id", "message_id", "about_organisation_id")
        made = dict.fromkeys(names) | about
        complaint = cls(
            id=new_id(), state=COMPLAINT.initial, person_id=by.person, reason=reason, text=text, received_at=at,
            measure=None, decision=None, decided_by=None, decided_at=None, **made,
        )  # fmt: skip
        return complaint, complaint._fact(ComplaintReceived)

    def uphold(self, *, by: Principal, measure: str, words: str, at: datetime) -> Fact:
        """The support office agrees, and does something about it."""
        self._decide("uphold", by, words, at)
        self.measure = measure
        return self._fact(ComplaintUpheld, measure=measure)

    def dismiss(self, *, by: Principal, words: str, at: datetime) -> Fact:
        """The support office sees nothing wrong."""
        self._decide("dismiss", by, words, at)
        return self._fact(ComplaintDismissed)

    def withdraw_complaint(self, *, by: Principal) -> Fact:
        """Whoever complained takes it back before it was decided."""
        self.state = COMPLAINT.after(self.state, "withdraw_complaint", self.roles_of(by))
        return self._fact(ComplaintWithdrawn)

    def roles_of(self, who: Principal) -> set[str]:
        """Whoever complained, and the support office."""
        return ({COMPLAINER} if who.actor == f"{PERSON}:{self.person_id}" else set()) | ({OFFICE} if who.has("support_officer") else set())

    def moves_for(self, who: Principal) -> list[str]:
        """The moves somebody may make now."""
        return COMPLAINT.open_moves(self.state, self.roles_of(who))

    def forget_person(self) -> None:
        """Whoever complained is erased: that there was a complaint, and what was done about it, stays; the words to each other do not."""
        self.text, self.decision = "", None if self.decision is None else ""

    def _decide(self, name: str, by: Principal, words: str, at: datetime) -> None:
        self.state = COMPLAINT.after(self.state, name, self.roles_of(by))
        self.decision, self.decided_by, self.decided_at = words, by.person, at

    def _fact(self, event: type[Event], **data: Any) -> Fact:
        return event.of(self.id, complaint_id=self.id, person_id=self.person_id, kind=self.kind, reason=self.reason, **data)
