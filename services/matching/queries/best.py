"""The ranked list: found in the index, ordered fairly, explained by the plain ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
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
from services.matching.queries import changes, entries, exposure, participants
from services.matching.queries.following import in_index
from services.matching.ranking import Candidate, Fit, fit, rank
from services.matching.ranking.candidate import VISITOR, opposite
from services.matching.ranking.fairness import Choice, Scored, choose, considered

log = structlog.get_logger()


class Best(NamedTuple):
    """The best partners in order, and how many are possible at all."""

    fits: list[Fit]
    possible: int
    choice: Choice


class _Told(NamedTuple):
    best: list[Scored]
    last: list[Scored]
    possible: int


def best(
    unit: Unit, live: Live, asking: Candidate, role: str, limit: int, weights: dict[str, int], silent: frozenset[UUID], setting: str
) -> Best | None:
    """The best partners in that role, as of what a steady unit sees, silent ones last; None: try anew in another unit."""
    fusion, most = changes.fusion(unit), considered(setting, limit)
    ways = {"role": role, "on": unit.now.date(), "weights": weights, "fusion": fusion}
    told = in_index(live, unit, partial(look, asking=asking, silent=silent, limit=limit, most=most, ways=ways))
    if told is None:
        return None
    lately = exposure.lately(unit, opposite(role), [each for each, _ in told.best])
    choice = choose(told.best, told.last, lately.shown, lately.usual, setting, limit)
    scores = dict(choice.shown)
    partners = entries.rows(unit.session, list(scores))
    return Best(in_thread(_fits, asking, role, scores, partners, weights, fusion), told.possible, choice)


class Scorer(NamedTuple):
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


def scored(unit: Unit, one: Participant, role: str) -> Scorer | None:
    """How everybody is scored for one in that role today; None for one that chose not to be ranked."""
    if not one.is_ranked:
        return None
    asking = participants.candidate(unit, one, role, changes.limits(unit))
    return Scorer(asking, {"role": role, "on": unit.now.date(), "weights": changes.weights(unit), "fusion": changes.fusion(unit)})


def fits_among(unit: Unit, one: Participant, role: str, among: Iterable[UUID]) -> dict[UUID, Fit]:
    """How well those of some who are possible partners of one fit it; nobody does where it chose not to be ranked."""
    if not one.is_ranked:
        return {}
    asking = participants.candidate(unit, one, role, changes.limits(unit))
    rows = entries.rows(unit.session, list(among))
    # A page of long profiles takes a tenth of a second to read.
    found = in_thread(_ranked, asking, role, rows, unit.now.date(), changes.weights(unit), changes.fusion(unit))
    return {each.partner.participation_id: each for each in found}


def look(index: Index, asking: Candidate, silent: frozenset[UUID], limit: int, most: int, ways: dict[str, Any]) -> _Told:
    """The best `most` of those who answer; of those who do not as many as a list of `limit` has room for."""
    without, besides = index.slots_of(list(asking.avoids)), index.slots_of(list(silent))
    found = index.ranked.best(asking, most=most, without=without, besides=besides, **ways)
    answering, last = _scored(index, found.rows), []
    if len(answering) < limit and besides:
        # All who answer are known: the best of everybody are they and the best of the others.
        everybody = _scored(index, index.ranked.best(asking, most=limit, without=without, **ways).rows)
        last = [each for each in everybody if each[0] in silent][: limit - len(answering)]
    return _Told(answering, last, found.possible)


def _ranked(asking: Candidate, role: str, rows: list[entries.Row], on: date, weights: dict[str, int], fusion: str) -> list[Fit]:
    return rank(asking, role, [entry.candidate for row in rows if (entry := row.entry())], on, weights, fusion)


def _scored(index: Index, rows: Any) -> list[Scored]:
    return [(index.slots.id_at(slot), score) for slot, score, *_ in rows.tolist()]


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
