"""The stage: an act is played by everybody in it at once, as many as there are places; the clock moves between acts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from deploy.local.exchange.cast import Exchange, Group, Representative
from deploy.local.people.entrance import Entrance, Refused, TookTooLong, wait_for
from deploy.local.people.person import Person

SETBACKS = (Refused, TookTooLong, httpx.HTTPError, AssertionError, LookupError, ValueError)
"""What stops one exchange and leaves the others going on."""


@dataclass(frozen=True)
class Task:
    """Something to do: what it is known by, the link to it, what is seen of it before it is opened, how it is put away."""

    key: str
    link: str
    text: str | None
    put_away: Callable[[], None]


Tasks = Callable[[Person], Iterable[Task]]

Part = Callable[[], list[tuple[Exchange, str]]]
"""What one person does in an act; returns the exchanges that it stopped, each with why."""


@dataclass(frozen=True)
class Act:
    """One step of the play: its name, and the parts that people play in it at the same time."""

    name: str
    parts: Callable[[list[Group]], list[Part]]


def by_visitors(name: str, play: Callable[[Representative], Any]) -> Act:
    """An act of each exchange's visitor."""
    return _by_side(name, play, lambda exchange: [exchange.visitor])


def by_hosts(name: str, play: Callable[[Representative], Any]) -> Act:
    """An act of each exchange's host."""
    return _by_side(name, play, lambda exchange: [exchange.host])


def by_both(name: str, play: Callable[[Representative], Any]) -> Act:
    """An act of visitors and hosts alike."""
    return _by_side(name, play, lambda exchange: [exchange.visitor, exchange.host])


def by_office(name: str, who: Callable[[Group], Iterable[Person]], kind: str, play: Callable[[Person, str], Any]) -> Act:
    """An act of office people: each works through the own notices of one kind, until every exchange of the group was met."""
    return _by_office(name, who, lambda group: lambda person: _notices(person, kind, group.since), play)


def by_office_list(
    name: str, who: Callable[[Group], Iterable[Person]], path: str, move: str, play: Callable[[Person, str], Any], **query: Any
) -> Act:
    """An act of office people: each works through a list of exchanges or payments, taking those where that move is open."""
    return _by_office(name, who, lambda group: lambda person: _listed(person, path, move, query), play)


def by_office_at_once(name: str, who: Callable[[Group], Person], play: Callable[[Person, list[str]], Any]) -> Act:
    """An act that one person of a group does for all its exchanges together; `play` gets the marks to look for."""

    def parts(groups: list[Group]) -> list[Part]:
        return [_one_part(name, who(group), group.going_on, play) for group in groups if group.going_on]

    return Act(name, parts)


class Stage:
    """Plays acts for all exchanges with `places` people at work at a time; `tell` hears how each act went."""

    def __init__(self, entrance: Entrance, groups: list[Group], places: int, tell: Callable[[str, float], None]) -> None:
        self.entrance, self.groups, self._places, self._tell = entrance, groups, places, tell

    @property
    def exchanges(self) -> list[Exchange]:
        """All of them."""
        return [exchange for group in self.groups for exchange in group.exchanges]

    def play(self, act: Act) -> None:
        """Play one act to its end, which is when the last one has finished."""
        began = time.monotonic()
        with ThreadPoolExecutor(self._places) as pool:
            for stopped in pool.map(lambda part: part(), act.parts(self.groups)):
                for exchange, why in stopped:
                    exchange.failure = exchange.failure or f"{act.name}: {why}"
        self._tell(act.name, time.monotonic() - began)


def _by_side(name: str, play: Callable[[Representative], Any], of: Callable[[Exchange], list[Representative]]) -> Act:
    def parts(groups: list[Group]) -> list[Part]:
        going_on = [exchange for group in groups for exchange in group.going_on]
        return [_side_part(name, exchange, each, play) for exchange in going_on for each in of(exchange)]

    return Act(name, parts)


def _side_part(name: str, exchange: Exchange, representative: Representative, play: Callable[[Representative], Any]) -> Part:
    def part() -> list[tuple[Exchange, str]]:
        with representative.person.doing(name):
            try:
                play(representative)
            except SETBACKS as setback:
                return [(exchange, str(setback))]
        return []

    return part


def _one_part(name: str, person: Person, exchanges: list[Exchange], play: Callable[[Person, list[str]], Any]) -> Part:
    def part() -> list[tuple[Exchange, str]]:
        with person.doing(name):
            try:
                play(person, [exchange.mark for exchange in exchanges])
            except SETBACKS as setback:
                return [(exchange, str(setback)) for exchange in exchanges]
        return []

    return part


def _by_office(
    name: str, who: Callable[[Group], Iterable[Person]], tasks: Callable[[Group], Tasks], play: Callable[[Person, str], Any]
) -> Act:
    def parts(groups: list[Group]) -> list[Part]:
        return [_office_part(name, person, group, tasks(group), play) for group in groups for person in who(group) if group.going_on]

    return Act(name, parts)


def _office_part(name: str, person: Person, group: Group, tasks: Tasks, play: Callable[[Person, str], Any]) -> Part:
    def part() -> list[tuple[Exchange, str]]:
        with person.doing(name):
            return _work_through(person, group.going_on, tasks, play)

    return part


def _work_through(
    person: Person, exchanges: list[Exchange], tasks: Tasks, play: Callable[[Person, str], Any]
) -> list[tuple[Exchange, str]]:
    """Take one task after the other until all exchanges were met; tasks about anything else are left alone."""
    missing, stopped, seen = list(exchanges), list[tuple[Exchange, str]](), set[str]()
    while missing:
        try:
            link, exchange = wait_for(lambda: _next(person, tasks, exchanges, missing, seen), f"a task of {person.acts_as}")
            missing.remove(exchange)
            play(person, link)
        except TookTooLong as setback:
            return [*stopped, *((each, str(setback)) for each in missing)]
        except SETBACKS as setback:
            stopped.append((exchange, str(setback)))
    return stopped


def _next(person: Person, tasks: Tasks, ours: list[Exchange], missing: list[Exchange], seen: set[str]) -> tuple[str, Exchange] | None:
    for task in tasks(person):
        if task.key in seen or (text := task.text or _read(person, task.link)) is None:
            continue
        seen.add(task.key)
        # Which exchange it is, only the play needs to know, not the person: both organisations' names end with its mark.
        exchange = next((each for each in ours if f'{each.mark}"' in text), None)
        if exchange is not None:
            task.put_away()
        if exchange in missing:
            return task.link, exchange
    return None


def _read(person: Person, link: str) -> str | None:
    """What a link leads to; None as long as it leads nowhere, because it is on its way, or was taken back."""
    try:
        return person.get(link).content.decode()
    except Refused as refused:
        if refused.status == 404:
            return None
        raise


def _notices(person: Person, kind: str, since: str) -> Iterator[Task]:
    for notice in person.notices(kind):
        # What came before this tour is not of this tour.
        if notice["at"] >= since:
            yield Task(notice["notice_id"], notice["link"], None, partial(person.put_away, notice))


def _listed(person: Person, path: str, move: str, query: dict[str, Any]) -> Iterator[Task]:
    key = "payment_id" if path.endswith("payments") else "exchange_id"
    for each in list(person.all(path, **query)):
        if move in each["moves"]:
            yield Task(each[key], f"{path}/{each[key]}", json.dumps(each, ensure_ascii=False), lambda: None)
