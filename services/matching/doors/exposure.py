"""Doors to how often participants are shown: counted once a day, and shown in figures."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers, due
from chassis.running.occasions import Due
from chassis.running.unit import Units
from contracts.matching import ReadExposure
from services.matching.queries import exposure


class ExposureDoors:
    """Exposure, counted and told."""

    unit = Units()

    @answers(ReadExposure)
    def read_exposure(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How fair lists are."""
        with self.unit(steady=True) as unit:
            return unit.reply(exposure.figures(unit))

    @due(exposure.COUNT)
    def count_exposure(self, work: Due) -> None:
        """Count once a day how often everybody was shown: between two counts no list moves by it."""
        with self.unit() as unit:
            exposure.count(unit, work.subject_id)
