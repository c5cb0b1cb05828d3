"""Doors that only read: lists, one exchange, versions, report, history."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from contracts.agreements import (
    CountExchangePiles,
    ListCommitmentVersions,
    ListExchanges,
    ListHistory,
    ReadCommitment,
    ReadCommitmentVersion,
    ReadExchange,
    ReadReport,
    VersionNotFound,
)
from services.agreements import piles, queries
from services.agreements.doors.frame import Doors
from services.agreements.shown import CommitmentShown, ExchangeShown, ReportShown, version_shown


class ReadingDoors(Doors):
    """What may be looked at."""

    @answers(ListExchanges)
    def list_exchanges(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A page of the viewer's exchanges."""
        with self.unit() as unit:
            page = queries.exchanges(unit, who, request, piles.waiting(request["pile"], who, unit.now.date()))
            return unit.reply(page | {"items": [ExchangeShown(each, who, unit.now) for each in page["items"]]})

    @answers(CountExchangePiles)
    def count_exchange_piles(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How many exchanges wait at the viewer's desk."""
        with self.unit() as unit:
            return unit.reply({"items": piles.counts(unit, who)})

    @answers(ReadExchange)
    def read_exchange(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Where an exchange stands."""
        with self.unit() as unit:
            return unit.reply(ExchangeShown(queries.exchange(unit, request["exchange_id"], seen_by=who), who, unit.now))

    @answers(ReadCommitment)
    def read_commitment(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The plan on the writing desk."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who)
            return unit.reply(CommitmentShown(exchange, who, unit.now, queries.rules(unit).working_days_method))

    @answers(ListCommitmentVersions)
    def list_commitment_versions(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A page of the submitted versions."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who)
            return unit.reply(queries.versions(unit, exchange, request))

    @answers(ReadCommitmentVersion)
    def read_commitment_version(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """One version, with what changed."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who)
            version = exchange.numbered(request["number"])
            if version is None:
                raise VersionNotFound
            return unit.reply(version_shown(exchange, version))

    @answers(ReadReport)
    def read_report(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The closing report."""
        with self.unit() as unit:
            return unit.reply(ReportShown(queries.exchange(unit, request["exchange_id"], seen_by=who), who, unit.now))

    @answers(ListHistory)
    def list_history(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A page of the journal rows of an exchange."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who)
            return unit.reply(queries.history(unit, exchange, who, request))
