"""Partnerships and the copy of their contact points."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis.bare.refusals import Forbidden, InvalidFields, StaleVersion
from chassis.bare.tables import HeardRow
from contracts.identity.events import RoleGranted, RoleRevoked
from contracts.registry import (
    AcronymTaken,
    CreatePartnership,
    FieldsOfAdministrators,
    ListPartnerships,
    PartnershipNotFound,
    PartnershipNotYours,
    ReadPartnership,
    RevisePartnership,
)
from tests.builders import administrator, auditor, contact_point, person, support_officer
from tests.registry.conftest import Scene


def test_a_partnership_is_created_and_everybody_reads_it(scene: Scene) -> None:
    """Its creation is announced to those who keep a copy; its contact points stand with it."""
    view = scene.room.ask(ReadPartnership, partnership_id=scene.partnership_id)
    assert (view["acronym"], view["budget"]) == ("BLUES", {"minor": 9_900_000, "currency": "EUR"})
    assert view["contact_points"] == [{"person_id": scene.checker.id, "permissions": ["registrations"]}]
    fact = scene.room.facts("partnership_created")[0]
    assert fact.subject == f"partnership/{scene.partnership_id}"
    assert fact.data["acronym"] == "BLUES"


def test_only_administrators_make_partnerships_and_change_what_is_theirs(scene: Scene) -> None:
    """Everybody else is refused, a contact point too where a field is not its own to change."""
    change: dict[str, Any] = {"partnership_id": scene.partnership_id, "wave": 2}
    for who in (scene.checker, person(), support_officer(), auditor()):
        with pytest.raises(Forbidden):
            scene.room.ask(CreatePartnership, who, **CreatePartnership.example)
        with pytest.raises(Forbidden):
            scene.room.ask(RevisePartnership, who, if_match=1, **change)


def test_a_contact_point_changes_what_everybody_reads_and_how_participants_are_taken(scene: Scene) -> None:
    """Text, website, whether it is open and when interest is asked for; nothing else, not even beside one of these."""
    own: dict[str, Any] = {"partnership_id": scene.partnership_id}
    given: dict[str, Any] = {
        "summary": "Blue growth.",
        "website": None,
        "open_for_registration": False,
        "interest_every_months": 3,
        "interest_answer_days": 14,
    }
    changed = scene.room.ask(RevisePartnership, scene.checker, if_match=1, **own | given)
    assert {name: changed[name] for name in given} == given
    with pytest.raises(FieldsOfAdministrators) as refused:
        scene.room.ask(
            RevisePartnership, scene.checker, if_match=2, **own, summary="Bluer.", wave=2, budget={"minor": 1, "currency": "EUR"}
        )
    assert refused.value.details == {"fields": "budget, wave"}
    assert scene.room.ask(ReadPartnership, **own)["summary"] == "Blue growth."


def test_a_contact_point_changes_no_other_partnership_and_needs_the_role_for_registrations(scene: Scene) -> None:
    """A stranger's partnership is not its own, and signing for one's own is another role."""
    other = scene.another_partnership(acronym="CELIS")
    with pytest.raises(PartnershipNotYours):
        scene.room.ask(RevisePartnership, scene.checker, if_match=1, partnership_id=other, summary="Ours.")
    with pytest.raises(Forbidden):
        scene.room.ask(
            RevisePartnership, person(("agreements", scene.partnership_id)), if_match=1, partnership_id=scene.partnership_id, summary="No."
        )


def test_an_acronym_is_taken_once(scene: Scene) -> None:
    """Neither a new nor a changed partnership takes another's; keeping one's own is no clash."""
    other = scene.another_partnership(acronym="CELIS")
    with pytest.raises(AcronymTaken):
        scene.room.ask(CreatePartnership, administrator(), **CreatePartnership.example | {"acronym": "CELIS"})
    with pytest.raises(AcronymTaken):
        scene.room.ask(RevisePartnership, administrator(), if_match=1, partnership_id=other, acronym="BLUES")
    changed = scene.room.ask(RevisePartnership, administrator(), if_match=1, partnership_id=other, acronym="CELIS", wave=2)
    assert (changed["wave"], changed["version"]) == (2, 2)
    assert scene.room.facts("partnership_changed")[0].data["partnership_id"] == str(other)


def test_an_old_version_of_a_partnership_cannot_be_changed(scene: Scene) -> None:
    """Two administrators do not overwrite each other."""
    scene.room.ask(RevisePartnership, administrator(), if_match=1, partnership_id=scene.partnership_id, wave=2)
    with pytest.raises(StaleVersion):
        scene.room.ask(RevisePartnership, administrator(), if_match=1, partnership_id=scene.partnership_id, wave=3)


def test_what_is_no_partnership_is_refused(scene: Scene) -> None:
    """Unknown ids are not found; wrong fields are named."""
    with pytest.raises(PartnershipNotFound):
        scene.room.ask(ReadPartnership, partnership_id=uuid4())
    with pytest.raises(PartnershipNotFound):
        scene.room.ask(RevisePartnership, administrator(), if_match=1, partnership_id=uuid4(), wave=2)
    wrongs: list[dict[str, Any]] = [{"ecosystems": []}, {"countries": ["XX"]}, {"budget": {"minor": -1}}, {"id": str(uuid4())}]
    for wrong in wrongs:
        with pytest.raises(InvalidFields):
            scene.room.ask(CreatePartnership, administrator(), **CreatePartnership.example | wrong)


def test_partnerships_are_listed_by_sector_country_wave_and_openness(scene: Scene) -> None:
    """Each filter leaves those that fit."""
    scene.another_partnership(acronym="AGRI", ecosystems=["agri_food"], countries=["IT"], wave=2, open_for_registration=False)

    def acronyms(**filters: Any) -> list[str]:
        return [each["acronym"] for each in scene.room.ask(ListPartnerships, **filters)["items"]]

    assert acronyms() == ["AGRI", "BLUES"]
    assert acronyms(ecosystem="agri_food") == acronyms(country="IT") == acronyms(wave=2) == ["AGRI"]
    assert acronyms(open_for_registration=True) == ["BLUES"]
    assert acronyms(text="agr") == ["AGRI"] and acronyms(text="blue econ") == ["AGRI", "BLUES"]
    assert acronyms(text="%") == []


def test_a_role_that_is_none_of_its_business_is_remembered_as_heard(scene: Scene) -> None:
    """Whoever looks for events that got lost must not find those that changed nothing."""
    someone = person()
    heard = [
        scene.room.hear(event.of(someone.person, role="administrator", person_id=someone.person, place=None))
        for event in (RoleGranted, RoleRevoked)
    ]
    with scene.room.unit() as unit:
        assert set(heard) <= set(unit.session.scalars(select(HeardRow.event_id)))


def test_contact_points_follow_the_roles_that_identity_gives(scene: Scene) -> None:
    """Granted twice is one; other roles are not copied; revoked is gone."""
    someone = contact_point(scene.partnership_id)
    about = {"person_id": someone.person, "place": scene.partnership_id}
    finance = RoleGranted.of(someone.person, role="finance", **about)
    scene.room.hear(finance)
    scene.room.hear(finance)
    scene.room.hear(RoleGranted.of(someone.person, role="representative", **about))
    scene.room.hear(RoleGranted.of(someone.person, role="administrator", person_id=someone.person, place=None))
    listed = scene.room.ask(ReadPartnership, partnership_id=scene.partnership_id)["contact_points"]
    assert {"person_id": someone.id, "permissions": ["finance"]} in listed
    scene.room.hear(RoleRevoked.of(someone.person, role="finance", **about))
    scene.room.hear(RoleRevoked.of(someone.person, role="finance", **about))
    assert len(scene.room.ask(ReadPartnership, partnership_id=scene.partnership_id)["contact_points"]) == 1
