"""A round reckoned from each visitor's best hosts is what it would be from all pairs, reckoned by the plain ranking."""

from __future__ import annotations

import random
from dataclasses import replace
from uuid import UUID, uuid5

import numpy as np
import pytest

from services.matching.queries import choices
from services.matching.ranking.assignment import Choices, Edge, assign, firsts, short_of_choices
from services.matching.ranking.order import FUSIONS
from services.matching.ranking.scores import WEIGHTS
from tests.matching.profiles import TODAY
from tests.matching.reference import Draw, filled, ranked

SPACE = UUID("5b0e2a52-62a4-4a53-9d4c-6f2f5f0a7e01")


def among_best(all_choices: dict[UUID, list[Edge]], places: dict[UUID, int], first: int) -> tuple[list[Edge], int]:
    """The pairs found by looking at more of each visitor's hosts as needed, and at how many edges that was."""
    most = dict.fromkeys(all_choices, first)
    while True:
        best = {one: Choices(edges[: most[one]], len(edges) <= most[one]) for one, edges in all_choices.items()}
        looked = [each for choices in best.values() for each in choices.edges]
        chosen = assign(looked, places)
        short = short_of_choices(best, chosen, places)
        if not short:
            return chosen, len(looked)
        most |= {one: 2 * most[one] for one in short}


@pytest.mark.parametrize("seed", range(60))
def test_some_of_the_best_hosts_give_the_total_of_all(seed: int) -> None:
    """However few hosts there are, however alike the visitors' tastes, however few of them are looked at first."""
    chance = random.Random(seed)
    hosts = [uuid5(SPACE, f"h{number}") for number in range(chance.randint(1, 25))]
    fame, fashion = {host: chance.randint(0, 1000) for host in hosts}, chance.random()
    places = {host: chance.choice((0, 1, 1, 2)) for host in hosts}
    all_choices: dict[UUID, list[Edge]] = {}
    for number in range(chance.randint(1, 25)):
        one = uuid5(SPACE, f"v{number}")
        known = [host for host in hosts if chance.random() < 0.8]
        edges = [Edge(one, host, int(fashion * fame[host] + (1 - fashion) * chance.randint(0, 1000))) for host in known]
        all_choices[one] = sorted(edges, key=lambda each: (-each.score, each.host))
    of_all = assign([each for edges in all_choices.values() for each in edges], places)
    found, looked = among_best(all_choices, places, chance.randint(1, 4))
    assert sum(each.score for each in found) == sum(each.score for each in of_all)
    assert looked <= sum(map(len, all_choices.values()))


def test_who_has_a_host_to_be_had_among_its_best_needs_no_more() -> None:
    """Only whose best are all taken, and not all there are, does."""
    a, b, x, y = (uuid5(SPACE, name) for name in "abxy")
    best = {a: Choices([Edge(a, x, 9)], False), b: Choices([Edge(b, x, 8), Edge(b, y, 7)], False)}
    chosen = [Edge(a, x, 9), Edge(b, y, 7)]
    assert short_of_choices(best, chosen, {x: 1, y: 1}) == [a, b]
    assert short_of_choices(best, chosen, {x: 1, y: 2}) == [a]
    assert short_of_choices(best, chosen, {x: 2, y: 1}) == []
    assert short_of_choices({a: Choices([Edge(a, x, 9)], True)}, [], {x: 0}) == []


@pytest.mark.slow
@pytest.mark.parametrize("fusion", FUSIONS)
@pytest.mark.parametrize("seed", range(2))
def test_choices_scores_and_who_is_possible_are_those_of_the_plain_ranking(seed: int, fusion: str) -> None:
    """Each visitor's best hosts, its score with any host, how many hosts are possible for anybody, and each host's best visitor."""
    draw = Draw(seed)
    candidates = [each.candidate for each in draw.entries(250)]
    index = filled(Draw(seed).entries(250))
    ids = [each.participation_id for each in candidates]
    visitors = [replace(each, avoids=frozenset(draw.random.sample(ids, 5))) for each in candidates if "visitor" in each.roles][:40]
    ways = choices._Ways(TODAY, WEIGHTS, fusion)
    expected = {each.participation_id: ranked(each, "visitor", candidates, fusion=fusion) for each in visitors}
    edges = [Edge(one, host, score) for one, rows in expected.items() for host, score, *_ in rows]
    assert edges

    reached = np.zeros(index.slots.end, np.bool_)
    best = choices._best_of(index, visitors, ways, reached)
    assert {index.slots.id_at(slot) for slot in np.flatnonzero(reached).tolist()} == {each.host for each in edges}
    for one, found in best.items():
        mine = [each for each in edges if each.visitor == one]
        assert (found.edges, found.are_all) == (mine[: choices.FIRST_CHOICES], len(mine) <= choices.FIRST_CHOICES)
    of_hosts: dict[UUID, Edge] = {}
    choices._note_firsts(index, visitors, ids, ways, of_hosts)
    assert of_hosts == firsts(edges)[1]
    for one in visitors:
        scores = index.ranked.scores(one, "visitor", slots=index.slots_of(ids), **ways._asdict()).tolist()
        known = {each: score for each, score in zip(ids, scores, strict=True) if score >= 0 and each not in one.avoids}
        assert known == {host: score for host, score, *_ in expected[one.participation_id]}
