"""Doors to the computed assistance and to the request for another base."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Unit
from contracts.payments import (
    DecideSupplement,
    ListSupplements,
    ReadAssistance,
    ReadSupplement,
    RecomputeAssistance,
    RequestSupplement,
    WithdrawSupplement,
)
from contracts.payments.refusals import AssistanceNotComputed, SupplementNotFound
from services.payments import queries, shown
from services.payments.doors.frame import Doors, compute
from services.payments.model import Exchange, Supplement


class AssistanceDoors(Doors):
    """The lump sum, and the paying officer's word on its base."""

    @answers(ReadAssistance)
    def read_assistance(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The newest lump sum."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who)
            newest = exchange.newest_assistance()
            if newest is None:
                raise AssistanceNotComputed
            return unit.reply(newest)

    @answers(RecomputeAssistance)
    def recompute_assistance(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A refused lump sum, once more."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            exchange.recompute_assistance(by=who)
            compute(unit, exchange)
            return unit.reply(exchange.newest_assistance())

    @answers(RequestSupplement)
    def request_supplement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The visitor asks for another base."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.announce(exchange.request_supplement(by=who, at=unit.now))
            return unit.reply(shown.supplement(_supplement(exchange), who))

    @answers(ReadSupplement)
    def read_supplement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How the request stands."""
        with self.unit() as unit:
            return unit.reply(shown.supplement(_concerned(unit, who, request), who))

    @answers(ListSupplements)
    def list_supplements(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """What a paying officer has to decide, or decided."""
        with self.unit() as unit:
            page = queries.supplements(unit, who, request)
            return unit.reply(page | {"items": [shown.supplement(each, who) for each in page["items"]]})

    @answers(DecideSupplement)
    def decide_supplement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Granted or declined; then the lump sum can be computed."""
        with self.unit() as unit:
            supplement = _concerned(unit, who, request, to_change=True)
            decide = supplement.grant if request["granted"] else supplement.decline
            unit.announce(decide(by=who, at=unit.now))
            return _computed_reply(unit, supplement, who)

    @answers(WithdrawSupplement)
    def withdraw_supplement(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Taken back; then the lump sum can be computed."""
        with self.unit() as unit:
            supplement = _concerned(unit, who, request, to_change=True)
            unit.announce(supplement.withdraw(by=who, at=unit.now))
            return _computed_reply(unit, supplement, who)


def _concerned(unit: Unit, who: Principal, request: dict[str, Any], to_change: bool = False) -> Supplement:
    exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=to_change)
    # Not even the support office sees that there is one: only who asked and who decides.
    if not exchange.capacities(who) & {"visitor", "finance"}:
        raise SupplementNotFound
    return _supplement(exchange)


def _supplement(exchange: Exchange) -> Supplement:
    if exchange.supplement is None:
        raise SupplementNotFound
    return exchange.supplement


def _computed_reply(unit: Unit, supplement: Supplement, who: Principal) -> dict[str, Any]:
    if supplement.exchange.plan_version is not None:
        compute(unit, supplement.exchange)
    return unit.reply(shown.supplement(supplement, who))
