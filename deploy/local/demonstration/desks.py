"""What goes on around the lists: hosts that pause, organisations that block another, complaints and their ends, matching rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from deploy.local.demonstration.pairs import Pair
from deploy.local.demonstration.progress import Part
from deploy.local.demonstration.world import World
from deploy.local.people.entrance import wait_for
from deploy.local.people.person import Person

ROUNDS = {"BLUES": "replaced", "CELIS": "discarded", "EXTRATEX": "proposed"}
"""By partnership, what becomes of its first round."""
COMPLAINTS = ("upheld", "dismissed", "withdrawn")
MOST_ROUND_S = 120.0


def around_the_lists(world: World, asked: list[Pair]) -> Iterator[Part]:
    """All of it, by people of pairs of whom one has asked the other and hears nothing yet."""
    yield "hosting/paused", lambda: _pause(world, asked[0])
    yield "hosting/resumed", lambda: _pause(world, asked[1], again=True)
    yield "block/active", lambda: _block(world, asked[0], asked[1])
    yield "block/lifted", lambda: _block(world, asked[1], asked[0], lift=True)
    for number, end in enumerate(COMPLAINTS):
        yield f"complaint/{end}", lambda number=number, end=end: _complain(world, asked[number], number, end)  # type: ignore[misc]
    for acronym, fate in ROUNDS.items():
        yield f"round/{acronym}", lambda acronym=acronym, fate=fate: _round(world, acronym, fate)  # type: ignore[misc]


def _pause(world: World, pair: Pair, again: bool = False) -> None:
    host, hosting = world.representative(pair.host), f"/v1/participations/{world.participation(pair.host)}/hosting"
    host.post(f"{hosting}/pause", until=(world.last_day + timedelta(days=60)).isoformat())
    if again:
        host.post(f"{hosting}/resumption")


def _block(world: World, pair: Pair, other: Pair, lift: bool = False) -> None:
    visitor = world.representative(pair.visitor)
    mine, theirs = world.participation(pair.visitor), world.participation(other.host)
    block = visitor.post("/v1/blocks", participation_id=mine, partner_participation_id=theirs).body
    if lift:
        visitor.post(f"/v1/blocks/{block['block_id']}/lifting")


def _complain(world: World, pair: Pair, number: int, end: str) -> None:
    host, request = world.representative(pair.host), world.progress.of(f"contact/pending.{number}") or {}
    why = "They ask us to buy something; there is no word of an exchange."
    subject = request["link"].rpartition("/")[2]
    made = host.post("/v1/complaints", kind="contact", subject_id=subject, reason="advertising", text=why).body
    ENDS[end](world, host, f"/v1/complaints/{made['complaint_id']}")


def _uphold(world: World, _host: Person, complaint: str) -> None:
    decision = "We asked them to write what an exchange with them brings."
    world.support().decide(f"{complaint}/upholding", complaint, measure="warning", decision=decision)


def _dismiss(world: World, _host: Person, complaint: str) -> None:
    world.support().decide(f"{complaint}/dismissal", complaint, decision="They ask for a visit, and say why.")


def _withdraw(_world: World, host: Person, complaint: str) -> None:
    host.decide(f"{complaint}/withdrawal", complaint)


def _round(world: World, acronym: str, fate: str) -> None:
    """One round or, where the first is replaced, two."""
    desk = world.person(world.office(acronym).desk)
    round_ = _reckoned(desk)
    if fate == "discarded":
        desk.post(f"{round_}/discarding")
    elif fate == "replaced":
        desk.post(f"{round_}/showing")
        desk.post(f"{_reckoned(desk)}/showing")


def _reckoned(desk: Person) -> str:
    (partnership,) = desk.places("registrations")
    made = f"/v1/matching-rounds/{desk.post('/v1/matching-rounds', partnership_id=partnership).body['round_id']}"
    wait_for(lambda: desk.get(made).body["state"] != "computing" or None, f"the round of {partnership}", MOST_ROUND_S)
    return made


ENDS: dict[str, Callable[[World, Person, str], None]] = {"upheld": _uphold, "dismissed": _dismiss, "withdrawn": _withdraw}
