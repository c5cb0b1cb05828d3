"""What a registration form holds beside the organisation: the answers of steps 2 to 8, each a column, and which are missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from chassis.bare.message import new_id
from contracts.words import ROLES
from services.registry.model.base import CONSENT, Base, personal
from services.registry.model.organisation import Organisation

ERASED_NAME = ("Erased", "person")

WISHES = ("countries", "organisation_types", "activity_types", "languages")


class Skill(Base):
    """A language the person speaks, and the CEFR level."""

    __tablename__ = "language_skill"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True, info=personal("finding partners with a common language"))
    level: Mapped[str] = mapped_column(String(2), info=personal("finding partners with a common language"))


class Availability(Base):
    """A window in which a stay could be; first and last day included."""

    __tablename__ = "availability"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), index=True)
    start: Mapped[date]
    end: Mapped[date]


class Consent(Base):
    """That a person consented to a notice, in which version and when; kept for every version."""

    __tablename__ = "consent"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    notice: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    given_at: Mapped[datetime]
    given_by: Mapped[UUID] = mapped_column(info=personal("proving who consented"))


class Form:
    """The answers of steps 2 to 8 of a participation; an empty list or None is no answer yet."""

    person_id: Mapped[UUID] = mapped_column(index=True, info=personal("knowing whose registration it is"))
    title: Mapped[str | None] = mapped_column(String(40), info=personal("addressing the person"))
    first_name: Mapped[str | None] = mapped_column(String(100), info=personal("naming the representative in agreements"))
    last_name: Mapped[str | None] = mapped_column(String(100), info=personal("naming the representative in agreements"))
    function: Mapped[str | None] = mapped_column(String(120), info=personal("naming the representative in agreements"))
    e_mail: Mapped[str | None] = mapped_column(String(254), info=personal("the contact point's questions"))
    phone: Mapped[str | None] = mapped_column(String(40), info=personal("the contact point's questions"))
    cv_sha256: Mapped[str | None] = mapped_column(String(64), info=personal("assessing the registration"))
    cv_name: Mapped[str | None] = mapped_column(String(200), info=personal("assessing the registration"))
    cv_media_type: Mapped[str | None] = mapped_column(String(100))
    cv_size: Mapped[int | None]

    roles: Mapped[list[str]] = mapped_column(default=list)
    motivation: Mapped[str | None]

    ecosystems: Mapped[list[str]] = mapped_column(default=list)
    nace: Mapped[list[str]] = mapped_column(default=list)
    technologies: Mapped[list[str]] = mapped_column(default=list)
    topics: Mapped[list[str]] = mapped_column(default=list)
    can_teach: Mapped[list[str]] = mapped_column(default=list)
    want_to_learn: Mapped[list[str]] = mapped_column(default=list)

    host_countries: Mapped[list[str]] = mapped_column(default=list)
    host_organisation_types: Mapped[list[str]] = mapped_column(default=list)
    host_activity_types: Mapped[list[str]] = mapped_column(default=list)
    host_languages: Mapped[list[str]] = mapped_column(default=list)
    visitor_countries: Mapped[list[str]] = mapped_column(default=list)
    visitor_organisation_types: Mapped[list[str]] = mapped_column(default=list)
    visitor_activity_types: Mapped[list[str]] = mapped_column(default=list)
    visitor_languages: Mapped[list[str]] = mapped_column(default=list)

    min_days: Mapped[int | None]
    max_days: Mapped[int | None]
    group_size: Mapped[int | None]
    capacity: Mapped[int | None]
    accessibility_needs: Mapped[str | None] = mapped_column(info=personal("preparing an accessible stay", CONSENT))

    partnership_id: Mapped[UUID | None] = mapped_column(ForeignKey("partnership.id"), index=True)
    assign: Mapped[bool] = mapped_column(default=False)
    visibility: Mapped[str] = mapped_column(String(20), default="all")

    @declared_attr
    def languages(cls) -> Mapped[list[Skill]]:
        """The languages the person speaks."""
        return relationship(lazy="raise", cascade="all, delete-orphan", order_by=Skill.language)

    @declared_attr
    def availability(cls) -> Mapped[list[Availability]]:
        """When a stay could be."""
        return relationship(lazy="raise", cascade="all, delete-orphan", order_by=Availability.start)

    @declared_attr
    def consents(cls) -> Mapped[list[Consent]]:
        """What was consented to."""
        return relationship(lazy="raise", cascade="all, delete-orphan", order_by=Consent.given_at)

    @property
    def cv(self) -> dict[str, Any] | None:
        """The CV's file, where one was uploaded."""
        if self.cv_sha256 is None:
            return None
        return {"sha256": self.cv_sha256, "name": self.cv_name, "media_type": self.cv_media_type, "size": self.cv_size}

    @cv.setter
    def cv(self, file: Mapping[str, Any]) -> None:
        for name in ("sha256", "name", "media_type", "size"):
            setattr(self, f"cv_{name}", file[name])

    @property
    def preferences(self) -> dict[str, dict[str, list[str]]]:
        """What it wishes as host and as visitor."""
        return {role: {wish: getattr(self, f"{role}_{wish}") for wish in WISHES} for role in ROLES}

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Take the answers of steps 2 to 7 over, whichever are given."""
        for step in ("person", "role", "offer", "period", "partnership"):
            for name, value in answers.get(step, {}).items():
                setattr(self, name, ROWS[name](value) if name in ROWS else value)
        for role, wishes in answers.get("preferences", {}).items():
            for wish, value in wishes.items():
                setattr(self, f"{role}_{wish}", value)

    @property
    def telling(self) -> list[str]:
        """What the person is known by here, and hardly anybody else."""
        name = f"{self.first_name} {self.last_name}" if self.first_name and self.last_name else ""
        return [word for word in (name, name and f"{self.title} {name}", self.e_mail, self.phone) if word]

    @property
    def known(self) -> list[str]:
        """What is said of the person, and may be said of others."""
        parts = (self.first_name, self.last_name, self.function, self.cv_name, self.accessibility_needs)
        return [part for part in parts if part]

    def forget_person(self) -> None:
        """Say nothing of the person any more; what the organisation offers and wants is no person's."""
        self.title, self.first_name, self.last_name = None, *ERASED_NAME
        self.function = self.e_mail = self.phone = self.accessibility_needs = None
        self.cv_sha256 = self.cv_name = self.cv_media_type = self.cv_size = None
        self.languages = []

    def consent(self, consents: list[Mapping[str, Any]], by: UUID, at: datetime) -> None:
        """Note consents; one given before to the same version stays as it was."""
        known = {(each.notice, each.version) for each in self.consents}
        for each in consents:
            if (each["notice"], each["version"]) not in known:
                self.consents.append(Consent(notice=each["notice"], version=each["version"], given_at=at, given_by=by))

    def missing(self, organisation: Organisation) -> list[str]:
        """The answers without which it cannot be submitted, as `step.field`, in the form's order."""
        wanted = [f"organisation.{name}" for name in _needed_of(organisation) if _empty(getattr(organisation, name))]
        return wanted + [f"{step}.{name}" for step, names in self._needed() for name in names if _empty(getattr(self, name))]

    def _needed(self) -> list[tuple[str, list[str]]]:
        host, visitor = "host" in self.roles, "visitor" in self.roles
        return [
            # Hosts want to know who comes to them; a host's own CV tells a visitor nothing that it needs.
            ("person", [*PERSON_NEEDED, *(["cv"] if visitor else [])]),
            ("role", ["roles", "motivation"]),
            ("offer", ["ecosystems", "nace", *(["can_teach"] if host else []), *(["want_to_learn"] if visitor else [])]),
            ("period", ["availability", "min_days", "max_days", "group_size", *(["capacity"] if host else [])]),
            ("partnership", [] if self.assign else ["partnership_id"]),
        ]


PERSON_NEEDED = ("title", "first_name", "last_name", "function", "e_mail", "phone", "languages")

ORGANISATION_NEEDED = (
    "legal_name", "organisation_type", "street", "house_number", "postcode", "town", "country", "nuts", "website",
    "number_kind", "registration_number", "size", "cluster_member",
)  # fmt: skip

ROWS = {
    "languages": lambda value: [Skill(**each) for each in value],
    "availability": lambda value: [Availability(**each) for each in value],
}
"""Answers that are rows of their own."""


def _needed_of(organisation: Organisation) -> tuple[str, ...]:
    membership = ("cluster_name", "cluster_page") if organisation.cluster_member else ()
    return ORGANISATION_NEEDED + membership


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == []
