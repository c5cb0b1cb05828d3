"""Copies of what the registry tells: public profiles, where participations stand, partnerships."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, Index, String, true
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import Fact
from contracts.matching.events import RankingChosen
from services.matching.model.answering import Answering
from services.matching.model.base import HOST, VISITOR, Base, personal
from services.matching.model.listing import Listing
from services.matching.ranking.shares import scaled
from services.matching.ranking.tokens import plain

ACCEPTED = "accepted"
WITHDRAWN = "withdrawn"
ENDED_STATES = (WITHDRAWN, "expired")
STATES = (ACCEPTED, "paused", *ENDED_STATES)


class Standing(Base):
    """Where a participation stands by the newest fact heard; also of one whose acceptance is not heard yet (or never comes)."""

    __tablename__ = "standing"

    participation_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    heard_version: Mapped[int]

    def hear(self, state: str, subject_version: int) -> bool:
        """Take a newer state over; an older fact that came late is dropped. Whether it was newer."""
        if subject_version <= self.heard_version:
            return False
        self.state, self.heard_version = state, subject_version
        return True


class Participant(Listing, Answering, Base):
    """An accepted participation: its public profile as the registry last told it, the parts of it that searches look at, and its listing."""

    __tablename__ = "participant"
    __table_args__ = (
        Index("ix_participant_search", "search", postgresql_using="gin"),
        Index("ix_participant_legal_name", "legal_name", "participation_id"),
        Index("ix_participant_ecosystems", "ecosystems", postgresql_using="gin"),
        Index("ix_participant_not_answering", "answering", postgresql_where="answering <> 'answers'"),
    )

    participation_id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(index=True)
    partnership_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(info=personal("knowing who answers for it", "until 5 years after the participation ended"))
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    profile: Mapped[dict[str, Any]] = mapped_column(
        info=personal("finding partners with a common language", "until 5 years after the participation ended")
    )
    legal_name: Mapped[str]
    country: Mapped[str] = mapped_column(String(2), index=True)
    organisation_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[str] = mapped_column(String(10))
    roles: Mapped[list[str]]
    ecosystems: Mapped[list[str]]
    nace: Mapped[list[str]]
    topics: Mapped[list[str]]
    activity_types: Mapped[list[str]]
    languages: Mapped[list[str]] = mapped_column(
        info=personal("finding partners with a common language", "until 5 years after the participation ended")
    )
    visibility: Mapped[str] = mapped_column(String(20))
    capacity: Mapped[int]
    listed_at: Mapped[datetime]
    """When it first came into the catalogue."""
    words: Mapped[str]
    # Words are made plain before they are stored, so the 'simple' configuration (no language guessed) is the right one.
    search: Mapped[Any] = mapped_column(TSVECTOR, Computed("to_tsvector('simple', words)", persisted=True), deferred=True)

    weights: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    """How much each criterion counts for it, as it chose; null: as the figures of the day say."""
    is_ranked: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether it has a ranked list and is on others'; who is not is in the catalogue only."""
    choice_version: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def is_active(self) -> bool:
        """Whether it takes part at present."""
        return self.state == ACCEPTED

    @property
    def has_ended(self) -> bool:
        """Whether it takes part no more, for good."""
        return self.state in ENDED_STATES

    @property
    def party(self) -> dict[str, UUID]:
        """The four ids by which facts name a side."""
        return {name: getattr(self, name) for name in ("participation_id", "organisation_id", "partnership_id", "person_id")}

    @property
    def public_profile(self) -> dict[str, Any]:
        """The profile as its contract shows it: stored as JSON, so its days have to become dates again."""
        windows = [{name: date.fromisoformat(day) for name, day in window.items()} for window in self.profile["availability"]]
        return {**self.profile, "availability": windows}

    def chosen_weights(self, criteria: Iterable[str]) -> dict[str, int] | None:
        """Its own weights of these criteria as it chose them, or None where it goes by those of the day."""
        return chosen_weights(self.weights, criteria)

    def own_weights(self, criteria: Iterable[str]) -> dict[str, int] | None:
        """Its own weights of these criteria, 1000 together, or None where it goes by those of the day."""
        return own_weights(self.weights, criteria)

    def choose_ranking(self, weights: dict[str, int], *, ranked: bool) -> Fact:
        """Let these weights count (none: those of the day), and be ranked or not."""
        self.weights, self.is_ranked = weights or None, ranked
        self.choice_version += 1
        ids = {"participation_id": self.participation_id, "organisation_id": self.organisation_id}
        return RankingChosen.of(self.participation_id, **ids, ranked=ranked, moved=bool(weights))

    def takes_part_as(self, role: str) -> bool:
        """Whether it wished for this role and is eligible for it."""
        return role in self.roles

    def take_over(self, profile: dict[str, Any], revision: int) -> bool:
        """Replace the profile by a newer one (plain JSON, whole); an older or equal one is dropped. Whether it was newer."""
        if self.revision is not None and revision <= self.revision:
            return False
        self.profile, self.revision = profile, revision
        for name in ("organisation_id", "partnership_id", "person_id"):
            setattr(self, name, UUID(profile[name]))
        for name in ("legal_name", "country", "organisation_type", "size", "ecosystems", "nace", "visibility", "capacity"):
            setattr(self, name, profile[name])
        self._derive(profile)
        return True

    def _derive(self, profile: dict[str, Any]) -> None:
        eligible = {VISITOR: profile["may_visit"], HOST: profile["may_host"]}
        self.roles = sorted(role for role in profile["roles"] if eligible[role])
        self.topics = sorted({plain(topic) for topic in profile["topics"]})
        wishes = [profile[f"{role}_preferences"] or {} for role in profile["roles"]]
        self.activity_types = sorted({each for wish in wishes for each in wish.get("activity_types", [])})
        self.languages = sorted({skill["language"] for skill in profile["languages"]})
        texts = [profile["legal_name"], profile["town"], profile["motivation"]]
        lists = [profile[name] for name in ("topics", "technologies", "can_teach", "want_to_learn")]
        self.words = plain(" ".join([*texts, *(item for each in lists for item in each)]))


def own_weights(weights: dict[str, int] | None, criteria: Iterable[str]) -> dict[str, int] | None:
    """The weights that a participant moved, as far as there are such criteria, 1000 together; None where nothing is left of them."""
    chosen = chosen_weights(weights, criteria)
    return scaled(chosen) if chosen else None


def chosen_weights(weights: dict[str, int] | None, criteria: Iterable[str]) -> dict[str, int] | None:
    """The same as the participant moved them."""
    chosen = {name: weights.get(name, 0) for name in criteria} if weights else {}
    return chosen if any(chosen.values()) else None


class Partnership(Base):
    """A partnership's public data, as last told."""

    __tablename__ = "partnership"

    partnership_id: Mapped[UUID] = mapped_column(primary_key=True)
    acronym: Mapped[str]
    name: Mapped[str]
    country: Mapped[str] = mapped_column(String(2))
    heard_version: Mapped[int]

    def take_over(self, data: dict[str, Any], subject_version: int) -> bool:
        """Replace it by newer data; what came late is dropped. Whether it was newer."""
        if self.heard_version is not None and subject_version <= self.heard_version:
            return False
        self.acronym, self.name, self.country = data["acronym"], data["name"], data["country"]
        self.heard_version = subject_version
        return True
