"""What is kept of a registration beside its answers: whose it is, its state, its dates, what was decided; and what of it is whose to see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from chassis.bare.message import new_id
from chassis.bare.principal import PERSON, SERVICE, Principal
from chassis.bare.tables import Versioned
from services.registry.model.base import personal
from services.registry.model.form import Form
from services.registry.model.organisation import Organisation
from services.registry.model.registration import HOSTING_STATES, REGISTRATION


class Dossier(Form, Versioned):
    """The columns and views of a participation; `revision` counts the public profiles that were announced."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(40))
    reason_text: Mapped[str | None] = mapped_column(info=personal("telling the organisation why"))
    question: Mapped[str | None] = mapped_column(info=personal("asking the organisation for more"))
    flagged: Mapped[bool] = mapped_column(default=False)
    hosting_approved: Mapped[bool] = mapped_column(default=False)
    may_visit: Mapped[bool] = mapped_column(default=False)
    may_host: Mapped[bool] = mapped_column(default=False)
    outermost_region: Mapped[bool] = mapped_column(default=False)
    proposed_change: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), info=personal("letting the contact point approve a change")
    )
    interest_due_by: Mapped[datetime | None]

    @declared_attr
    def organisation(cls) -> Mapped[Organisation]:
        """The organisation that takes part."""
        return relationship(lazy="raise")

    @property
    def decision(self) -> dict[str, Any] | None:
        """What was decided last, if anything was."""
        return {"reason": self.reason, "text": self.reason_text, "at": self.decided_at} if self.decided_at else None

    @property
    def change_waiting(self) -> bool:
        """Whether a proposed change waits for the contact point."""
        return self.proposed_change is not None

    @property
    def representative_name(self) -> str:
        """The person who answers for it, as documents name them."""
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)

    def missing_answers(self) -> list[str]:
        """The answers without which it cannot be submitted, as `step.field`."""
        return self.missing(self.organisation)

    def roles_of(self, who: Principal) -> set[str]:
        """In which of the lifecycle's roles this principal stands to the participation."""
        roles = set()
        if who.has("representative", self.organisation_id) or (who.kind == PERSON and who.person == self.person_id):
            roles.add("representative")
        if self.partnership_id and self.submitted_at and who.has("registrations", self.partnership_id):
            roles.add("contact_point")
        if who.kind == SERVICE and who.id == "registry":
            roles.add("platform")
        return roles

    def moves_of(self, who: Principal) -> list[str]:
        """The moves open to this principal now, without those that there is nothing for."""
        idle = set() if self.proposed_change else {"approve_change", "decline_change"}
        idle |= {"approve_hosting"} if self.hosting_approved else set()
        return [name for name in REGISTRATION.open_moves(self.state, self.roles_of(who)) if name not in idle]

    def hosting_waits(self, kinds: Collection[tuple[str, bool]]) -> bool:
        """Whether it would host and is of a kind that hosts only when approved case by case, which it is not yet."""
        kind = (self.organisation.organisation_type or "", bool(self.organisation.cluster_member))
        return self.state in HOSTING_STATES and "host" in self.roles and not self.hosting_approved and kind in kinds

    def period_seen_by(self, who: Principal) -> dict[str, Any]:
        """Step 6 as this person sees it: accessibility needs are for its organisation and its contact point alone."""
        plain = {name: getattr(self, name) for name in ("availability", "min_days", "max_days", "group_size", "capacity")}
        return plain | {"accessibility_needs": self.accessibility_needs if self.roles_of(who) else None}
