"""Organisations, and persons who ask to join one as a representative."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Fact, new_id
from chassis.bare.principal import PERSON, Principal
from chassis.bare.tables import Versioned
from contracts.registry import (
    JoiningAccepted,
    JoiningAsked,
    JoiningDeclined,
    JoiningWithdrawn,
    OrganisationFounded,
    RepresentativeJoined,
)
from services.registry.model.base import Base, personal
from services.registry.model.likeness import name_key, number_key, web_domain

Places = Callable[[str | None, str | None], tuple[float, float] | None]
"""Finds a town in a country: latitude and longitude, or None where it is not known."""


class Organisation(Base):
    """An organisation with its registered address; `*_key` are what duplicates are found by."""

    __tablename__ = "organisation"
    __table_args__ = (Index("ix_organisation_name", "name_key", "country"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    founded_at: Mapped[datetime]
    legal_name: Mapped[str | None] = mapped_column(String(200))
    organisation_type: Mapped[str | None] = mapped_column(String(40))
    street: Mapped[str | None] = mapped_column(String(140))
    house_number: Mapped[str | None] = mapped_column(String(16))
    postcode: Mapped[str | None] = mapped_column(String(16))
    town: Mapped[str | None] = mapped_column(String(120))
    country: Mapped[str | None] = mapped_column(String(2))
    nuts: Mapped[str | None] = mapped_column(String(5))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    website: Mapped[str | None] = mapped_column(String(500))
    number_kind: Mapped[str | None] = mapped_column(String(20))
    registration_number: Mapped[str | None] = mapped_column(String(40))
    size: Mapped[str | None] = mapped_column(String(20))
    cluster_member: Mapped[bool | None]
    cluster_name: Mapped[str | None] = mapped_column(String(200))
    cluster_page: Mapped[str | None] = mapped_column(String(500))
    name_key: Mapped[str | None] = mapped_column(String(255))
    number_key: Mapped[str | None] = mapped_column(String(255), index=True)
    web_domain: Mapped[str | None] = mapped_column(String(255), index=True)

    @classmethod
    def found(cls, by: Principal, at: datetime) -> tuple[Organisation, Fact]:
        """Mint a new organisation for the person who begins its registration."""
        organisation = cls(id=new_id(), founded_at=at)
        return organisation, OrganisationFounded.of(organisation.id, organisation_id=organisation.id, person_id=by.person)

    def fill(self, answers: Mapping[str, Any], places: Places) -> None:
        """Take answers over; after a move to another town its place is looked up, unless it is given too."""
        moved = any(name in answers and answers[name] != getattr(self, name) for name in ("town", "country"))
        for name, value in answers.items():
            setattr(self, name, value)
        if (moved and not {"latitude", "longitude"} & set(answers)) or not self.is_placed:
            self.latitude, self.longitude = places(self.country, self.town) or (None, None)
        self.name_key = name_key(self.legal_name)
        self.number_key = number_key(self.registration_number, self.country)
        self.web_domain = web_domain(self.website)

    @property
    def is_placed(self) -> bool:
        """Whether it is known where it lies."""
        return self.latitude is not None and self.longitude is not None


JOINING = Lifecycle(
    "request to join",
    "asked",
    move("accept", "asked", "accepted", "representative contact_point"),
    move("decline", "asked", "declined", "representative contact_point"),
    move("withdraw", "asked", "withdrawn", "asker"),
)


ERASED = "Erased person"


class Joining(Versioned, Base):
    """A person's request to join an organisation as a representative; `partnership_id` is the organisation's when it was asked."""

    __tablename__ = "joining"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    partnership_id: Mapped[UUID | None] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(index=True, info=personal("knowing who asks to join"))
    person_name: Mapped[str] = mapped_column(String(200), info=personal("showing who asks to join"))
    note: Mapped[str] = mapped_column(info=personal("showing why the person asks to join"))
    state: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    @classmethod
    def ask(cls, by: Principal, organisation_id: UUID, partnership_id: UUID | None, note: str, at: datetime) -> tuple[Joining, Fact]:
        """A new request by this person."""
        joining = cls(
            id=new_id(), organisation_id=organisation_id, partnership_id=partnership_id, person_id=by.person,
            person_name=by.name, note=note, state=JOINING.initial, asked_at=at,
        )  # fmt: skip
        return joining, joining._fact(JoiningAsked)

    def roles_of(self, who: Principal) -> set[str]:
        """In which of the lifecycle's roles this principal stands to the request; who asks never decides."""
        if who.kind == PERSON and who.person == self.person_id:
            return {"asker"}
        roles = {"representative"} if who.has("representative", self.organisation_id) else set()
        if self.partnership_id and who.has("registrations", self.partnership_id):
            roles.add("contact_point")
        return roles

    def accept(self, by: Principal, at: datetime) -> list[Fact]:
        """Let the person in."""
        self._move("accept", by, at)
        joined = RepresentativeJoined.of(self.organisation_id, organisation_id=self.organisation_id, person_id=self.person_id)
        return [self._fact(JoiningAccepted), joined]

    def decline(self, by: Principal, at: datetime) -> Fact:
        """Do not let the person in."""
        self._move("decline", by, at)
        return self._fact(JoiningDeclined)

    def withdraw(self, by: Principal, at: datetime) -> Fact:
        """Take the request back."""
        self._move("withdraw", by, at)
        return self._fact(JoiningWithdrawn)

    @property
    def telling(self) -> list[str]:
        """What the person is known by here, and hardly anybody else."""
        return [self.person_name]

    @property
    def known(self) -> list[str]:
        """What the person wrote."""
        return [self.note]

    def forget_person(self, at: datetime) -> list[Fact]:
        """The person is erased: take an open request back, and forget who asked and why."""
        self.person_name, self.note = ERASED, ""
        if self.state != JOINING.initial:
            return []
        self.state, self.decided_at = JOINING.after(self.state, "withdraw", {"asker"}), at
        return [self._fact(JoiningWithdrawn)]

    def _move(self, name: str, by: Principal, at: datetime) -> None:
        self.state = JOINING.after(self.state, name, self.roles_of(by))
        self.decided_at = at

    def _fact(self, event: type[JoiningAsked]) -> Fact:
        about = {"joining_id": self.id, "organisation_id": self.organisation_id, "person_id": self.person_id}
        return event.of(self.id, audience=[self.partnership_id], **about)
