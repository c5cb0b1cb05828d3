"""A match agreed: the exchange's id is minted here; how the exchange goes on is copied from what agreements tells."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Fact, new_id
from chassis.bare.principal import Principal
from contracts.matching.events import MatchAgreed
from services.matching.model.base import ITSELF, Base, is_itself
from services.matching.model.contact import Contact

OPEN_STATES = ("agreed", "opened", "ready", "running")
RELEASED_STATES = ("refused", "cancelled", "no_show")
"""The exchange did not take place: both are free to agree anew."""

LIFECYCLE = Lifecycle(
    "match",
    "agreed",
    move("open_exchange", "agreed", "opened", ITSELF),
    move("make_ready", "opened ready", "ready", ITSELF),
    # A signed amendment makes a running exchange ready again, as its agreements see it.
    move("make_ready", "running", "running", ITSELF),
    move("start", "opened ready", "running", ITSELF),
    # A start that is heard after the termination still consumes the visit.
    move("start", "terminated", "terminated", ITSELF),
    move("end", "running", "ended", ITSELF),
    move("terminate", "agreed opened ready running", "terminated", ITSELF),
    move("refuse", "agreed", "refused", ITSELF),
    move("cancel", "agreed opened ready", "cancelled", ITSELF),
    move("record_no_show", "opened ready", "no_show", ITSELF),
)
"""Moves follow what agreements announces, so this service itself makes them, in a listener.

A fact that failed at first is heard after later ones, so a move may come from states before its own; what agreements never tells of
the same exchange (opened and refused, started and nobody came) has no line.
"""


class Match(Base):
    """An agreement of visitor and host to have an exchange; open until the exchange is over or did not come about."""

    __tablename__ = "match"
    __table_args__ = (
        # A visitor has at most one open exchange, also when two confirmations race.
        Index(
            "uq_match_open_visit",
            "visitor_organisation_id",
            unique=True,
            postgresql_where="state IN ('agreed', 'opened', 'ready', 'running')",
        ),
        Index("ix_match_host", "host_participation_id", "state"),
    )

    exchange_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"), index=True)
    visitor_participation_id: Mapped[UUID] = mapped_column(index=True)
    visitor_organisation_id: Mapped[UUID]
    host_participation_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(20))
    agreed_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]

    @classmethod
    def agree(cls, contact: Contact, at: datetime) -> tuple[Match, Fact]:
        """Begin the exchange of a contact whose match was confirmed, under a fresh id."""
        match = cls(
            exchange_id=new_id(), contact_id=contact.id, visitor_participation_id=contact.visitor_participation_id,
            visitor_organisation_id=contact.visitor_organisation_id, host_participation_id=contact.host_participation_id,
            state=LIFECYCLE.initial, agreed_at=at, started_at=None, over_at=None,
        )  # fmt: skip
        contact.exchange_id = match.exchange_id
        parties = {"visitor": contact.visitor_party, "host": contact.host_party}
        return match, MatchAgreed.of(
            match.exchange_id, audience=contact.audience, exchange_id=match.exchange_id, contact_id=contact.id, **parties
        )

    @property
    def is_over(self) -> bool:
        """Whether the exchange is over or did not come about."""
        return self.state not in OPEN_STATES

    @property
    def is_released(self) -> bool:
        """Whether both are free to agree anew."""
        return self.state in RELEASED_STATES

    def open_moves(self) -> list[str]:
        """The moves that can still follow."""
        return LIFECYCLE.open_moves(self.state, [ITSELF])

    def open_exchange(self, *, by: Principal, at: datetime) -> None:
        """Agreements opened the exchange."""
        self._move("open_exchange", by, at)

    def make_ready(self, *, by: Principal, at: datetime) -> None:
        """All signatures are given."""
        self._move("make_ready", by, at)

    def start(self, *, by: Principal, at: datetime) -> None:
        """The visitor arrived: its one visit is consumed."""
        self._move("start", by, at)
        self.started_at = at

    def end(self, *, by: Principal, at: datetime) -> None:
        """The visitor left: the host's place is free."""
        self._move("end", by, at)

    def terminate(self, *, by: Principal, at: datetime) -> None:
        """The exchange was broken off."""
        self._move("terminate", by, at)

    def refuse(self, *, by: Principal, at: datetime) -> None:
        """Agreements could not open the exchange."""
        self._move("refuse", by, at)

    def cancel(self, *, by: Principal, at: datetime) -> None:
        """The exchange was called off before its start."""
        self._move("cancel", by, at)

    def record_no_show(self, *, by: Principal, at: datetime) -> None:
        """The visitor never came."""
        self._move("record_no_show", by, at)

    def _move(self, name: str, by: Principal, at: datetime) -> None:
        self.state = LIFECYCLE.after(self.state, name, [ITSELF] if is_itself(by) else [])
        if self.is_over and self.over_at is None:
            self.over_at = at
