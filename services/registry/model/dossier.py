"""What is kept of a registration beside its answers: whose it is, its state, its dates, what was decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from chassis.bare.message import new_id
from chassis.bare.tables import Versioned
from services.registry.model.base import personal
from services.registry.model.form import Form
from services.registry.model.organisation import Organisation


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
