"""The load from the first day to the last, era by era; between them the clock moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from deploy.local.demonstration import contacts, exchanges, money, registrations
from deploy.local.demonstration.desks import around_the_lists
from deploy.local.demonstration.exchanges import AHEAD, OVER, RUNNING, Story
from deploy.local.demonstration.office_life import office_life
from deploy.local.demonstration.pairs import Pair, pairs
from deploy.local.demonstration.progress import Part
from deploy.local.demonstration.world import World
from deploy.local.exchange.dates import Dates

Era = tuple[str, Callable[[], Iterable[Part]]]


class Plot:
    """All stories of a load, each with its pair."""

    def __init__(self, world: World) -> None:
        dealt: Iterator[Pair] = pairs(world.organisations)
        self.over = exchanges.stories(world, dealt, OVER, world.first_week)
        self.running = exchanges.stories(world, dealt, RUNNING, Dates(world.second_monday))
        self.ahead = exchanges.stories(world, dealt, AHEAD, world.future_week)
        self.others = list(dealt)

    @property
    def stories(self) -> list[Story]:
        """All exchanges."""
        return [*self.over, *self.running, *self.ahead]


def load(world: World, plot: Plot) -> None:
    """Do all that is not done yet; what fails is tried once more before the clock moves on and makes it impossible."""
    for name, parts in (*_first_day(world, plot), *_stays(world, plot), *_last_day(world, plot)):
        world.progress.say(name)
        before = list(world.progress.setbacks)
        world.progress.together(parts())
        if world.progress.setbacks != before:
            world.progress.setbacks[:] = before
            world.progress.together(parts())


def _first_day(world: World, plot: Plot) -> Iterator[Era]:
    yield "accounts", lambda: registrations.accounts(world)
    yield "registrations", lambda: registrations.registrations(world, late=False)
    yield "pauses and withdrawals", lambda: registrations.ends(world)
    yield "first contacts", lambda: contacts.contacts(world, plot.others, contacts.EARLY)
    yield "exchanges planned and signed", lambda: exchanges.beginnings(world, [*plot.over, *plot.running])
    yield "queries, questions, colleagues", lambda: office_life(world)


def _stays(world: World, plot: Plot) -> Iterator[Era]:
    yield "arrivals", lambda: _on(world, world.first_week.monday, exchanges.arrivals(world, plot.over))
    yield "early departures", lambda: _on(world, world.first_week.friday - timedelta(days=1), exchanges.early_departures(world, plot.over))
    yield "departures", lambda: _on(world, world.first_week.friday, exchanges.departures(world, plot.over))
    yield "closing reports", lambda: money.reports(world, plot.over)
    yield "payments ordered", lambda: money.orders(world, plot.over, (*money.LISTED, "proposed"))
    yield "payment lists", lambda: money.lists(world, plot.over)
    yield "payments made", lambda: _on(world, world.first_week.friday + timedelta(days=1), money.results(world, plot.over))
    yield "payments ordered last", lambda: money.orders(world, plot.over, ("ordered",))
    yield "continued interest", lambda: _on(world, world.interest_day, registrations.interest(world))
    yield "visitors who are there", lambda: _on(world, world.second_monday, exchanges.arrivals(world, plot.running))


def _last_day(world: World, plot: Plot) -> Iterator[Era]:
    later = plot.others[sum(contacts.EARLY.values()) :]
    yield "expired participations", lambda: _on(world, world.last_day, registrations.expiries(world))
    yield "expired contacts", lambda: contacts.expired(world)
    yield "exchanges ahead", lambda: exchanges.beginnings(world, plot.ahead)
    yield "contacts", lambda: contacts.contacts(world, later, contacts.LATE)
    yield "pauses, blocks, complaints, rounds", lambda: around_the_lists(world, plot.others[sum(contacts.EARLY.values()) :])
    yield "late registrations", lambda: registrations.registrations(world, late=True)
    yield "changed registrations", lambda: registrations.changes(world)


def _on(world: World, day: date, parts: Iterable[Part]) -> Iterable[Part]:
    """These parts, on that day."""
    world.go_to(day)
    return parts
