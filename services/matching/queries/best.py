"""The ranked list: found in the index, explained by the plain ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import structlog

from chassis.running.threads import in_thread
from chassis.running.unit import Unit
from services.matching.index import Index
from services.matching.index.live import Live
from services.matching.model import Participant
from services.matching.queries import changes, entries, participants
from services.matching.queries.following import in_index
from services.matching.ranking import Candidate, Fit, fit, rank
from services.matching.ranking.candidate import VISITOR

log = structlog.get_logger()


class Best(NamedTuple):
    """The best partners in order, and how many are possible at all."""

    fits: list[Fit]
    possible: int


class _Told(NamedTuple):
    scores: dict[UUID, int]
    possible: int


def best(unit: Unit, live: Live, asking: Candidate, role: str, most: int, weights: dict[str, int]) -> Best | None:
    """The best partners in that role, as of what a steady unit sees; None: try anew in another unit."""
    fusion = changes.fusion(unit)
    look = partial(_look, asking=asking, role=role, on=unit.now.date(), most=most, weights=weights, fusion=fusion)
    if (told := in_index(live, unit, look)) is None:
        return None
    partners = entries.rows(unit.session, list(told.scores))
    return Best(in_thread(_fits, asking, role, told.scores, partners, weights, fusion), told.possible)


class Scored(NamedTuple):
    """Looks up in an index how well others fit one in a role."""

    asking: Candidate
    ways: dict[str, Any]

    def __call__(self, index: Index) -> Callable[[np.ndarray], np.ndarray]:
        """What gives the scores of slots, -1 for those who are no possible partners."""
        avoided = index.slots_of(list(self.asking.avoids))

        def scores(slots: np.ndarray) -> np.ndarray:
            found = index.ranked.scores(self.asking, slots=slots, **self.ways)
            found[np.isin(slots, avoided)] = -1
            return found

        return scores


def scored(unit: Unit, one: Participant, role: str) -> Scored | None:
    """How everybody is scored for one in that role today; None for one that chose not to be ranked."""
    if not one.is_ranked:
        return None
    asking = participants.candidate(unit, one, role, changes.limits(unit))
    return Scored(asking, {"role": role, "on": unit.now.date(), "weights": changes.weights(unit), "fusion": changes.fusion(unit)})


def fits_among(unit: Unit, one: Participant, role: str, among: Iterable[UUID]) -> dict[UUID, Fit]:
    """How well those of some who are possible partners of one fit it; nobody does where it chose not to be ranked."""
    if not one.is_ranked:
        return {}
    asking = participants.candidate(unit, one, role, changes.limits(unit))
    others = [each.candidate for each in entries.entries(unit.session, list(among))]
    found = rank(asking, role, others, unit.now.date(), changes.weights(unit), changes.fusion(unit))
    return {each.partner.participation_id: each for each in found}


def _look(index: Index, asking: Candidate, most: int, **ways: object) -> _Told:
    found = index.ranked.best(asking, most=most, without=index.slots_of(list(asking.avoids)), **ways)  # type: ignore[arg-type]
    return _Told({index.slots.id_at(slot): score for slot, score, *_ in found.rows.tolist()}, found.possible)


def _fits(
    asking: Candidate, role: str, scores: dict[UUID, int], rows: list[entries.Row], weights: dict[str, int], fusion: str
) -> list[Fit]:
    partners = {row.participation_id: entry.candidate for row in rows if (entry := row.entry())}
    fits = []
    for participation_id, score in scores.items():
        pair = (asking, partners[participation_id]) if role == VISITOR else (partners[participation_id], asking)
        fits.append(fit(*pair, role, weights, fusion))
        if fits[-1].score != score:
            log.error("the index and the ranking differ", of=str(participation_id), index=score, ranking=fits[-1].score)
    return fits
