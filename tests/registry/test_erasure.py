"""What the registry forgets of a person who is erased, and what it keeps."""

from __future__ import annotations

import os
from typing import Any

import pytest
from sqlalchemy import text

from chassis.bare.principal import Principal, service
from chassis.bare.refusals import NotFound
from chassis.running.background import tidy_up
from contracts.identity.events import PersonErased
from contracts.registry import JoinOrganisation, ReadHeld, RejectRegistration, SendQuery, UploadCv
from tests.builders import person
from tests.registry.conftest import Scene
from tests.registry.forms import CV

NAMES = {
    "first_name": "Zebulon",
    "last_name": "Quartermain",
    "e_mail": "zebulon@example.org",
    "phone": "+3511234567",
    "function": "Ringmaster",
}


def everything(scene: Scene) -> str:
    """All rows of all tables, as one text."""
    with scene.room.engine.connect() as connection:
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        return "\n".join(str(row) for name in tables for row in connection.execute(text(f'SELECT * FROM "{name}"')))


def named(scene: Scene) -> list[str]:
    """Which of the words that name the person stand anywhere."""
    held = everything(scene)
    return [word for word in (*NAMES.values(), "A sentence of mine") if word in held]


def hear_erased(scene: Scene, who: Principal) -> None:
    """Identity announces it."""
    scene.room.hear(PersonErased.of(who.person, person_id=who.person))


def test_accepted_participation_ends_and_names_nobody(scene: Scene) -> None:
    """Also in the answers kept for others' repeats: the contact point's acceptance showed all of it."""
    view, author = scene.accepted(person=NAMES)
    assert set(named(scene)) == set(NAMES.values())
    hear_erased(scene, author)
    assert named(scene) == []
    after = scene.read(scene.checker, view)
    assert (after["state"], after["cv"], after["person"]["first_name"]) == ("withdrawn", None, "Erased")
    assert [fact.type for fact in scene.room.facts()][-1] == "participation_withdrawn"
    assert after["organisation"]["legal_name"] == view["organisation"]["legal_name"]


@pytest.mark.parametrize("state", ["draft", "submitted", "rejected"])
def test_registration_in_any_state_names_nobody(scene: Scene, state: str) -> None:
    """One that had ended stays as it ended."""
    view, author = scene.draft(person=NAMES) if state == "draft" else scene.submitted(person=NAMES)
    if state == "rejected":
        scene.move(RejectRegistration, scene.checker, view, reason="duplicate", text="Your colleague registered last week.")
    hear_erased(scene, author)
    assert named(scene) == []
    assert len(scene.room.facts("registration_withdrawn")) == (state != "rejected")


def test_requests_to_join_and_queries_are_forgotten(scene: Scene) -> None:
    """Who asked, and what; that there was one stays."""
    view, _ = scene.accepted()
    who = person(name="Zebulon Quartermain")
    scene.room.ask(JoinOrganisation, who, organisation_id=view["organisation_id"], note="A sentence of mine")
    scene.room.ask(SendQuery, who, **{**SendQuery.example, "question": "A sentence of mine"})
    hear_erased(scene, who)
    assert named(scene) == []
    assert scene.room.facts("joining_withdrawn")


def test_others_are_left_alone(scene: Scene) -> None:
    """Somebody of the same name, with other ids."""
    _, author = scene.accepted(person=NAMES)
    before = everything(scene)
    hear_erased(scene, person())
    after: Any = everything(scene)
    assert set(NAMES.values()) == set(named(scene))
    assert before.count("accepted") == after.count("accepted")
    assert author.person


def test_person_is_told_all_that_is_held(scene: Scene) -> None:
    """The registration with what hangs on it, where the CV can be fetched, what the person did; of others nothing."""
    view, author = scene.accepted(person=NAMES)
    scene.room.ask(SendQuery, author, **{**SendQuery.example, "question": "A sentence of mine"})
    scene.accepted()
    held = scene.room.ask(ReadHeld, service("identity"), person_id=author.person)
    tables = held["tables"]
    assert [(row["id"], row["phone"]) for row in tables["participation"]] == [(view["participation_id"], NAMES["phone"])]
    assert {row["participation_id"] for row in tables["language_skill"]} == {view["participation_id"]}
    assert [row["question"] for row in tables["support_query"]] == ["A sentence of mine"]
    assert [row["what"] for row in tables["history"]][:2] == ["organisation_founded", "registration_begun"]
    assert held["files"] == [{"what": "cv.pdf", "link": f"/v1/registrations/{view['participation_id']}/cv"}]
    with pytest.raises(NotFound):
        scene.room.ask(ReadHeld, author, person_id=author.person)


def test_bytes_of_a_cv_leave_the_store_when_no_row_names_them_any_more(scene: Scene) -> None:
    """Of one that was replaced and of one whose person is erased; what another registration or service has of the same bytes stays."""
    blobs = scene.room.frame.blobs
    first, second, shared = (blobs.keep([word]) for word in (b"first", b"second", b"shared"))
    evidence = blobs.of("payments").keep([b"second"])
    view, author = scene.draft(person=NAMES)
    other, colleague = scene.draft()
    for digest, who, registration in ((first, author, view), (second, author, view), (shared, colleague, other)):
        version = scene.read(who, registration)["version"]
        scene.move(UploadCv, who, registration, if_match=version, cv=CV | {"sha256": digest})
    tidied(scene)
    assert [blobs.has(each) for each in (first, second, shared)] == [False, True, True]
    hear_erased(scene, author)
    tidied(scene)
    assert [blobs.has(each) for each in (first, second, shared)] == [False, False, True]
    assert blobs.of("payments").read(evidence) == b"second"


def tidied(scene: Scene) -> None:
    """Two of the hours in which the service looks after its files."""
    for _ in range(2):
        tidy_up(scene.room.frame)
        for file in scene.room.frame.blobs.folder.rglob("*"):
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 3600))
