"""Likely duplicates, and joining an organisation."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.bare.refusals import MoveNotAllowed, MoveNotYours, Refusal, RoleRequired
from contracts.registry import (
    AcceptJoining,
    AcceptRegistration,
    AlreadyRepresentative,
    DeclineJoining,
    FindLikelyDuplicates,
    JoiningNotFound,
    JoinOrganisation,
    ListJoinings,
    ListRegistrations,
    NameOrganisations,
    OrganisationNotFound,
    WithdrawJoining,
    WithdrawRegistration,
)
from tests.builders import administrator, auditor, contact_point, person, representative, support_officer
from tests.registry.conftest import Scene

NAMED: dict[str, Any] = {
    "legal_name": "Clúster Azul, S.L.",
    "country": "ES",
    "registration_number": "ES-B123",
    "website": "https://www.azul.example/",
}


def ask(scene: Scene, view: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """A request to join the organisation of that registration, and who asks."""
    asker = person(name="A colleague")
    return scene.room.ask(JoinOrganisation, asker, organisation_id=view["organisation_id"], note="Same office."), asker


@pytest.mark.parametrize(
    ("like", "likeness"),
    [
        ({"registration_number": "b 123", "country": "ES"}, "registration_number"),
        ({"legal_name": "CLUSTER AZUL", "country": "ES"}, "name"),
        ({"website": "http://azul.example/contact"}, "web_domain"),
    ],
)
def test_an_organisation_that_takes_part_is_found_by_its_likeness(scene: Scene, like: dict[str, Any], likeness: str) -> None:
    """By number, by name and country, by web domain; each says by what."""
    view, _ = scene.submitted(organisation=NAMED)
    found = scene.room.ask(FindLikelyDuplicates, person(), **like)["items"]
    assert [(each["organisation_id"], each["likenesses"]) for each in found] == [(view["organisation_id"], [likeness])]


def test_what_is_not_alike_or_not_submitted_is_not_shown(scene: Scene) -> None:
    """Another country's namesake is another one; drafts and withdrawn ones are nobody's business."""
    scene.draft(organisation=NAMED)
    withdrawn, author = scene.submitted(organisation=NAMED)
    scene.move(WithdrawRegistration, author, withdrawn)
    assert scene.room.ask(FindLikelyDuplicates, person(), **NAMED)["items"] == []
    scene.submitted(organisation=NAMED)
    assert scene.room.ask(FindLikelyDuplicates, person(), legal_name="Cluster Azul", country="PT")["items"] == []
    assert scene.room.ask(FindLikelyDuplicates, person())["items"] == []


def test_a_likely_duplicate_is_shown_to_its_author_and_flagged_to_the_contact_point(scene: Scene) -> None:
    """The second one of two is flagged in the queue."""
    first, _ = scene.submitted(organisation=NAMED)
    second, _ = scene.submitted(organisation=NAMED | {"registration_number": "another 2"})
    assert [each["organisation_id"] for each in second["likely_duplicates"]] == [first["organisation_id"]]
    assert second["likely_duplicates"][0]["likenesses"] == ["name", "web_domain"]
    queue = scene.room.ask(ListRegistrations, scene.checker)["items"]
    assert {each["participation_id"]: each["flagged"] for each in queue} == {
        first["participation_id"]: False,
        second["participation_id"]: True,
    }


def test_offices_are_told_the_names_of_organisations(scene: Scene) -> None:
    """Of several at once; what nobody goes by is left out, and a contact point has no need of it."""
    view, _ = scene.accepted()
    asked = {"organisation_id": [UUID(view["organisation_id"]), uuid4()]}
    named = [{"organisation_id": view["organisation_id"], "legal_name": view["organisation"]["legal_name"]}]
    for who in (administrator(), support_officer(), auditor()):
        assert scene.room.ask(NameOrganisations, who, **asked)["items"] == named
    with pytest.raises(RoleRequired):
        scene.room.ask(NameOrganisations, scene.checker, **asked)


@pytest.mark.parametrize("by_contact_point", [True, False])
def test_a_colleague_is_let_in(scene: Scene, by_contact_point: bool) -> None:
    """By a representative or the contact point; identity hears of the new representative."""
    view, _ = scene.accepted()
    joining, asker = ask(scene, view)
    assert (joining["state"], joining["moves"], joining["person_name"]) == ("asked", ["withdraw"], "A colleague")
    decider = scene.checker if by_contact_point else representative(UUID(view["organisation_id"]))
    listed = scene.room.ask(ListJoinings, decider, state=["asked"], organisation_id=view["organisation_id"])["items"]
    assert [(each["joining_id"], each["moves"]) for each in listed] == [(joining["joining_id"], ["accept", "decline"])]
    assert scene.room.ask(AcceptJoining, decider, joining_id=joining["joining_id"])["state"] == "accepted"
    joined = scene.room.facts("representative_joined")[0]
    assert joined.data == {"organisation_id": view["organisation_id"], "person_id": asker.id}
    with pytest.raises(MoveNotAllowed):
        scene.room.ask(DeclineJoining, decider, joining_id=joining["joining_id"])


def test_a_request_to_join_can_be_declined_or_taken_back(scene: Scene) -> None:
    """Declined by who decides, taken back by who asked; nobody else."""
    view, _ = scene.accepted()
    joining, asker = ask(scene, view)
    assert scene.room.ask(DeclineJoining, scene.checker, joining_id=joining["joining_id"])["state"] == "declined"
    again = scene.room.ask(JoinOrganisation, asker, organisation_id=view["organisation_id"], note="Please.")
    with pytest.raises(MoveNotYours):
        scene.room.ask(WithdrawJoining, scene.checker, joining_id=again["joining_id"])
    with pytest.raises(MoveNotYours):
        scene.room.ask(AcceptJoining, asker, joining_id=again["joining_id"])
    assert scene.room.ask(WithdrawJoining, asker, joining_id=again["joining_id"])["state"] == "withdrawn"


def test_a_foreign_request_to_join_is_not_found(scene: Scene) -> None:
    """Strangers and other partnerships neither see nor decide it."""
    joining, _ = ask(scene, scene.accepted()[0])
    for who in (person(), contact_point(scene.another_partnership()), representative(uuid4())):
        assert scene.room.ask(ListJoinings, who)["items"] == []
        for contract in (AcceptJoining, DeclineJoining, WithdrawJoining):
            with pytest.raises(JoiningNotFound):
                scene.room.ask(contract, who, joining_id=joining["joining_id"])


def test_one_joins_what_is_known_and_only_once(scene: Scene) -> None:
    """A draft's organisation is not found; asking twice, or as its author or representative, is refused."""
    draft, _ = scene.draft()
    with pytest.raises(OrganisationNotFound):
        ask(scene, draft)
    view, author = scene.accepted()
    _, asker = ask(scene, view)
    for who in (asker, author, representative(UUID(view["organisation_id"]))):
        with pytest.raises(AlreadyRepresentative):
            scene.room.ask(JoinOrganisation, who, organisation_id=view["organisation_id"], note="Me too.")


