"""What waits at a contact point's desk, counted; and one search over everything that an office looks for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from chassis.bare.principal import Principal
from chassis.bare.refusals import RoleRequired
from contracts.registry import (
    PILES,
    AcceptRegistration,
    CountRegistrationPiles,
    JoinOrganisation,
    ListJoinings,
    ListPartnerships,
    ListRegistrations,
    SearchRegistry,
    SendQuery,
)
from tests.builders import administrator, auditor, contact_point, person, representative, support_officer
from tests.registry.conftest import Scene


def counted(scene: Scene, who: Any = None) -> dict[str, int]:
    """How much lies on each pile."""
    return {each["pile"]: each["count"] for each in scene.room.ask(CountRegistrationPiles, who or scene.checker)["items"]}


def test_piles_of_registrations_are_counted(scene: Scene) -> None:
    """Submitted ones, those whose hosting or change waits, and who asks to join; what is decided leaves its pile."""
    first, author = scene.submitted()
    began = scene.room.clock.now()
    scene.room.clock.advance(hours=1)
    host, _ = scene.submitted(role={"roles": ["host"]}, organisation={"organisation_type": "sme", "cluster_member": False})
    scene.draft()
    assert counted(scene) == {"registrations": 2, "hosting": 1, "changes": 0, "joinings": 0}
    oldest = {each["pile"]: each["oldest"] for each in scene.room.ask(CountRegistrationPiles, scene.checker)["items"]}
    assert oldest["registrations"] == f"{began:%Y-%m-%dT%H:%M:%SZ}" and oldest["hosting"] > oldest["registrations"]
    scene.move(AcceptRegistration, scene.checker, first)
    scene.revise(author, scene.read(author, first), role={"roles": ["host"]})
    scene.room.ask(JoinOrganisation, person(), organisation_id=first["organisation_id"], note="Please.")
    assert counted(scene) == {"registrations": 1, "hosting": 1, "changes": 1, "joinings": 1}
    elsewhere = contact_point(scene.another_partnership(), "registrations")
    assert counted(scene, elsewhere) == dict.fromkeys(PILES, 0)
    assert host["participation_id"]
    with pytest.raises(RoleRequired):
        scene.room.ask(CountRegistrationPiles, author)


def test_what_is_counted_on_a_pile_is_what_the_list_of_it_holds(scene: Scene) -> None:
    """Also for somebody with another office, who sees far more than lies at the own desk."""
    mine = {scene.submitted()[0]["participation_id"]}
    host, _ = scene.submitted(role={"roles": ["host"]}, organisation={"organisation_type": "sme", "cluster_member": False})
    changed, author = scene.accepted()
    scene.revise(author, scene.read(author, changed), role={"roles": ["host"]})
    both = Principal(scene.checker.kind, scene.checker.id, roles=scene.checker.roles | support_officer().roles)
    elsewhere = contact_point(scene.another_partnership(), "registrations")

    def listed(who: Any, pile: str) -> set[str]:
        return {each["participation_id"] for each in scene.room.page_by_page(ListRegistrations, who, pile=pile)}

    for pile, ids in {
        "registrations": {*mine, host["participation_id"]},
        "hosting": {host["participation_id"]},
        "changes": {changed["participation_id"]},
    }.items():
        assert (listed(both, pile), counted(scene, both)[pile]) == (ids, len(ids))
        assert (listed(elsewhere, pile), listed(support_officer(), pile)) == (set(), set())


def test_queue_begins_with_what_was_submitted_first(scene: Scene) -> None:
    """Page by page; a list without an order begins with the newest as before."""
    submitted = []
    for _ in range(3):
        scene.room.clock.advance(hours=1)
        submitted.append(scene.submitted()[0]["participation_id"])
    of = lambda **asked: [each["participation_id"] for each in scene.room.page_by_page(ListRegistrations, scene.checker, **asked)]  # noqa: E731
    assert of(order="oldest", state=["submitted"]) == submitted == of()[::-1]


def test_requests_to_decide_are_those_of_others(scene: Scene) -> None:
    """The oldest first; whoever asked, and whoever decided already, has nothing to decide."""
    view, _ = scene.accepted()
    asker = contact_point(scene.partnership_id, "registrations")
    joining = scene.room.ask(JoinOrganisation, asker, organisation_id=view["organisation_id"], note="Please.")
    decides = {"contact point": scene.checker, "representative": representative(UUID(view["organisation_id"])), "asker": asker}
    found = {
        name: [each["joining_id"] for each in scene.room.ask(ListJoinings, who, to_decide=True)["items"]] for name, who in decides.items()
    }
    assert found == {"contact point": [joining["joining_id"]], "representative": [joining["joining_id"]], "asker": []}


def test_office_finds_registrations_queries_and_partnerships_at_once(scene: Scene) -> None:
    """Each what its role lets it see; limited kind by kind."""
    view, _ = scene.submitted()
    name = view["organisation"]["legal_name"]
    scene.room.ask(SendQuery, person(), subject=f"About {name}", question="When?")
    scene.another_partnership(name=f"Partnership of {name}")
    kinds = ("registrations", "queries", "partnerships")

    def found(who: Any, **asked: Any) -> list[int]:
        answer = scene.room.ask(SearchRegistry, who, text=name, **asked)
        return [len(answer[kind]["items"]) for kind in kinds]

    assert (found(support_officer()), found(auditor()), found(administrator())) == ([1, 1, 1], [1, 0, 1], [0, 0, 1])
    scene.submitted()
    answer = scene.room.ask(SearchRegistry, support_officer(), text=name, limit=1)
    rest = scene.room.ask(ListRegistrations, support_officer(), text=name, after=answer["registrations"]["next"])
    assert len(rest["items"]) == 1
    with pytest.raises(RoleRequired):
        scene.room.ask(SearchRegistry, scene.checker, text=name)


def test_partnerships_are_read_by_their_ids_and_hundreds_at_once(scene: Scene) -> None:
    """One call for those that a person acts for, and one for a map of all."""
    others = [scene.another_partnership() for _ in range(2)]
    found = scene.room.ask(ListPartnerships, partnership_id=[scene.partnership_id, others[0]])["items"]
    assert {each["partnership_id"] for each in found} == {str(scene.partnership_id), str(others[0])}
    assert len(scene.room.ask(ListPartnerships, limit=500)["items"]) == 3
