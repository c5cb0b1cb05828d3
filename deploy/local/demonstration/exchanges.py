"""Exchanges in every state: each is a story with its outcome, told in chapters between which the clock moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from deploy.local.demonstration.contacts import ask
from deploy.local.demonstration.pairs import Pair
from deploy.local.demonstration.progress import Part, Result
from deploy.local.demonstration.world import World
from deploy.local.exchange.dates import Dates
from deploy.local.people.acts import agreeing, matching, staying
from deploy.local.people.acts.agreeing import COMMITMENT, FINANCIAL
from deploy.local.people.acts.paying import give_bank_details
from deploy.local.people.person import Person

OVER = {
    "ended": 2, "report_submitted": 2, "report_returned": 1, "awaiting": 1, "payable": 2, "proposed": 1, "ordered": 1, "exported": 1,
    "paid": 5, "failed": 1, "nothing_due": 1, "overpaid": 1, "recovered": 1, "shortened": 1, "terminated": 1,
    "no_show": 1,
}  # fmt: skip
"""Outcomes of those whose stay was in the first week."""
RUNNING = {"running": 3}
"""Those whose visitor is there when the load ends."""
AHEAD = {
    "planning": 3, "submitted": 2, "changes_requested": 2, "validated": 2, "signing": 2, "signed": 1, "ready": 2, "cancelled": 2,
    "amended": 1,
}  # fmt: skip
"""Those whose stay lies ahead, or was called off."""

PLANNING = ("planning", "submitted", "changes_requested", "validated", "signing", "signed", "ready")
BASE_REQUESTS = {"planning.0": "", "paid.0": "granted", "paid.1": "declined", "paid.2": "withdrawn"}
"""Stories in which the visitor asks that the paying officer decide the base, and what became of it."""


@dataclass(frozen=True)
class Story:
    """One exchange to be: who with whom, how it turns out, in which week the stay lies."""

    name: str
    pair: Pair
    outcome: str
    week: Dates

    @property
    def part(self) -> str:
        """What its first chapter is called."""
        return f"exchange/{self.name}"


def stories(world: World, pairs: Iterator[Pair], outcomes: dict[str, int], week: Dates) -> list[Story]:
    """So many exchanges for each outcome, each between the next two who can have one."""
    return [Story(f"{outcome}.{number}", next(pairs), outcome, week) for outcome, count in outcomes.items() for number in range(count)]


def beginnings(world: World, told: list[Story]) -> Iterator[Part]:
    """From the contact to where the story stands before the stay."""
    for story in told:
        yield story.part, lambda story=story: _begin(world, story)  # type: ignore[misc]


def arrivals(world: World, told: list[Story]) -> Iterator[Part]:
    """The visitors arrive, but for one."""
    for story in begun(world, told):
        if story.outcome != "no_show":
            yield f"arrival/{story.name}", lambda story=story: _arrive(world, story)  # type: ignore[misc]


def early_departures(world: World, told: list[Story]) -> Iterator[Part]:
    """One visitor leaves a day before the last."""
    for story in begun(world, told):
        if story.outcome == "shortened":
            yield f"departure/{story.name}", lambda story=story: _leave_early(world, story)  # type: ignore[misc]


def departures(world: World, told: list[Story]) -> Iterator[Part]:
    """The others leave; one was broken off, one never came."""
    for story in begun(world, told):
        if story.outcome != "shortened":
            yield f"departure/{story.name}", lambda story=story: _leave(world, story)  # type: ignore[misc]


def begun(world: World, told: list[Story]) -> list[Story]:
    """Those whose first chapter is told: without it there are no others."""
    return [story for story in told if world.progress.of(story.part) is not None]


def link_of(world: World, story: Story) -> str:
    """The exchange's link."""
    return str((world.progress.of(story.part) or {})["link"])


def _begin(world: World, story: Story) -> Result:
    visitor, host = world.representative(story.pair.visitor), world.representative(story.pair.host)
    contact = ask(world, story.pair)
    exchange = matching.agree(visitor, host, contact)
    agreeing.wait_for_state(visitor, exchange, *PLANNING)
    _request_base(world, story, exchange)
    _plan(world, story, exchange)
    return {"link": exchange, "visitor": story.pair.visitor.name, "host": story.pair.host.name}


