"""What every door of this service stands on, and the reminders that follow from a state."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from services.agreements import queries
from services.agreements.model import Exchange

if TYPE_CHECKING:
    from chassis.bare.blobs import Blobs
    from chassis.running.calls import Ask
    from chassis.running.unit import OpenUnit, Unit

MORNING = time(8, tzinfo=UTC)


class Doors:
    """What the service class gives its doors."""

    unit: OpenUnit
    ask: Ask
    blobs: Blobs


def morning_of(day: date, days_later: int = 0) -> datetime:
    """Eight o'clock UTC of a day, or so many days later."""
    return datetime.combine(day + timedelta(days=days_later), MORNING)


def await_arrival(unit: Unit, exchange: Exchange) -> None:
    """Once an exchange is ready, remind of its arrival; while it is not, don't."""
    unit.unplan("arrival_reminder", exchange.id)
    if exchange.state == "ready" and exchange.start:
        first = queries.rules(unit).arrival_asked_after[0]
        unit.plan("arrival_reminder", exchange.id, morning_of(exchange.start, first), number=0)


def await_departure(unit: Unit, exchange: Exchange) -> None:
    """Once an exchange runs, end it by itself when nobody does."""
    unit.unplan("arrival_reminder", exchange.id)
    if exchange.end:
        unit.plan("automatic_end", exchange.id, morning_of(exchange.end, queries.rules(unit).automatic_end_days))


def await_report(unit: Unit, exchange: Exchange, number: int = 0, *, overdue: bool = False) -> None:
    """Once an exchange has ended, remind of its closing report; what was planned before is taken back."""
    unit.unplan("report_reminder", exchange.id)
    rules = queries.rules(unit)
    if number < rules.report_reminders:
        unit.plan("report_reminder", exchange.id, morning_of(unit.now.date(), rules.report_reminder_days), number=number, overdue=overdue)
