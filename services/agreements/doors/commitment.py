"""Doors to the commitment to quality: write, submit, validate, return, amend."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from contracts.agreements import (
    AbandonAmendment,
    AmendCommitment,
    EditCommitment,
    RecallCommitment,
    ReturnCommitment,
    SubmitCommitment,
    ValidateCommitment,
)
from services.agreements import queries
from services.agreements.doors.frame import Doors, await_arrival
from services.agreements.shown import CommitmentShown, ExchangeShown


class CommitmentDoors(Doors):
    """The way of the plan up to the validated version."""

    @answers(EditCommitment)
    def edit_commitment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Replace the plan by what was sent."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.expect(exchange.draft)
            unit.announce(exchange.edit_commitment(who, request, unit.now))
            return unit.reply(CommitmentShown(exchange, who, unit.now, queries.rules(unit).working_days_method))

    @answers(SubmitCommitment)
    def submit_commitment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Lay the plan before both partnerships."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.expect(exchange.draft)
            unit.announce(exchange.submit_commitment(who, unit.now, queries.rules(unit)))
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(RecallCommitment)
    def recall_commitment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take the submitted version back."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.recall_commitment(who, unit.now))
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(ValidateCommitment)
    def validate_commitment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Validate the standing version for a partnership."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.validate_commitment(who, request["number"], unit.now))
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(ReturnCommitment)
    def return_commitment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Send the standing version back with comments."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.return_commitment(who, request["number"], request["comments"], unit.now))
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(AmendCommitment)
    def amend_commitment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Begin a new version."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.amend_commitment(who, request["reason"], request["explanation"], unit.now))
            await_arrival(unit, exchange)
            return unit.reply(ExchangeShown(exchange, who, unit.now))

    @answers(AbandonAmendment)
    def abandon_amendment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Let the signed version stand again."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.abandon_amendment(who, unit.now))
            await_arrival(unit, exchange)
            return unit.reply(ExchangeShown(exchange, who, unit.now))
