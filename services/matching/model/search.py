"""Searches of the catalogue that a person saved, and whom the person knows or was told of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import Fact, new_id
from chassis.bare.principal import Principal
from chassis.bare.tables import Versioned
from contracts.matching.events import SavedSearchFitted
from contracts.matching.refusals import SearchTooWide, TooManySavedSearches
from services.matching.model.base import CONTACT_POINT_PERMISSIONS, Base, personal

UNTIL_DELETED = "until the person deletes it, or is erased"
LOOKING = personal("finding partners again", UNTIL_DELETED)
MOST_SAVED = 30
"""So many searches one person may have saved: each is run by this service on its own."""
MOST_KNOWN = 20_000
"""News are told of searches that no more fit: whoever fits when it is saved is written down as known."""
NONE, AT_ONCE = "none", "at_once"
EVERY = {"daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
BROWSING_ROLES = frozenset({*CONTACT_POINT_PERMISSIONS, "support_officer", "administrator"})
"""Who sees all of the catalogue that is not hidden, without taking part."""
SEEING_ROLES = BROWSING_ROLES | {"representative"}


class SavedSearch(Versioned, Base):
    """What a person looks for, under a name.

    `seen_as` are the person's roles that open the catalogue (`role@place`), so that what is told is never more than the person may see.
    """

    __tablename__ = "saved_search"
    __table_args__ = (Index("ix_saved_search_alert", "alert"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True, info=LOOKING)
    name: Mapped[str] = mapped_column(info=LOOKING)
    criteria: Mapped[dict[str, Any]] = mapped_column(info=LOOKING)
    sort: Mapped[str] = mapped_column(String(20))
    for_participation_id: Mapped[UUID | None]
    role: Mapped[str | None] = mapped_column(String(10))
    alert: Mapped[str] = mapped_column(String(10))
    seen_as: Mapped[list[str]] = mapped_column(info=LOOKING)
    told: Mapped[int]
    told_at: Mapped[datetime | None]
    saved_at: Mapped[datetime]

    @classmethod
    def save(cls, by: Principal, said: dict[str, Any], *, so_far: int, at: datetime) -> SavedSearch:
        """Save a search; raises TooManySavedSearches."""
        if so_far >= MOST_SAVED:
            raise TooManySavedSearches(limit=MOST_SAVED)
        return cls(id=new_id(), person_id=by.person, told=0, told_at=None, saved_at=at, seen_as=roles_of(by), **said)

    def change(self, said: dict[str, Any]) -> bool:
        """Take over what is said of it now. Whether others fit than before."""
        narrows = ("criteria", "for_participation_id")
        is_other = any(getattr(self, name) != said[name] for name in narrows) or (self.alert == NONE and said["alert"] != NONE)
        for name, value in said.items():
            setattr(self, name, value)
        return is_other

    def see_as(self, who: Principal) -> None:
        """Remember the roles that its person holds now."""
        if self.seen_as != (held := roles_of(who)):
            self.seen_as = held

    def lose(self, role: str, place: UUID | None) -> None:
        """Its person holds that role no longer."""
        self.seen_as = [each for each in self.seen_as if each != _held(role, place)]

    @property
    def browses(self) -> bool:
        """Whether its person sees the catalogue without taking part."""
        return any(each.partition("@")[0] in BROWSING_ROLES for each in self.seen_as)

    @property
    def organisations(self) -> list[UUID]:
        """The organisations that its person represents."""
        held = (each.partition("@") for each in self.seen_as)
        return [UUID(place) for role, _, place in held if role == "representative" and place]

    def check_width(self, found: int) -> None:
        """Refuse to tell of a search that too many fit; raises SearchTooWide."""
        if self.alert != NONE and found > MOST_KNOWN:
            raise SearchTooWide(found=found, limit=MOST_KNOWN)

    def next_look(self, at: datetime) -> datetime | None:
        """When to look next whether somebody newly fits; None where that is not done by the calendar."""
        every = EVERY.get(self.alert)
        return at + every if every else None

    def tell(self, newcomers: int, at: datetime) -> Fact:
        """Tell that so many newly fit."""
        self.told, self.told_at = self.told + newcomers, at
        return SavedSearchFitted.of(self.id, saved_search_id=self.id, person_id=self.person_id, count=newcomers)


class KnownFit(Base):
    """A participation that fits a saved search and is known: it did when it was saved, or was told of (`told_at`)."""

    __tablename__ = "known_fit"

    saved_search_id: Mapped[UUID] = mapped_column(ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    told_at: Mapped[datetime | None]


def roles_of(who: Principal) -> list[str]:
    """The roles of a person that open the catalogue, as they are kept."""
    return sorted(_held(role, place) for role, place in who.roles if role in SEEING_ROLES)


def _held(role: str, place: UUID | None) -> str:
    return f"{role}@{place or ''}"
