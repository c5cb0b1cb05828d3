"""Doors to the closing report: write, submit, validate, return."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from contracts.agreements import (
    ReturnReport,
    SubmitReport,
    ValidateReport,
    WriteReport,
)
from services.agreements import queries
from services.agreements.doors.frame import Doors, await_report
from services.agreements.shown import ExchangeShown, ReportShown


class ReportDoors(Doors):
    """The way of the closing report."""

    @answers(WriteReport)
    def write_report(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Replace the report by what was sent."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.expect(exchange.report)
            unit.announce(exchange.write_report(who, request, unit.now))
            return unit.reply(ReportShown(exchange, who, unit.now))

    @answers(SubmitReport)
    def submit_report(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Lay the report before the visitor's partnership."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.expect(exchange.report)
            unit.announce(exchange.submit_report(who, unit.now))
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(ValidateReport)
    def validate_report(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The report is good."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.expect(exchange.report)
            unit.announce(exchange.validate_report(who, unit.now))
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(ReturnReport)
    def return_report(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Send the report back with comments."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.expect(exchange.report)
            unit.announce(exchange.return_report(who, request["comments"], unit.now))
            await_report(unit, exchange)
            return unit.reply(ExchangeShown(exchange, who, unit.now))
