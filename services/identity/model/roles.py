"""Roles: who may do what, where."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.message import Fact, new_id
from chassis.bare.principal import PERSON, SERVICE, Principal
from contracts.identity.events import RoleGranted, RoleHeld, RoleRevoked
from contracts.identity.refusals import LastAdministrator, NotToYourself, PlaceNotAllowed, PlaceRequired, RoleNotFound, RoleNotGrantable
from contracts.identity.roles import PLACED_ROLES
from services.identity.model.base import Base, personal

CONTACT_POINT_ROLES = ("registrations", "agreements", "finance")


class Role(Base):
    """One role of one person in one place; revoked rather than deleted."""

    __tablename__ = "role"
    __table_args__ = (
        Index(
            "uq_role_held",
            "person_id",
            "role",
            "place",
            unique=True,
            postgresql_where="revoked_at IS NULL",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_role_place", "place", "role"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), info=personal("knowing who may do what"))
    role: Mapped[str] = mapped_column(String(30))
    place: Mapped[UUID | None]
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    GRANTERS: ClassVar = {"administrator": None, "support_officer": CONTACT_POINT_ROLES}
    """Which roles each granting role may give and take: None is all of them."""

    @classmethod
    def grant(cls, person_id: UUID, role: str, place: UUID | None, by: Principal, at: datetime) -> tuple[Role, list[Fact]]:
        """Give a role; raises RoleNotGrantable, NotToYourself, PlaceRequired, PlaceNotAllowed."""
        cls.may_be_granted(role, by)
        if by.kind == PERSON and by.person == person_id and not by.has("administrator"):
            raise NotToYourself(role=role)
        if role in PLACED_ROLES and place is None:
            raise PlaceRequired(role=role)
        if role not in PLACED_ROLES and place is not None:
            raise PlaceNotAllowed(role=role)
        given = cls(id=new_id(), person_id=person_id, role=role, place=place, granted_at=at)
        return given, [RoleGranted.of(person_id, person_id=person_id, role=role, place=place)]

    @classmethod
    def may_be_granted(cls, role: str, by: Principal) -> None:
        """Raise RoleNotGrantable unless `by` may give and take this role; identity itself may, on what it hears."""
        if by.kind == SERVICE:
            return
        for granter, roles in cls.GRANTERS.items():
            if by.has(granter) and (roles is None or role in roles):
                return
        raise RoleNotGrantable(role=role)

    def revoke(self, by: Principal, at: datetime, administrators: int) -> list[Fact]:
        """Take the role back; raises RoleNotGrantable, RoleNotFound when it was taken before, LastAdministrator for that one's."""
        self.may_be_granted(self.role, by)
        if self.revoked_at is not None:
            raise RoleNotFound
        if self.role == "administrator" and administrators <= 1:
            raise LastAdministrator
        return self.end(at)

    def tell(self) -> Fact:
        """It is held, told again for those who did not listen yet when it was granted."""
        return RoleHeld.of(self.person_id, person_id=self.person_id, role=self.role, place=self.place)

    def end(self, at: datetime) -> list[Fact]:
        """It is held no more, whoever else holds it: its person is erased."""
        self.revoked_at = at
        return [RoleRevoked.of(self.person_id, person_id=self.person_id, role=self.role, place=self.place)]