def _request_base(world: World, story: Story, exchange: str) -> None:
    decision = BASE_REQUESTS.get(story.name)
    if decision is None:
        return
    visitor, officer = world.representative(story.pair.visitor), world.paying_officer(story.pair.visitor)
    _patiently(visitor, f"{exchange}/base-request")
    if decision == "withdrawn":
        visitor.post(f"{exchange}/base-request/withdrawal")
    elif decision:
        officer.post(f"{exchange}/base-request/decision", granted=decision == "granted")


def _patiently(person: Person, path: str) -> None:
    """Payments hears of the exchange a moment after agreements."""
    base = path.rpartition("/")[0]
    person.follow(f"{base}/payment")
    person.post(path)


def _plan(world: World, story: Story, exchange: str) -> None:
    """Write, submit, validate and sign, as far as the story goes before the stay."""
    stops = {"planning": 0, "cancelled": 0, "submitted": 1, "changes_requested": 1, "validated": 2, "signing": 3, "signed": 4}
    stop = stops.get(story.outcome, 5)
    visitor, host = world.representative(story.pair.visitor), world.representative(story.pair.host)
    profile, week = story.pair.visitor.profile, story.week
    traveller = (f"{profile.first_name} {profile.last_name}", "International officer")
    # What names the version it read is not repeated: a part done once more finds it done, and another version.
    if "edit_commitment" in visitor.follow(f"{exchange}/commitment").body["moves"]:
        agreeing.write_plan(visitor, exchange, agreeing.plan(week.monday, week.friday, traveller, []))
    if story.outcome == "cancelled":
        host.post(f"{exchange}/cancellation", reason="host_unavailable", explanation="Our building is under repair.")
    chapters = (_submit, _validate, _sign_some, _sign_rest, _sign_financial)
    for chapter in chapters[:stop]:
        chapter(world, story, exchange)
    if story.outcome == "amended":
        visitor.post(f"{exchange}/commitment/amendments", reason="no_time", explanation="We would come a week later.")


def _desks(world: World, story: Story) -> list[Person]:
    """The contact points of both partnerships; one, where both sides have the same."""
    both = {each.acronym: world.desk(each) for each in (story.pair.visitor, story.pair.host)}
    return list(both.values())


def _submit(world: World, story: Story, exchange: str) -> None:
    visitor = world.representative(story.pair.visitor)
    if "submit_commitment" in visitor.get(exchange).body["moves"]:
        agreeing.submit_plan(visitor, exchange)
    if story.outcome == "changes_requested":
        agreeing.send_back(_desks(world, story)[0], exchange, "Please say which members of the host take part.")


def _validate(world: World, story: Story, exchange: str) -> None:
    for desk in _desks(world, story):
        agreeing.validate(desk, exchange)


def _sign_some(world: World, story: Story, exchange: str) -> None:
    agreeing.sign(world.representative(story.pair.visitor), exchange, COMMITMENT)


def _sign_rest(world: World, story: Story, exchange: str) -> None:
    for person in (world.representative(story.pair.host), *_desks(world, story)):
        agreeing.sign(person, exchange, COMMITMENT)


def _sign_financial(world: World, story: Story, exchange: str) -> None:
    visitor = world.representative(story.pair.visitor)
    for person in (visitor, world.desk(story.pair.visitor)):
        agreeing.sign(person, exchange, FINANCIAL)
    give_bank_details(visitor, exchange, story.pair.visitor.profile)


def _arrive(world: World, story: Story) -> None:
    staying.confirm_arrival(world.representative(story.pair.host), link_of(world, story))


def _leave_early(world: World, story: Story) -> None:
    why = {"reason": "illness", "explanation": "The traveller fell ill and went home a day early."}
    day_before = (story.week.friday - timedelta(days=1)).isoformat()
    staying.confirm_departure(world.representative(story.pair.visitor), link_of(world, story), on=day_before, **why)


def _leave(world: World, story: Story) -> None:
    exchange, host = link_of(world, story), world.representative(story.pair.host)
    if story.outcome == "no_show":
        host.post(f"{exchange}/no-show", reason="visitor_unavailable", explanation="The visitor missed the flight and gave up.")
    elif story.outcome == "terminated":
        world.desk(story.pair.host).post(f"{exchange}/termination", reason="not_as_agreed", explanation="The work turned into a placement.")
    else:
        staying.confirm_departure(world.representative(story.pair.visitor), exchange)
