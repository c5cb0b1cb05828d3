"""The matching of a round: all visitors to hosts with places so that the scores add up to the most that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from ortools.graph.python import min_cost_flow


class Edge(NamedTuple):
    """A pair that is possible, and its score."""

    visitor: UUID
    host: UUID
    score: int


class Choices(NamedTuple):
    """A visitor's best hosts, the best first; `are_all`: no other is possible."""

    edges: list[Edge]
    are_all: bool


class Proposal(NamedTuple):
    """The pairs that a round proposes, what each side's first choice would be, and how many hosts are possible at all."""

    chosen: list[Edge]
    of_visitors: Mapping[UUID, Edge]
    of_hosts: Mapping[UUID, Edge]
    hosts: int


def short_of_choices(best: Mapping[UUID, Choices], chosen: Iterable[Edge], places: Mapping[UUID, int]) -> list[UUID]:
    """The visitors whose further hosts might still raise the total of the pairs chosen; none: the total is the highest of all possible.

    Whoever has a host with a place left among its best gains nothing by any host behind them, whoever else moves: that one is to be
    had for nothing. So only those whose best are all taken, and are not all there are, need more.
    """
    taken: dict[UUID, int] = {}
    for each in chosen:
        taken[each.host] = taken.get(each.host, 0) + 1
    free = {host for host, count in places.items() if taken.get(host, 0) < count}
    return [one for one, choices in best.items() if not choices.are_all and not any(each.host in free for each in choices.edges)]


def assign(edges: Iterable[Edge], places: Mapping[UUID, int]) -> list[Edge]:
    """The pairs that add up to the highest total: each visitor once, each host as often as it has places. In the order of visitors.

    A flow from visitors over possible pairs to hosts, the cost being what a score lacks; who is left over flows past all hosts at
    no gain. The same edges and places give the same pairs everywhere, as they are sorted first.
    """
    known = sorted(each for each in edges if places.get(each.host, 0) > 0)
    if not known:
        return []
    visitors = _numbered(each.visitor for each in known)
    hosts = _numbered(each.host for each in known)
    flow = min_cost_flow.SimpleMinCostFlow()
    sink = len(visitors) + len(hosts)
    arcs = [flow.add_arc_with_capacity_and_unit_cost(visitors[e.visitor], len(visitors) + hosts[e.host], 1, -e.score) for e in known]
    for host, number in hosts.items():
        flow.add_arc_with_capacity_and_unit_cost(len(visitors) + number, sink, places[host], 0)
    for number in visitors.values():
        flow.add_arc_with_capacity_and_unit_cost(number, sink, 1, 0)
        flow.set_node_supply(number, 1)
    flow.set_node_supply(sink, -len(visitors))
    if (status := flow.solve()) != flow.OPTIMAL:
        raise RuntimeError(f"The round has no solution ({status}).")
    return [edge for edge, arc in zip(known, arcs, strict=True) if flow.flow(arc)]


def firsts(edges: Iterable[Edge]) -> tuple[dict[UUID, Edge], dict[UUID, Edge]]:
    """The first choice of each visitor and of each host: the highest score, ties by the other's id."""
    of_visitors: dict[UUID, Edge] = {}
    of_hosts: dict[UUID, Edge] = {}
    for edge in sorted(edges, key=lambda each: (-each.score, each.visitor, each.host)):
        of_visitors.setdefault(edge.visitor, edge)
        of_hosts.setdefault(edge.host, edge)
    return of_visitors, of_hosts


def _numbered(ids: Iterable[UUID]) -> dict[UUID, int]:
    return {each: number for number, each in enumerate(sorted(set(ids)))}
