"""Doors to what a participant chooses of the ranking."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Unit, Units
from contracts.matching.ranking import ChangeRankingChoice, ReadRankingChoice
from services.matching.model import Participant
from services.matching.queries import changes, participants


class RankingDoors:
    """How much each criterion counts for a participant, and whether it is ranked."""

    unit = Units()

    @answers(ReadRankingChoice)
    def read_ranking_choice(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show the choice."""
        with self.unit(steady=True) as unit:
            one = participants.own_copy(unit, request["participation_id"], who)
            return unit.reply(_choice(unit, one, changes.data_version(unit)))

    @answers(ChangeRankingChoice)
    def change_ranking_choice(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Choose anew; lists take it into account from the change on that is answered."""
        with self.unit() as unit:
            one = participants.own_copy(unit, request["participation_id"], who, to_change=True)
            unit.expect_version(one.choice_version)
            unit.announce(one.choose_ranking({each["criterion"]: each["weight"] for each in request["weights"]}, ranked=request["ranked"]))
            return unit.reply(_choice(unit, one, changes.count_change(unit, one.participation_id)))


def _choice(unit: Unit, one: Participant, data_version: int) -> dict[str, Any]:
    of_day = changes.weights(unit)
    chosen = {name: one.weights.get(name, 0) for name in of_day} if one.weights else of_day
    return {
        "participation_id": one.participation_id,
        "version": one.choice_version,
        "ranked": one.is_ranked,
        "moved": one.weights is not None,
        "weights": listed(chosen),
        "day_weights": listed(of_day),
        "data_version": data_version,
    }


def listed(weights: dict[str, int]) -> list[dict[str, Any]]:
    """Weights as they are shown."""
    return [{"criterion": name, "weight": weight} for name, weight in weights.items()]
