"""What a participant decides itself about how it is listed: whether it hosts at present, and that its profile is still true."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Event, Fact
from chassis.bare.principal import Principal
from contracts.matching.listing_events import (
    HostingPaused,
    HostingResumed,
    ListingConfirmationAsked,
    ListingConfirmationReminded,
    ListingConfirmed,
    ListingSunk,
)
from services.matching.model.base import HOST, ITSELF, is_itself

REPRESENTATIVE = "representative"
OPEN, PAUSED = "open", "paused"
CURRENT, ASKED, SUNK = "current", "asked", "sunk"

HOSTING = Lifecycle(
    "hosting",
    OPEN,
    move("pause_hosting", "open paused", PAUSED, REPRESENTATIVE),
    move("resume_hosting", PAUSED, OPEN, (REPRESENTATIVE, ITSELF)),
)
"""A host that has no time takes part as visitor all the same, and goes on with the exchanges it has."""

LISTING = Lifecycle(
    "listing",
    CURRENT,
    move("ask_confirmation", CURRENT, ASKED, ITSELF),
    move("remind_confirmation", ASKED, ASKED, ITSELF),
    move("sink", ASKED, SUNK, ITSELF),
    move("confirm_listing", "current asked sunk", CURRENT, REPRESENTATIVE),
    # A profile that was changed is true as well.
    move("confirm_listing", "asked sunk", CURRENT, ITSELF),
)
"""Whoever does not say that its profile is still true sinks out of lists and catalogue until it does."""


class Listing:
    """The part of a participant that is its own and not the registry's."""

    if TYPE_CHECKING:
        participation_id: Mapped[UUID]
        organisation_id: Mapped[UUID]
        roles: Mapped[list[str]]

    hosting: Mapped[str] = mapped_column(String(10), default=OPEN)
    hosting_until: Mapped[date | None]
    listing: Mapped[str] = mapped_column(String(10), default=CURRENT)
    confirmed_at: Mapped[datetime | None]
    confirm_by: Mapped[datetime | None]

    @property
    def is_hosting(self) -> bool:
        """Whether it hosts at present, as far as it decides that itself."""
        return self.hosting != PAUSED

    @property
    def has_sunk(self) -> bool:
        """Whether it is out of lists until its profile is confirmed."""
        return self.listing == SUNK

    def pause_hosting(self, *, by: Principal, until: date | None) -> Fact:
        """Take no new guests, until that day or until it says so; a second pause changes the day."""
        self.hosting = HOSTING.after(self.hosting, "pause_hosting", self.listing_roles(by))
        self.hosting_until = until
        return self._told(HostingPaused, until=until)

    def resume_hosting(self, *, by: Principal) -> Fact:
        """Take guests again."""
        self.hosting = HOSTING.after(self.hosting, "resume_hosting", self.listing_roles(by))
        self.hosting_until = None
        return self._told(HostingResumed)

    def ask_confirmation(self, *, by: Principal, confirm_by: datetime) -> Fact:
        """Ask whether the profile is still true."""
        self.listing = LISTING.after(self.listing, "ask_confirmation", self.listing_roles(by))
        self.confirm_by = confirm_by
        return self._told(ListingConfirmationAsked, confirm_by=confirm_by.date())

    def remind_confirmation(self, *, by: Principal) -> Fact:
        """Tell it once more, and when it would sink."""
        self.listing = LISTING.after(self.listing, "remind_confirmation", self.listing_roles(by))
        return self._told(ListingConfirmationReminded, confirm_by=self.confirm_by and self.confirm_by.date())

    def sink(self, *, by: Principal) -> Fact:
        """Nobody confirmed: it is out of lists until somebody does."""
        self.listing = LISTING.after(self.listing, "sink", self.listing_roles(by))
        return self._told(ListingSunk)

    def confirm_listing(self, *, by: Principal, at: datetime) -> Fact:
        """Somebody says that the profile is true, or changed it just now."""
        self.listing = LISTING.after(self.listing, "confirm_listing", self.listing_roles(by))
        self.confirmed_at, self.confirm_by = at, None
        return self._told(ListingConfirmed)

    def listing_roles(self, who: Principal) -> set[str]:
        """What somebody is to this listing: one of its organisation's representatives, this service itself, nothing."""
        if is_itself(who):
            return {ITSELF}
        return {REPRESENTATIVE} if (REPRESENTATIVE, self.organisation_id) in who.roles else set()

    def listing_moves(self, who: Principal) -> list[str]:
        """The moves that somebody may make now; who hosts nobody has no hosting to pause."""
        roles = self.listing_roles(who)
        return [*(HOSTING.open_moves(self.hosting, roles) if HOST in self.roles else []), *LISTING.open_moves(self.listing, roles)]

    def _told(self, event: type[Event], **data: object) -> Fact:
        ids = {"participation_id": self.participation_id, "organisation_id": self.organisation_id}
        return event.of(self.participation_id, **ids, **data)
