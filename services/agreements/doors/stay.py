"""Doors to the stay: arrival, departure, days, the ways out, deadlines."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from contracts.agreements import (
    CancelExchange,
    ConfirmArrival,
    ConfirmDays,
    ConfirmDeparture,
    MoveDeadline,
    RateExchange,
    RecordNoShow,
    TerminateExchange,
)
from services.agreements import queries
from services.agreements.doors.frame import Doors, await_arrival, await_departure, await_report
from services.agreements.shown import ExchangeShown


class StayDoors(Doors):
    """The stay and its side exits."""

    @answers(ConfirmArrival)
    def confirm_arrival(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The visitor arrived."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.confirm_arrival(who, request["on"], request, unit.now))
            await_departure(unit, exchange)
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(ConfirmDeparture)
    def confirm_departure(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The visitor left."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.confirm_departure(who, request["on"], request, unit.now, queries.rules(unit).report_days))
            await_report(unit, exchange)
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(ConfirmDays)
    def confirm_days(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How many working days the visitor was present."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.expect(exchange)
            unit.announce(exchange.confirm_days(who, request["days_present"], unit.now))
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(RateExchange)
    def rate_exchange(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The host's own rating."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.expect(exchange)
            unit.announce(exchange.rate_exchange(who, request["usefulness"], request["remarks"], unit.now))
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(CancelExchange)
    def cancel_exchange(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Call it off before it starts."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.cancel_exchange(who, request, unit.now))
            await_arrival(unit, exchange)
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(TerminateExchange)
    def terminate_exchange(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Break it off while it runs."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.terminate_exchange(who, request, unit.now))
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(RecordNoShow)
    def record_no_show(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The visitor did not come."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.record_no_show(who, request, unit.now))
            await_arrival(unit, exchange)
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(MoveDeadline)
    def move_deadline(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The support office gives more time."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.move_deadline(who, request["deadline"], request["on"], request, unit.now))
            return unit.reply(ExchangeShown(exchange, who, unit.now))
