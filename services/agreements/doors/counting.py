"""Doors to the scheme's indicators."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from contracts.agreements import ReadFlows, ReadIndicators, ReadProgrammeFigures, ReadStages, ReadTimes
from services.agreements import indicators
from services.agreements.doors.frame import Doors


class CountingDoors(Doors):
    """What is counted, for those who steer the scheme and for everybody."""

    @answers(ReadIndicators)
    def read_indicators(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Counts per state and partnership."""
        with self.unit() as unit:
            return unit.reply({"items": indicators.indicators(unit, who, request)})

    @answers(ReadFlows)
    def read_flows(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Counts per pair of countries."""
        with self.unit() as unit:
            return unit.reply({"items": indicators.flows(unit, who, request)})

    @answers(ReadTimes)
    def read_times(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Time in each state."""
        with self.unit() as unit:
            return unit.reply({"items": indicators.times(unit, who, request)})

    @answers(ReadStages)
    def read_stages(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How far exchanges came."""
        with self.unit() as unit:
            return unit.reply({"items": indicators.stages(unit, who, request)})

    @answers(ReadProgrammeFigures)
    def read_programme_figures(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The scheme for everybody."""
        with self.unit() as unit:
            return unit.reply(indicators.programme(unit))
