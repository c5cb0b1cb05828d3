"""A contact between a visitor and a host: the request, its answer, the match proposed and confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.bare.message import Event, Fact, new_id
from chassis.bare.principal import Principal
from chassis.bare.tables import Versioned
from contracts.matching.events import (
    ContactAccepted,
    ContactAnsweredElsewhere,
    ContactClosed,
    ContactDeclined,
    ContactExpired,
    ContactFinished,
    ContactReminded,
    ContactReopened,
    ContactRequested,
    ContactWithdrawn,
    MatchConfirmed,
    MatchProposed,
    ProposalRefused,
    ProposalWithdrawn,
)
from services.matching.model.base import HOST, ITSELF, VISITOR, Base, is_itself, other_side, personal
from services.matching.model.contact_lifecycle import (
    ACCEPTED_STATES,
    ASKED,
    ASKER,
    BROUGHT_IN,
    INVITED,
    LIFECYCLE,
    PROPOSER,
    WAITING_STATES,
)
from services.matching.model.participant import Participant

BY_ASKER, BY_ASKED = ("contact_requested", "contact_withdrawn"), ("contact_accepted", "contact_declined")
"""The facts that only one of the two sides can have made."""


class Contact(Versioned, Base):
    """One participation in contact with another about one visit; `asked_by` and `proposed_by` name a side, visitor or host."""

    __tablename__ = "contact"
    __table_args__ = (
        Index(
            "uq_contact_open_pair",
            "visitor_participation_id",
            "host_participation_id",
            unique=True,
            postgresql_where="state IN ('pending', 'brought_in', 'accepted', 'answered_elsewhere', 'proposed', 'matched')",
        ),
        Index("ix_contact_requested_at", "requested_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    origin: Mapped[str] = mapped_column(String(10))
    asked_by: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[str | None] = mapped_column(String(10))
    visitor_participation_id: Mapped[UUID] = mapped_column(ForeignKey("participant.participation_id"), index=True)
    visitor_organisation_id: Mapped[UUID] = mapped_column(index=True)
    visitor_partnership_id: Mapped[UUID] = mapped_column(index=True)
    visitor_person_id: Mapped[UUID] = mapped_column(info=personal("knowing who answers for the visitor"))
    host_participation_id: Mapped[UUID] = mapped_column(ForeignKey("participant.participation_id"), index=True)
    host_organisation_id: Mapped[UUID] = mapped_column(index=True)
    host_partnership_id: Mapped[UUID] = mapped_column(index=True)
    host_person_id: Mapped[UUID] = mapped_column(info=personal("knowing who answers for the host"))
    reason: Mapped[str] = mapped_column(info=personal("telling the other side why"))
    decline_reason: Mapped[str | None] = mapped_column(String(20))
    decline_text: Mapped[str | None] = mapped_column(info=personal("telling the other side why not"))
    answered_way: Mapped[str | None] = mapped_column(String(20))
    requested_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    exchange_id: Mapped[UUID | None] = mapped_column(index=True)
    data_version: Mapped[int] = mapped_column(BigInteger, default=0)

    visitor: Mapped[Participant] = relationship(foreign_keys=[visitor_participation_id], lazy="raise")
    host: Mapped[Participant] = relationship(foreign_keys=[host_participation_id], lazy="raise")

    @classmethod
    def request(
        cls, visitor: Participant, host: Participant, *, asked_by: str, reason: str, expires_at: datetime, at: datetime
    ) -> tuple[Contact, Fact]:
        """Ask the other side for a contact."""
        contact = cls._begin(visitor, host, asked_by, reason, expires_at, at, origin="request", state=LIFECYCLE.initial)
        return contact, contact._fact(ContactRequested)

    @classmethod
    def bring_in(
        cls, visitor: Participant, host: Participant, *, asked_by: str, reason: str, expires_at: datetime, at: datetime
    ) -> tuple[Contact, Fact]:
        """Bring in a match agreed outside; the other side is to confirm it."""
        contact = cls._begin(visitor, host, asked_by, reason, expires_at, at, origin="outside", state=BROUGHT_IN)
        contact.proposed_by = asked_by
        return contact, contact._fact(MatchProposed, by=asked_by)

    @classmethod
    def _begin(
        cls, visitor: Participant, host: Participant, asked_by: str, reason: str, expires_at: datetime, at: datetime, **origin: str
    ) -> Contact:
        parties = {f"{side}_{name}": value for side, each in ((VISITOR, visitor), (HOST, host)) for name, value in each.party.items()}
        return cls(
            id=new_id(), asked_by=asked_by, reason=reason, requested_at=at, expires_at=expires_at, proposed_by=None, decline_reason=None,
            decline_text=None, answered_way=None, answered_at=None, exchange_id=None, visitor=visitor, host=host, **parties, **origin,
        )  # fmt: skip

    def words_of(self, person_id: UUID) -> list[str]:
        """What the person wrote for its side: why it asked, or why not."""
        asked = getattr(self, f"{self.asked_by}_person_id") == person_id
        return [text for text in ((self.reason,) if asked else (self.decline_text,)) if text]

    def forget_person(self, person_id: UUID) -> None:
        """The person is erased: forget what the person wrote."""
        if getattr(self, f"{self.asked_by}_person_id") == person_id:
            self.reason = ""
        if getattr(self, f"{other_side(self.asked_by)}_person_id") == person_id and self.decline_text:
            self.decline_text = ""

    def accept(self, *, by: Principal, at: datetime) -> Fact:
        """The side that was asked accepts."""
        self._answer("accept", by, at)
        return self._fact(ContactAccepted)

    def decline(self, *, by: Principal, reason: str, text: str | None, at: datetime) -> Fact:
        """The side that was asked declines, saying why."""
        self._answer("decline", by, at)
        self.decline_reason, self.decline_text = reason, text
        return self._fact(ContactDeclined, reason=reason)

    def answer_elsewhere(self, *, by: Principal, way: str, at: datetime) -> Fact:
        """One side says that the request was answered by mail, by telephone or when they met; said by the asker alone it is no answer."""
        side = self.side_of(by)
        self._answer("answer_elsewhere", by, None if side == self.asked_by else at)
        self.answered_way = way
        return self._fact(ContactAnsweredElsewhere, by=side, way=way)

    def withdraw(self, *, by: Principal) -> Fact:
        """The side that asked takes its request back."""
        self._move("withdraw", by)
        self.expires_at = None
        return self._fact(ContactWithdrawn)

    def expire(self, *, by: Principal) -> Fact:
        """Nobody answered in time."""
        self._move("expire", by)
        self.expires_at = None
        return self._fact(ContactExpired)

    def remind(self) -> Fact | None:
        """Remind the side that was asked, if it still has to answer."""
        return self._fact(ContactReminded) if self.awaits_answer else None

    def propose_match(self, *, by: Principal) -> Fact:
        """One side proposes the match to the other."""
        side = self.side_of(by)
        self._move("propose_match", by)
        self.proposed_by = side
        return self._fact(MatchProposed, by=side)

    def withdraw_proposal(self, *, by: Principal) -> Fact:
        """The side that proposed takes the proposal back."""
        side = self.side_of(by)
        self._move("withdraw_proposal", by)
        self.proposed_by, self.expires_at = None, None
        return self._fact(ProposalWithdrawn, by=side)

    def refuse_proposal(self, *, by: Principal, at: datetime) -> Fact:
        """The side that was to confirm does not agree."""
        side = self.side_of(by)
        self._answer("refuse_proposal", by, at)
        self.proposed_by = None
        return self._fact(ProposalRefused, by=side)

    def confirm_match(self, *, by: Principal, at: datetime) -> Fact:
        """The other side confirms."""
        side = self.side_of(by)
        self._answer("confirm_match", by, at)
        return self._fact(MatchConfirmed, by=side)

    def close(self, *, by: Principal) -> Fact:
        """One side ends the contact; nothing came of it."""
        self._move("close", by)
        self.expires_at, self.exchange_id = None, None
        return self._fact(ContactClosed)

    def end_without(self, participation_id: UUID, *, by: Principal) -> Fact:
        """One side takes no part any more: what it asked for is taken back, anything else is closed, so that the other side hears of it."""
        asker = self._party(self.asked_by)["participation_id"]
        return self.withdraw(by=by) if self.awaits_answer and asker == participation_id else self.close(by=by)

    def reopen(self, *, by: Principal) -> Fact:
        """The exchange did not come about: the two may agree anew."""
        self._move("reopen", by)
        self.exchange_id, self.proposed_by = None, None
        return self._fact(ContactReopened)

    def finish(self, *, by: Principal) -> Fact:
        """The exchange is over."""
        self._move("finish", by)
        return self._fact(ContactFinished)

    def roles_of(self, who: Principal) -> set[str]:
        """What somebody is to this contact: asker, asked, proposer, invited; this service itself; nothing."""
        if is_itself(who):
            return {ITSELF}
        sides = self._sides_of(who)
        roles = {ASKER if side == self.asked_by else ASKED for side in sides}
        if self.proposed_by:
            roles |= {PROPOSER if side == self.proposed_by else INVITED for side in sides}
        return roles

    def moves_for(self, who: Principal) -> list[str]:
        """The moves somebody may make now."""
        return LIFECYCLE.open_moves(self.state, self.roles_of(who))

    def side_of(self, who: Principal) -> str:
        """The side that somebody speaks for, or '' for none; visitor and host are never the same organisation."""
        return next(iter(self._sides_of(who)), "")

    def made_by(self, kind: str, data: dict[str, Any]) -> str | None:
        """The side whose move a fact of this contact was: as it says, or as only one of the two can make it; None for what comes by itself."""
        if kind in BY_ASKER or kind in BY_ASKED:
            return self.asked_by if kind in BY_ASKER else other_side(self.asked_by)
        return data.get("by")

    @property
    def participations(self) -> tuple[UUID, UUID]:
        """Both sides' participations, the visitor's first."""
        return self.visitor_participation_id, self.host_participation_id

    @property
    def is_request(self) -> bool:
        """Whether one side asked the other here, rather than brought in what both had agreed on elsewhere."""
        return self.origin == "request"

    @property
    def awaits_answer(self) -> bool:
        """Whether the side that was asked has still to answer."""
        return self.state in WAITING_STATES

    @property
    def is_accepted(self) -> bool:
        """Whether the two write to each other and see whom to reach."""
        return self.state in ACCEPTED_STATES

    @property
    def visitor_party(self) -> dict[str, UUID]:
        """The four ids of the visitor."""
        return self._party(VISITOR)

    @property
    def host_party(self) -> dict[str, UUID]:
        """The four ids of the host."""
        return self._party(HOST)

    @property
    def audience(self) -> list[UUID]:
        """The two partnerships concerned."""
        return [self.visitor_partnership_id, self.host_partnership_id]

    def _sides_of(self, who: Principal) -> list[str]:
        return [side for side in (VISITOR, HOST) if ("representative", getattr(self, f"{side}_organisation_id")) in who.roles]

    def _party(self, side: str) -> dict[str, UUID]:
        names = ("participation_id", "organisation_id", "partnership_id", "person_id")
        return {name: getattr(self, f"{side}_{name}") for name in names}

    def _move(self, name: str, by: Principal) -> None:
        self.state = LIFECYCLE.after(self.state, name, self.roles_of(by))

    def _answer(self, name: str, by: Principal, at: datetime | None) -> None:
        self._move(name, by)
        self.answered_at, self.expires_at = self.answered_at or at, None

    def _fact(self, event: type[Event], **data: Any) -> Fact:
        about = {"contact_id": self.id, "asked_by": self.asked_by, "visitor": self.visitor_party, "host": self.host_party}
        return event.of(self.id, audience=self.audience, **about, **data)
