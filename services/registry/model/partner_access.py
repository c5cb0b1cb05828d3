"""A partnership system's access: its login, the hash of its secret, what the broker is to have of it, and what it has."""

from __future__ import annotations

import re
from datetime import datetime
from secrets import token_hex
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Fact
from chassis.bare.principal import SERVICE, Principal
from contracts.registry import PartnerAccessOpened, PartnerAccessRevoked, PartnerAccessRotated
from contracts.registry.partner_access import CONTACT_POINTS, OFFICES
from services.registry.model.base import Base
from services.registry.model.partnership import Partnership
from services.registry.model.secrets import hashed, new_secret

ACCESS = Lifecycle(
    "partner access",
    "open",
    move("rotate", "open", "open", "contact_point platform"),
    move("revoke", "open", "revoked", "contact_point office platform"),
    move("reopen", "revoked", "open", "contact_point platform"),
)


class PartnerAccess(Base):
    """The access of one partnership's system.

    `wanted` counts its changes and `made` is the count that the broker has followed; `carried` is the feed's position up to which
    events are in the queue. `queue` is a name that nobody else can guess; events that leave it unread are parked beside it.
    """

    __tablename__ = "partner_access"

    partnership_id: Mapped[UUID] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    queue: Mapped[str] = mapped_column(String(120), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    secret_since: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    wanted: Mapped[int] = mapped_column(default=1)
    made: Mapped[int] = mapped_column(default=0)
    carried: Mapped[int] = mapped_column(BigInteger)
    waiting: Mapped[int | None]
    parked: Mapped[int | None]
    consumers: Mapped[int | None]
    measured_at: Mapped[datetime | None]
    last_consumer_at: Mapped[datetime | None]

    @classmethod
    def open(cls, partnership: Partnership, newest: int, at: datetime) -> tuple[PartnerAccess, str, Fact]:
        """A new access, its secret and the fact of it; events behind `newest`, a position of the feed, will come into its queue."""
        login = _login(partnership)
        access = cls(
            partnership_id=partnership.id,
            login=login,
            queue=_new_queue(login),
            state=ACCESS.initial,
            opened_at=at,
            carried=newest,
            wanted=0,
            made=0,
        )
        return access, access._new_secret(at), access._fact(PartnerAccessOpened)

    def reopen(self, by: Principal, newest: int, at: datetime) -> tuple[str, Fact]:
        """Open it again, with a new queue, and return its new secret; raises MoveNotAllowed while it is open."""
        self.state = ACCESS.after(self.state, "reopen", self.roles_of(by))
        self.queue, self.made = _new_queue(self.login), 0
        self.opened_at, self.revoked_at, self.carried = at, None, newest
        return self._new_secret(at), self._fact(PartnerAccessOpened)

    def rotate(self, by: Principal, at: datetime) -> tuple[str, Fact]:
        """Replace the secret and return the new one."""
        self.state = ACCESS.after(self.state, "rotate", self.roles_of(by))
        return self._new_secret(at), self._fact(PartnerAccessRotated)

    def revoke(self, by: Principal, at: datetime) -> Fact:
        """End it: the secret opens nothing from now on, and login and queue will go."""
        self.state = ACCESS.after(self.state, "revoke", self.roles_of(by))
        self.revoked_at, self.wanted = at, self.wanted + 1
        self.waiting = self.parked = self.consumers = None
        return self._fact(PartnerAccessRevoked)

    @property
    def ready(self) -> bool:
        """Whether the broker has followed the last change."""
        return self.made == self.wanted

    @property
    def is_open(self) -> bool:
        """Whether its secret opens anything."""
        return self.state == "open"

    def roles_of(self, who: Principal) -> set[str]:
        """In which of the lifecycle's roles this principal stands to the access."""
        roles = {"contact_point"} if any(who.has(role, self.partnership_id) for role in CONTACT_POINTS) else set()
        roles |= {"office"} if who.role_names() & set(OFFICES) else set()
        return roles | ({"platform"} if (who.kind, who.id) == (SERVICE, "registry") else set())

    def _new_secret(self, at: datetime) -> str:
        secret = new_secret()
        self.secret_hash, self.secret_since, self.wanted = hashed(secret), at, self.wanted + 1
        return secret

    def _fact(self, event: type[PartnerAccessOpened]) -> Fact:
        return event.of(self.partnership_id, audience=[self.partnership_id], partnership_id=self.partnership_id, login=self.login)


def _login(partnership: Partnership) -> str:
    """The acronym to be recognised by people, and enough of the id to be one of its kind."""
    word = re.sub(r"[^a-z0-9]", "", partnership.acronym.lower()) or "partnership"
    return f"partner.{word}-{partnership.id.hex[:12]}"


def _new_queue(login: str) -> str:
    return f"{login}.{token_hex(8)}"
