"""Visitors and hosts who can have an exchange with each other, dealt out in an order that depends on nothing but their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from deploy.local.demonstration.scheme import Organisation


@dataclass(frozen=True)
class Pair:
    """A visitor and a host in different countries."""

    visitor: Organisation
    host: Organisation


def pairs(organisations: list[Organisation]) -> Iterator[Pair]:
    """Each visitor once, with a host that has a place left: first of the same ecosystem, else any; sometimes of one partnership."""
    hosts = [each for each in organisations if each.takes_part and "host" in each.profile.roles and each.profile.cluster_member]
    taken: Counter[str] = Counter()
    for visitor in organisations:
        if visitor.takes_part and "visitor" in visitor.profile.roles:
            host = _host_for(visitor, hosts, taken)
            taken[host.name] += 1
            yield Pair(visitor, host)


def _host_for(visitor: Organisation, hosts: list[Organisation], taken: Counter[str]) -> Organisation:
    turned = hosts[visitor.profile.number % len(hosts) :] + hosts[: visitor.profile.number % len(hosts)]
    free = [
        each for each in turned
        if taken[each.name] < each.profile.capacity and each.profile.country != visitor.profile.country and each.name != visitor.name
    ]  # fmt: skip
    alike = [each for each in free if each.profile.ecosystem == visitor.profile.ecosystem]
    return (alike or free)[0]
