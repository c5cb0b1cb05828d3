"""Contacts in every state, and conversations in some of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deploy.local.demonstration.pairs import Pair
from deploy.local.demonstration.progress import Part, Result
from deploy.local.demonstration.world import World
from deploy.local.people.acts import matching
from deploy.local.people.entrance import wait_for
from deploy.local.people.person import Person

REASONS = (
    "We read about your work with members' laboratories and would like to see one from the inside.",
    "Our members ask us about your topic again and again, and you seem to have answers.",
    "We plan a project next year and look for a partner who has done something like it.",
)
LATE = {
    "pending": 6,
    "accepted": 4,
    "declined": 4,
    "withdrawn": 2,
    "proposed": 3,
    "brought_in": 2,
    "closed": 2,
    "refused": 1,
    "taken_back": 1,
    "answered_elsewhere": 2,
    "complained_of": 1,
}
EARLY = {"unanswered": 2}
"""Asked at the beginning and never answered: they expire."""

Way = Callable[[Person, Person, str], None]


def contacts(world: World, pairs: list[Pair], states: dict[str, int]) -> Iterator[Part]:
    """So many contacts on their way to each state, each between the next two who can have one."""
    dealt = iter(pairs)
    for state, count in states.items():
        for number in range(count):
            pair = next(dealt)
            yield f"contact/{state}.{number}", lambda pair=pair, state=state: _contact(world, pair, state)  # type: ignore[misc]


def expired(world: World) -> Iterator[Part]:
    """Those never answered have expired."""
    for number in range(EARLY["unanswered"]):
        yield f"expired/{number}", lambda number=number: _await_expiry(world, number)  # type: ignore[misc]


def ask(world: World, pair: Pair, way: str = "/v1/contacts") -> str:
    """The visitor asks the host for a contact; returns its link."""
    visitor = world.representative(pair.visitor)
    reason = REASONS[pair.visitor.profile.number % len(REASONS)]
    return matching.ask(visitor, world.participation(pair.visitor), world.participation(pair.host), "visitor", reason, way)


def _contact(world: World, pair: Pair, state: str) -> Result:
    visitor, host = world.representative(pair.visitor), world.representative(pair.host)
    link = ask(world, pair, "/v1/prior-agreements" if state == "brought_in" else "/v1/contacts")
    WAYS.get(state, _leave)(visitor, host, link)
    return {"link": link, "visitor": pair.visitor.name}


def _leave(visitor: Person, host: Person, link: str) -> None:
    """It waits for an answer."""


def _accept(visitor: Person, host: Person, link: str) -> None:
    contact = host.post(f"{link}/acceptance").body
    matching.write(host, contact, "Thank you for your interest. We would be glad to hear more about your members.")
    matching.write(visitor, contact, "Gladly: about forty, most of them small firms. Two of us could come for a week.")


def _decline(visitor: Person, host: Person, link: str) -> None:
    reason = ("no_time", "cannot_help", "out_of_date", "other")[int(link[-1], 16) % 4]
    host.post(f"{link}/decline", reason=reason, text="We wish you a good search.")


def _answer_elsewhere(visitor: Person, host: Person, link: str) -> None:
    host.post(f"{link}/other-answer", way="telephone")


def _complain(visitor: Person, host: Person, link: str) -> None:
    contact = host.post(f"{link}/acceptance").body
    message = host.post(
        f"/v1/conversations/{contact['conversation_id']}/messages", text="Buy our software, it plans your visits for you!"
    ).body
    why = "This is the third advertisement that we got of them."
    visitor.post("/v1/complaints", kind="message", subject_id=message["message_id"], reason="advertising", text=why)


def _withdraw(visitor: Person, host: Person, link: str) -> None:
    visitor.post(f"{link}/withdrawal")


def _close(visitor: Person, host: Person, link: str) -> None:
    host.post(f"{link}/acceptance")
    visitor.post(f"{link}/closure")


def _propose(visitor: Person, host: Person, link: str) -> None:
    _accept(visitor, host, link)
    visitor.post(f"{link}/proposal")


def _refuse(visitor: Person, host: Person, link: str) -> None:
    _propose(visitor, host, link)
    host.post(f"{link}/proposal/refusal")


def _take_back(visitor: Person, host: Person, link: str) -> None:
    _propose(visitor, host, link)
    visitor.post(f"{link}/proposal/withdrawal")


def _await_expiry(world: World, number: int) -> None:
    asked = world.progress.of(f"contact/unanswered.{number}") or {}
    visitor = next(each for each in world.organisations if each.name == asked["visitor"])
    person = world.representative(visitor)
    wait_for(lambda: person.get(asked["link"]).body["state"] == "expired" or None, "the contact to expire")


WAYS: dict[str, Way] = {
    "accepted": _accept, "declined": _decline, "withdrawn": _withdraw, "closed": _close, "proposed": _propose, "refused": _refuse,
    "taken_back": _take_back,
    "answered_elsewhere": _answer_elsewhere,
    "complained_of": _complain,
}  # fmt: skip
