"""The assignment of a round against trying everything."""

from __future__ import annotations

import itertools
import random
from uuid import UUID, uuid5

from services.matching.ranking.assignment import Edge, assign, firsts

SPACE = UUID("5b0e2a52-62a4-4a53-9d4c-6f2f5f0a7e01")


def an_id(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(SPACE, name)


def edge(visitor: str, host: str, score: int) -> Edge:
    """A pair by the names of its two."""
    return Edge(an_id(visitor), an_id(host), score)


def best_total(edges: list[Edge], places: dict[UUID, int]) -> int:
    """By trying every choice of every visitor."""
    choices = [[None, *(e for e in edges if e.visitor == one)] for one in sorted({e.visitor for e in edges})]
    totals = []
    for chosen in itertools.product(*choices):
        taken = [each for each in chosen if each]
        hosts = [each.host for each in taken]
        if all(hosts.count(host) <= places.get(host, 0) for host in set(hosts)):
            totals.append(sum(each.score for each in taken))
    return max(totals, default=0)


def test_total_is_the_highest_that_there_is() -> None:
    """Forty random rounds small enough to try all of it."""
    chance = random.Random(7)
    for _ in range(40):
        hosts = [f"h{n}" for n in range(chance.randint(1, 4))]
        places = {an_id(host): chance.randint(0, 2) for host in hosts}
        edges = [
            edge(f"v{v}", host, chance.randint(0, 1000)) for v in range(chance.randint(1, 5)) for host in hosts if chance.random() < 0.7
        ]
        chosen = assign(edges, places)
        assert sum(each.score for each in chosen) == best_total(edges, places)
        assert set(chosen) <= set(edges)
        assert len({each.visitor for each in chosen}) == len(chosen)
        for host, count in places.items():
            assert sum(each.host == host for each in chosen) <= count


def test_who_gives_up_a_little_lets_another_have_much() -> None:
    """Each first choice alone would give 900 and 100; together 1690 is possible."""
    edges = [edge("a", "x", 900), edge("a", "y", 890), edge("b", "x", 800), edge("b", "y", 100)]
    chosen = assign(edges, {an_id("x"): 1, an_id("y"): 1})
    assert sorted(chosen) == sorted([edges[1], edges[2]])


def test_order_of_what_is_possible_changes_nothing() -> None:
    """Equal scores everywhere: still the same pairs."""
    edges = [edge(v, h, 500) for v in "abc" for h in "xyz"]
    places = {an_id(h): 1 for h in "xyz"}
    first = assign(edges, places)
    for seed in range(5):
        shuffled = edges[:]
        random.Random(seed).shuffle(shuffled)
        assert assign(shuffled, places) == first


def test_nobody_is_assigned_where_nothing_is_possible() -> None:
    """No pairs, or no places."""
    assert assign([], {}) == []
    assert assign([edge("a", "x", 900)], {an_id("x"): 0}) == []


def test_first_choices_are_the_highest_scores_of_each_side() -> None:
    """Whoever else wants the same."""
    edges = [edge("a", "x", 900), edge("b", "x", 800), edge("b", "y", 100)]
    of_visitors, of_hosts = firsts(edges)
    assert {each.score for each in of_visitors.values()} == {900, 800}
    assert (of_hosts[an_id("x")].visitor, of_hosts[an_id("y")].score) == (an_id("a"), 100)


def test_thousand_visitors_are_assigned_in_no_time() -> None:
    """With a hundred choices each; every place that somebody wants is taken."""
    chance = random.Random(1)
    hosts = [f"h{n}" for n in range(400)]
    edges = [edge(f"v{v}", host, chance.randint(300, 900)) for v in range(1000) for host in chance.sample(hosts, 100)]
    chosen = assign(edges, {an_id(host): 2 for host in hosts})
    assert len(chosen) == 800
