"""Counting contacts."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, extract, func, or_, select, true

from chassis.bare.principal import Principal
from chassis.running.unit import Unit
from services.matching.model import Contact
from services.matching.model.contact_lifecycle import ACCEPTED_STATES

SEE_ALL = ("support_officer", "auditor", "administrator")
CONTACT_POINTS = ("registrations", "agreements", "finance")


def counts(unit: Unit, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """How many contacts came how far, and the usual hours to an answer."""
    said_yes = and_(Contact.answered_at.is_not(None), Contact.state != "declined")
    hours = extract("epoch", Contact.answered_at - Contact.requested_at) / 3600
    statement = select(
        func.count().label("requested"),
        func.count(Contact.answered_at).label("answered"),
        func.count().filter(or_(said_yes, Contact.state.in_(ACCEPTED_STATES))).label("accepted"),
        func.count(Contact.exchange_id).label("matched"),
        func.percentile_cont(0.5).within_group(hours).label("hours"),
    ).where(*_counted(who, request))
    row = unit.session.execute(statement).mappings().one()
    return dict(row) | {"usual_hours": None if row["hours"] is None else round(row["hours"])}


def _counted(who: Principal, request: dict[str, Any]) -> list[ColumnElement[bool]]:
    first, last, partnership_id = request["requested_from"], request["requested_to"], request["partnership_id"]
    given = [Contact.visitor_partnership_id == partnership_id] if partnership_id else []
    since = [Contact.requested_at >= datetime.combine(first, time(), UTC)] if first else []
    until = [Contact.requested_at <= datetime.combine(last, time.max, UTC)] if last else []
    return [_mine(who), *given, *since, *until]


def _mine(who: Principal) -> ColumnElement[bool]:
    if any(who.has(role) for role in SEE_ALL):
        return true()
    return or_(*(Contact.visitor_partnership_id.in_(who.places(role)) for role in CONTACT_POINTS))
