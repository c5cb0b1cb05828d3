"""Counting registrations."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from services.registry.model import Participation

SEE_ALL = ("support_officer", "auditor", "administrator")
CONTACT_POINTS = ("registrations", "agreements", "finance")


def counts(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """How many came how far, and how many are in each state."""
    # Whoever is in the queue or was decided on has been handed in; one that was taken back into a draft is none any more.
    sums = (func.count(), func.count(Participation.submitted_at), func.count(Participation.accepted_at))
    rows = unit.session.execute(select(Participation.state, *sums).where(*_counted(who, request)).group_by(Participation.state)).all()
    begun, submitted, accepted = (sum(int(row[at]) for row in rows) for at in (1, 2, 3))
    return {"begun": begun, "submitted": submitted, "accepted": accepted, "states": {row[0]: row[1] for row in rows}}


def _counted(who: Principal, request: dict[str, Any]) -> list[ColumnElement[bool]]:
    first, last, partnership_id = request["begun_from"], request["begun_to"], request["partnership_id"]
    given = [Participation.partnership_id == partnership_id] if partnership_id else []
    since = [Participation.begun_at >= datetime.combine(first, time(), UTC)] if first else []
    until = [Participation.begun_at <= datetime.combine(last, time.max, UTC)] if last else []
    return [_mine(who), *given, *since, *until]


def _mine(who: Principal) -> ColumnElement[bool]:
    if any(who.has(role) for role in SEE_ALL):
        return true()
    return or_(*(Participation.partnership_id.in_(who.places(role)) for role in CONTACT_POINTS))
