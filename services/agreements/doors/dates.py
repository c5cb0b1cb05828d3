"""Work at a date: reminders of the arrival and of the closing report, and the end that comes by itself."""

from __future__ import annotations

from typing import Any

from chassis.running.doors import due
from chassis.running.occasions import Due
from services.agreements import queries
from services.agreements.doors.frame import Doors, await_report, morning_of

NO_REASON: dict[str, Any] = {"reason": None, "explanation": ""}


class DateDoors(Doors):
    """What falls due; each looks again whether it still applies."""

    @due("arrival_reminder")
    def remind_of_arrival(self, due: Due) -> None:
        """Nobody confirmed the arrival; the last reminder is escalated."""
        number = due.arguments["number"]
        with self.unit() as unit:
            asked_after = queries.rules(unit).arrival_asked_after
            last = number + 1 == len(asked_after)
            exchange = queries.exchange(unit, due.subject_id, seen_by=unit.who, to_change=True)
            reminder = exchange.remind_of_arrival(escalated=last)
            unit.announce(reminder)
            if reminder and not last and exchange.start:
                at = morning_of(exchange.start, asked_after[number + 1])
                unit.plan("arrival_reminder", exchange.id, at, number=number + 1)

    @due("automatic_end")
    def end_by_itself(self, due: Due) -> None:
        """Nobody confirmed the departure: it was as planned."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, due.subject_id, seen_by=unit.who, to_change=True)
            if exchange.state == "running":
                unit.announce(exchange.confirm_departure(unit.who, exchange.end, NO_REASON, unit.now, queries.rules(unit).report_days))
                await_report(unit, exchange)

    @due("report_reminder")
    def remind_of_report(self, due: Due) -> None:
        """The closing report is awaited: the visitor is reminded, then its contact point, then the support office."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, due.subject_id, seen_by=unit.who, to_change=True)
            reminder = exchange.remind_of_report(unit.now, due.arguments.get("overdue", False))
            unit.announce(reminder)
            if reminder:
                await_report(unit, exchange, due.arguments["number"] + 1, overdue=reminder.data["overdue"])
