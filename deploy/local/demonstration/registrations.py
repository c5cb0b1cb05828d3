"""What becomes of each organisation's registration."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deploy.local.demonstration.progress import Part, Result
from deploy.local.demonstration.scheme import MONTHLY, Organisation
from deploy.local.demonstration.world import World
from deploy.local.people.acts import registering
from deploy.local.people.entrance import wait_for
from deploy.local.people.person import Person

Fate = Callable[[World, Organisation, Person, str], None]


def accounts(world: World) -> Iterator[Part]:
    """An account for each organisation's person."""
    for each in world.organisations:
        yield f"account/{each.name}", lambda each=each: _account(world, each)  # type: ignore[misc]


def registrations(world: World, late: bool) -> Iterator[Part]:
    """The registrations that come early, or late, each up to its fate."""
    for each in world.organisations:
        if each.is_late == late:
            yield f"registration/{each.name}", lambda each=each: _register(world, each)  # type: ignore[misc]


def ends(world: World) -> Iterator[Part]:
    """Pauses and withdrawals of accepted participations."""
    for each in world.organisations:
        if each.fate in ENDS:
            yield f"end/{each.name}", lambda each=each: _end(world, each)  # type: ignore[misc]


def interest(world: World) -> Iterator[Part]:
    """Who is asked for continued interest answers, but for some."""
    for each in world.organisations:
        if each.acronym == MONTHLY and each.fate != "expired" and not each.is_late:
            yield f"interest/{each.name}", lambda each=each: _confirm_interest(world, each)  # type: ignore[misc]


def expiries(world: World) -> Iterator[Part]:
    """Those that did not answer have expired."""
    for each in world.organisations:
        if each.fate == "expired":
            yield f"expiry/{each.name}", lambda each=each: _await_state(world, each, "expired")  # type: ignore[misc]


def changes(world: World) -> Iterator[Part]:
    """Edits after acceptance: one waits, one was let through, one was not; and one that took effect at once."""
    accepted = [each for each in world.organisations if each.fate == "accepted"]
    for number, decision in enumerate(("", "change-approval", "change-refusal")):
        each = accepted[11 + number * 17]
        yield f"change/{each.name}", lambda each=each, decision=decision: _change(world, each, decision)  # type: ignore[misc]


def _account(world: World, organisation: Organisation) -> None:
    profile = organisation.profile
    world.get_account(world.representative(organisation), profile.legal_name, profile.country)


def _register(world: World, organisation: Organisation) -> Result:
    person, profile = world.representative(organisation), organisation.profile
    link = registering.fill_in(person, profile, world.office(organisation.acronym).partnership_id, world.window)
    FATES.get(organisation.fate, _be_accepted)(world, organisation, person, link)
    return {"participation_id": link.rpartition("/")[2]}


def _stay_draft(world: World, organisation: Organisation, person: Person, link: str) -> None:
    """Nothing more: a draft."""


def _recall(world: World, organisation: Organisation, person: Person, link: str) -> None:
    registering.submit(person, link)
    person.post(f"{link}/recall")


def _submit(world: World, organisation: Organisation, person: Person, link: str) -> None:
    registering.submit(person, link)


def _be_asked_for_more(world: World, organisation: Organisation, person: Person, link: str) -> None:
    registering.submit(person, link)
    world.desk(organisation).post(f"{link}/question", question="Which cluster are you a member of, and since when?")


def _answer_and_be_accepted(world: World, organisation: Organisation, person: Person, link: str) -> None:
    _be_asked_for_more(world, organisation, person, link)
    person.patch(link, str(person.get(link).version), organisation={"cluster_name": "The cluster of our region, since 2019"})
    _be_accepted(world, organisation, person, link)


def _be_rejected(world: World, organisation: Organisation, person: Person, link: str) -> None:
    registering.submit(person, link)
    world.desk(organisation).decide(
        f"{link}/rejection", link, reason="outside_scope", text="Your work lies outside the scope of our partnership."
    )


def _be_reopened(world: World, organisation: Organisation, person: Person, link: str) -> None:
    _be_rejected(world, organisation, person, link)
    world.desk(organisation).post(f"{link}/reopening")
    world.desk(organisation).decide(f"{link}/acceptance", link)


def _give_up(world: World, organisation: Organisation, person: Person, link: str) -> None:
    registering.submit(person, link)
    person.post(f"{link}/withdrawal")


def _be_accepted(world: World, organisation: Organisation, person: Person, link: str) -> None:
    registering.submit(person, link)
    if not organisation.profile.cluster_member:
        world.desk(organisation).post(f"{link}/hosting-approval")
    world.desk(organisation).decide(f"{link}/acceptance", link)


def _end(world: World, organisation: Organisation) -> None:
    person, link = world.representative(organisation), f"/v1/registrations/{world.participation(organisation)}"
    for noun in ENDS[organisation.fate]:
        person.post(f"{link}/{noun}")


def _confirm_interest(world: World, organisation: Organisation) -> None:
    person, link = world.representative(organisation), f"/v1/registrations/{world.participation(organisation)}"
    wait_for(lambda: person.get(link).body["interest_due_by"], "the question about continued interest")
    person.post(f"{link}/interest")


def _await_state(world: World, organisation: Organisation, state: str) -> None:
    person, link = world.representative(organisation), f"/v1/registrations/{world.participation(organisation)}"
    wait_for(lambda: person.get(link).body["state"] == state or None, f"{link} to be {state}")


def _change(world: World, organisation: Organisation, decision: str) -> None:
    person, link = world.representative(organisation), f"/v1/registrations/{world.participation(organisation)}"
    offer = person.get(link).body["offer"]
    offer["topics"] = [*offer["topics"], "exchange of young staff"]
    person.patch(link, str(person.get(link).version), offer=offer, organisation={"house_number": "200"})
    if decision:
        text = {"text": "Please send the new register extract first."} if decision == "change-refusal" else {}
        world.desk(organisation).decide(f"{link}/{decision}", link, **text)


FATES: dict[str, Fate] = {
    "draft": _stay_draft, "recalled": _recall, "submitted": _submit, "more_info": _be_asked_for_more, "answered": _answer_and_be_accepted,
    "rejected": _be_rejected, "reopened": _be_reopened, "given_up": _give_up,
}  # fmt: skip
ENDS = {"paused": ["pause"], "resumed": ["pause", "resumption"], "withdrawn": ["withdrawal"]}
