"""A matching round: proposed pairs of all open visitors, shown to both sides by whoever made it, binding nobody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Event, Fact, new_id
from chassis.bare.principal import Principal
from chassis.bare.tables import Versioned
from contracts.matching.refusals import RoundElsewhere
from contracts.matching.round_events import RoundDiscarded, RoundProposed, RoundReplaced, RoundShown, RoundStarted
from services.matching.model.base import ITSELF, Base, is_itself
from services.matching.ranking.assignment import Proposal

MAKER = "maker"
COMPUTING, SHOWN = "computing", "shown"

LIFECYCLE = Lifecycle(
    "matching_round",
    COMPUTING,
    move("propose", COMPUTING, "proposed", ITSELF),
    move("show_round", "proposed", SHOWN, MAKER),
    # A round whose reckoning failed for good would otherwise stand in the way of every later one.
    move("discard_round", (COMPUTING, "proposed"), "discarded", MAKER),
    move("replace", SHOWN, "replaced", MAKER),
)


class MatchingRound(Versioned, Base):
    """One round; `partnership_id` is that of its visitors, null for everybody's."""

    __tablename__ = "matching_round"
    __table_args__ = (
        Index("ix_matching_round_started_at", "started_at", "id"),
        # Of the same visitors one is reckoned and one is shown, also when two people act at once.
        *(
            Index(
                f"uq_matching_round_{state}",
                "partnership_id",
                unique=True,
                postgresql_where=f"state = '{state}'",
                postgresql_nulls_not_distinct=True,
            )
            for state in (COMPUTING, SHOWN)
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    partnership_id: Mapped[UUID | None] = mapped_column(index=True)
    started_at: Mapped[datetime]
    data_version: Mapped[int | None] = mapped_column(BigInteger)
    visitors: Mapped[int] = mapped_column(default=0)
    hosts: Mapped[int] = mapped_column(default=0)
    pairs: Mapped[int] = mapped_column(default=0)
    score_total: Mapped[int] = mapped_column(default=0)
    first_total: Mapped[int] = mapped_column(default=0)

    @property
    def is_computing(self) -> bool:
        """Whether it is still to be reckoned; no more once it is discarded."""
        return self.state == COMPUTING

    @classmethod
    def start(cls, partnership_id: UUID | None, *, by: Principal, at: datetime) -> tuple[MatchingRound, Fact]:
        """Begin one; raises RoundElsewhere for a partnership that is not the maker's."""
        made = cls(id=new_id(), state=LIFECYCLE.initial, partnership_id=partnership_id, started_at=at, data_version=None)
        if MAKER not in made.roles_of(by):
            raise RoundElsewhere
        return made, made._fact(RoundStarted)

    def propose(self, proposal: Proposal, *, visitors: int, data_version: int, by: Principal) -> tuple[list[SuggestedPair], Fact]:
        """Propose the pairs chosen among all that are possible."""
        self._move("propose", by)
        pairs = self._pairs(proposal)
        self.data_version, self.visitors, self.hosts, self.pairs = data_version, visitors, proposal.hosts, len(pairs)
        self.score_total, self.first_total = sum(each.score for each in pairs), sum(each.visitor_first_score for each in pairs)
        return pairs, self._fact(RoundProposed)

    def show_round(self, *, by: Principal) -> Fact:
        """Let both sides of each pair see it."""
        self._move("show_round", by)
        return self._fact(RoundShown)

    def discard_round(self, *, by: Principal) -> Fact:
        """Do not use it."""
        self._move("discard_round", by)
        return self._fact(RoundDiscarded)

    def replace(self, *, by: Principal) -> Fact:
        """A later one is shown in its place."""
        self._move("replace", by)
        return self._fact(RoundReplaced)

    def moves_for(self, who: Principal) -> list[str]:
        """The moves somebody may make now; replacing follows from showing another."""
        return [name for name in LIFECYCLE.open_moves(self.state, self.roles_of(who)) if name != "replace"]

    def roles_of(self, who: Principal) -> set[str]:
        """What somebody is to the round."""
        if is_itself(who):
            return {ITSELF}
        own = self.partnership_id is not None and ("registrations", self.partnership_id) in who.roles
        return {MAKER} if own or who.has("support_officer") else set()

    def _pairs(self, proposal: Proposal) -> list[SuggestedPair]:
        of_visitors, of_hosts = proposal.of_visitors, proposal.of_hosts
        return [
            SuggestedPair(
                id=new_id(), round_id=self.id, visitor_participation_id=each.visitor, host_participation_id=each.host, score=each.score,
                visitor_first_id=of_visitors[each.visitor].host, visitor_first_score=of_visitors[each.visitor].score,
                host_first_id=of_hosts[each.host].visitor, host_first_score=of_hosts[each.host].score,
                visitor_gives_up=of_visitors[each.visitor].score - each.score,
            )
            for each in proposal.chosen
        ]  # fmt: skip

    def _move(self, name: str, by: Principal) -> None:
        self.state = LIFECYCLE.after(self.state, name, self.roles_of(by))

    def _fact(self, event: type[Event]) -> Fact:
        return event.of(self.id, round_id=self.id, partnership_id=self.partnership_id)


class SuggestedPair(Base):
    """A visitor and a host that a round proposes to each other, and what each would have liked best."""

    __tablename__ = "suggested_pair"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("matching_round.id"), index=True)
    visitor_participation_id: Mapped[UUID] = mapped_column(ForeignKey("participant.participation_id"), index=True)
    host_participation_id: Mapped[UUID] = mapped_column(ForeignKey("participant.participation_id"), index=True)
    score: Mapped[int]
    visitor_first_id: Mapped[UUID]
    visitor_first_score: Mapped[int]
    visitor_gives_up: Mapped[int]
    host_first_id: Mapped[UUID]
    host_first_score: Mapped[int]
