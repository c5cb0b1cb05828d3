"""A block: two organisations that do not see each other any more, because one of them does not want to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Event, Fact, new_id
from chassis.bare.principal import Principal
from contracts.matching.listing_events import BlockLifted, OrganisationBlocked
from services.matching.model.base import Base, personal
from services.matching.model.participant import Participant

BLOCKER = "blocker"
ACTIVE, LIFTED = "active", "lifted"

BLOCK = Lifecycle("block", ACTIVE, move("lift", ACTIVE, LIFTED, BLOCKER))


class Block(Base):
    """One organisation blocks another; that one is not told, and both find nothing of each other."""

    __tablename__ = "block"
    __table_args__ = (
        Index("uq_block_active", "organisation_id", "blocked_organisation_id", unique=True, postgresql_where="state = 'active'"),
        Index("ix_block_blocked", "blocked_organisation_id", postgresql_where="state = 'active'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    organisation_id: Mapped[UUID]
    blocked_organisation_id: Mapped[UUID]
    blocked_name: Mapped[str]
    blocked_by: Mapped[UUID] = mapped_column(info=personal("knowing who blocked", "until 5 years after the block was lifted"))
    blocked_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]

    @classmethod
    def begin(cls, mine: Participant, other: Participant, *, by: Principal, at: datetime) -> tuple[Block, Fact]:
        """One organisation blocks the other."""
        block = cls(
            id=new_id(), state=BLOCK.initial, organisation_id=mine.organisation_id, blocked_organisation_id=other.organisation_id,
            blocked_name=other.legal_name, blocked_by=by.person, blocked_at=at, lifted_at=None,
        )  # fmt: skip
        return block, block._fact(OrganisationBlocked)

    def lift(self, *, by: Principal, at: datetime) -> Fact:
        """The organisation that blocked takes it back."""
        self.state = BLOCK.after(self.state, "lift", self.roles_of(by))
        self.lifted_at = at
        return self._fact(BlockLifted)

    def roles_of(self, who: Principal) -> set[str]:
        """Whether somebody represents the organisation that blocks."""
        return {BLOCKER} if ("representative", self.organisation_id) in who.roles else set()

    def moves_for(self, who: Principal) -> list[str]:
        """The moves somebody may make now."""
        return BLOCK.open_moves(self.state, self.roles_of(who))

    def _fact(self, event: type[Event]) -> Fact:
        ids = {"organisation_id": self.organisation_id, "blocked_organisation_id": self.blocked_organisation_id}
        return event.of(self.id, block_id=self.id, **ids)
