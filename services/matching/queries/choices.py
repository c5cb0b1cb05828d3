"""What a round proposes: each visitor's best hosts out of an index, as many as the highest total needs, and the pairs that have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from chassis.running.threads import in_thread
from chassis.running.unit import Unit
from services.matching.index import Index
from services.matching.queries import changes, participants, rounds
from services.matching.ranking import Candidate, scaled
from services.matching.ranking.assignment import Choices, Edge, Proposal, assign, firsts, short_of_choices
from services.matching.ranking.candidate import VISITOR

FIRST_CHOICES = 64
"""So many hosts of each visitor are looked at first, the best; more of those for whom they do not suffice."""
STEP = 25
"""So many visitors are read and ranked in one go; then progress is told."""


class _Ways(NamedTuple):
    """How all are ranked."""

    on: date
    weights: dict[str, int]
    fusion: str


def proposal(unit: Unit, index: Index, visitors: Sequence[UUID], told: Callable[[int, int], None]) -> Proposal:
    """The pairs that add up to the most, under the hosts' places, of all that are possible; `index` is of what the steady unit sees.

    Each visitor is gone through twice: for its own best hosts, and for whether it is the best visitor of a host that somebody gets.
    """
    ways = _Ways(unit.now.date(), changes.weights(unit), changes.fusion(unit))
    looking: list[Candidate] = []
    best: dict[UUID, Choices] = {}
    reached = np.zeros(index.slots.end, np.bool_)
    steps = 2 * len(visitors) + 1
    limits = changes.limits(unit)
    for start in range(0, len(visitors), STEP):
        read = participants.candidates(unit, participants.by_id(unit, visitors[start : start + STEP]), VISITOR, limits)
        some = [replace(each, weights=each.weights or scaled(ways.weights)) for each in read]
        best |= in_thread(_best_of, index, some, ways, reached)
        looking += some
        told(start + len(some), steps)
    chosen = _assigned(unit, index, {each.participation_id: each for each in looking}, best, ways)
    of_hosts: dict[UUID, Edge] = {}
    for start in range(0, len(looking), STEP):
        in_thread(_note_firsts, index, looking[start : start + STEP], sorted({each.host for each in chosen}), ways, of_hosts)
        told(min(len(looking) + start + STEP, steps - 1), steps)
    of_visitors, _ = firsts(each for choices in best.values() for each in choices.edges)
    return Proposal(chosen, of_visitors, of_hosts, int(reached.sum()))


def _assigned(unit: Unit, index: Index, looking: Mapping[UUID, Candidate], best: dict[UUID, Choices], ways: _Ways) -> list[Edge]:
    places: dict[UUID, int] = {}
    short = list(best)
    while short:
        places |= rounds.places(unit, {each.host for one in short for each in best[one].edges} - places.keys())
        chosen = in_thread(assign, [each for choices in best.values() for each in choices.edges], places)
        short = short_of_choices(best, chosen, places)
        best |= {one: in_thread(_choices, index, looking[one], 2 * len(best[one].edges), ways) for one in short}
    return chosen if best else []


def _best_of(index: Index, visitors: Sequence[Candidate], ways: _Ways, reached: np.ndarray) -> dict[UUID, Choices]:
    for one in visitors:
        index.ranked.reach(one, VISITOR, ways.on, reached, index.slots_of(list(one.avoids)))
    return {one.participation_id: _choices(index, one, FIRST_CHOICES, ways) for one in visitors}


def _choices(index: Index, one: Candidate, most: int, ways: _Ways) -> Choices:
    found = index.ranked.best(one, VISITOR, most=most, without=index.slots_of(list(one.avoids)), **ways._asdict())
    edges = [Edge(one.participation_id, index.slots.id_at(slot), score) for slot, score, *_ in found.rows.tolist()]
    return Choices(edges, found.possible <= most)


def _note_firsts(index: Index, visitors: Sequence[Candidate], hosts: Sequence[UUID], ways: _Ways, of_hosts: dict[UUID, Edge]) -> None:
    slots = index.slots_of(list(hosts))
    for one in visitors:
        scores: Any = index.ranked.scores(one, VISITOR, slots=slots, **ways._asdict())
        for host, score in zip(hosts, scores.tolist(), strict=True):
            first = of_hosts.get(host)
            if score >= 0 and host not in one.avoids and (first is None or (-score, one.participation_id) < (-first.score, first.visitor)):
                of_hosts[host] = Edge(one.participation_id, host, score)
