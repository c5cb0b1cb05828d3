"""Who plays in a tour: a visitor and a host for each exchange, and the offices that take care of several."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Office, Offices, sign_in
from deploy.local.people.person import Person
from deploy.local.people.profiles import Profile, words

VISITING = ["cluster_organisation", "sme", "technology_centre", "business_network", "innovation_hub", "research_institute"]
HOSTING = ["cluster_organisation", "technology_centre", "fab_lab", "research_institute", "large_company", "business_network"]


@dataclass
class Representative:
    """Somebody who represents a new organisation; knows the partnership by its name, and the partner not at all."""

    person: Person
    profile: Profile
    acronym: str


@dataclass
class Exchange:
    """One exchange to be played; `mark` stands in both organisations' names, so that the play can be followed from outside."""

    mark: str
    visitor: Representative
    host: Representative
    failure: str | None = None


@dataclass
class Group:
    """The two partnerships that take care of some of the exchanges, the visitors' and the hosts', from a moment on (`since`)."""

    visitor_desk: Person
    host_desk: Person
    paying_officer: Person
    support_officer: Person
    since: str
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def going_on(self) -> list[Exchange]:
        """The exchanges that nothing has stopped."""
        return [each for each in self.exchanges if each.failure is None]


def cast(entrance: Entrance, offices: Offices, number: int) -> list[Group]:
    """People for so many exchanges, in as many groups as there are pairs of partnerships to take care of them."""
    run, pairs = uuid4().hex[:6].upper(), list(zip(offices.partnerships[0::2], offices.partnerships[1::2], strict=False))
    since = entrance.now()[:19]
    groups = [_group(entrance, offices, pair, at, since) for at, pair in enumerate(pairs[:number])]
    for at in range(number):
        visitors, hosts = pairs[at % len(groups)]
        groups[at % len(groups)].exchanges.append(_exchange(entrance, f"{run}-{at + 1}", at, visitors, hosts))
    return groups


def _group(entrance: Entrance, offices: Offices, pair: tuple[Office, Office], at: int, since: str) -> Group:
    visitors, hosts = pair
    people = (visitors.desk, hosts.desk, visitors.paying_officers[0], offices.support[at % len(offices.support)])
    desk, host_desk, paying, support = (each.person(entrance) for each in people)
    desk.acts_as, host_desk.acts_as = "visitor's contact point", "host's contact point"
    paying.acts_as, support.acts_as = "paying officer", "support officer"
    return Group(desk, host_desk, paying, support, since)


def _exchange(entrance: Entrance, mark: str, at: int, visitors: Office, hosts: Office) -> Exchange:
    countries, ecosystems = sorted(words("countries")), sorted(words("ecosystems"))
    # The two care about one subject that nobody else has: this is what brings them together in the ranked list.
    subject = f"{words('ecosystems')[ecosystems[at % 14]]['topics'][at % 4]} {mark}"
    there, here = countries[(at * 7 + 26) % len(countries)], countries[(at * 7 + 5) % len(countries)]
    ecosystem = ecosystems[at % len(ecosystems)]
    visitor = Profile(at, here, VISITING[at % len(VISITING)], ecosystem, ("visitor",), mark, subject)
    host = Profile(at + 1, there, HOSTING[at % len(HOSTING)], ecosystem, ("host",), mark, subject, capacity=1)
    return Exchange(
        mark, _representative(entrance, visitor, "visitor", visitors.acronym), _representative(entrance, host, "host", hosts.acronym)
    )


def _representative(entrance: Entrance, profile: Profile, side: str, acronym: str) -> Representative:
    known = sign_in(f"{side}.{profile.mark.lower()}", side, profile.country, profile.number)
    return Representative(known.person(entrance), profile, acronym)
