"""What every door of this service stands on, and what follows whenever something a payment rests on has changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from chassis.running.occasions import NotYet
from services.payments import queries
from services.payments.model import Exchange

if TYPE_CHECKING:
    from chassis.running.unit import OpenUnit, Unit

MORNING = time(8, tzinfo=UTC)
REMINDER = "payment_reminder"
EVIDENCE_REMINDER = "evidence_reminder"


class Doors:
    """What the service class gives its doors."""

    unit: OpenUnit


def settle(unit: Unit, exchange: Exchange) -> None:
    """Move the payment on if all it needs is there, and have its paying officer reminded in time."""
    facts = exchange.settle(unit.now)
    unit.announce(facts)
    if facts and exchange.payment.due_by:
        tariff = queries.tariff(unit, unit.now.date())
        unit.unplan(REMINDER, exchange.id)
        unit.plan(REMINDER, exchange.id, morning_of(exchange.payment.due_by, -tariff.days("reminder_days")))


def await_evidence(unit: Unit, exchange: Exchange) -> None:
    """Once a stay has ended, remind of its evidence in time, unless all of it is accepted already."""
    if exchange.evidence_due_on and not exchange.evidence_accepted_at:
        tariff = queries.tariff(unit, unit.now.date())
        unit.unplan(EVIDENCE_REMINDER, exchange.id)
        unit.plan(EVIDENCE_REMINDER, exchange.id, morning_of(exchange.evidence_due_on, -tariff.days("evidence_reminder_days")))


def compute(unit: Unit, exchange: Exchange) -> None:
    """Compute what can be computed; raises NotYet while the copy of a participation has not arrived."""
    visitor = queries.participation(unit, exchange.visitor_participation_id)
    host = queries.participation(unit, exchange.host_participation_id)
    if visitor is None or host is None:
        raise NotYet("the places of both participations are not known yet")
    unit.announce(exchange.compute_assistance(queries.tariff(unit, unit.now.date()), visitor, host, unit.now))


def morning_of(day: date, days_later: int = 0) -> datetime:
    """Eight o'clock UTC of a day, or so many days later."""
    return datetime.combine(day + timedelta(days=days_later), MORNING)