def test_two_representatives_who_begin_at_once_begin_one_registration(scene: Scene) -> None:
    """The second waits for the first and is told that there is one."""
    view, author = scene.accepted()
    scene.move(WithdrawRegistration, author, view)
    organisation = UUID(view["organisation_id"])
    people = [representative(organisation), replace(author, roles=frozenset({("representative", organisation)}))]
    outcomes: list[str] = []

    def begin(who: Any) -> None:
        try:
            outcomes.append(scene.begin(who, organisation_id=organisation)["state"])
        except Refusal as refusal:
            outcomes.append(refusal.code())

    threads = [threading.Thread(target=begin, args=[who]) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["draft", "organisation_takes_part"]


def test_two_contact_points_who_accept_at_once_accept_once(scene: Scene) -> None:
    """Both looked at the same version; the second one is told that it is not that any more."""
    view, _ = scene.submitted()
    outcomes: list[str] = []

    def accept(who: Any) -> None:
        try:
            outcomes.append(scene.move(AcceptRegistration, who, view, if_match=view["version"])["state"])
        except Refusal as refusal:
            outcomes.append(refusal.code())

    threads = [threading.Thread(target=accept, args=[who]) for who in (scene.checker, contact_point(scene.partnership_id))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "stale_version"]
    assert len(scene.room.facts("participation_accepted")) == 1
