"""Announcements: shown to everybody while they hold, kept by the support office and administrators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.bare.refusals import Forbidden, IfMatchRequired, InvalidFields, StaleVersion
from contracts.registry import (
    AnnouncementEndsFirst,
    AnnouncementNotFound,
    CreateAnnouncement,
    ListAnnouncements,
    ReadAnnouncement,
    ReviseAnnouncement,
)
from tests.builders import administrator, auditor, person, support_officer
from tests.registry.conftest import Scene


def announced(scene: Scene, who: Any = None, begins: int = 0, **fields: Any) -> dict[str, Any]:
    """An announcement that begins so many days from now and lasts two."""
    start = scene.room.clock.now() + timedelta(days=begins)
    times = {"shown_from": start, "shown_until": start + timedelta(days=2)}
    words = {name: value for name, value in CreateAnnouncement.example.items() if name not in times}
    return scene.room.ask(CreateAnnouncement, who or support_officer(), **words | times | fields)


def listed(scene: Scene, who: Any = None, **fields: Any) -> list[str]:
    """The ids of those listed."""
    return [each["announcement_id"] for each in scene.room.ask(ListAnnouncements, *([who] if who else []), **fields)["items"]]


def test_an_announcement_is_shown_to_everybody_from_its_beginning_until_its_end(scene: Scene) -> None:
    """With or without an account, while domain time lies between; in both languages."""
    made = announced(scene, begins=1)
    assert listed(scene) == listed(scene, person()) == []
    scene.room.clock.advance(days=1, hours=1)
    assert listed(scene) == listed(scene, person()) == [made["announcement_id"]]
    assert scene.room.ask(ReadAnnouncement, announcement_id=made["announcement_id"])["title_fr"] == made["title_fr"]
    scene.room.clock.advance(days=2)
    assert listed(scene) == []


def test_what_is_not_shown_is_found_by_those_who_keep_it_alone(scene: Scene) -> None:
    """Others ask for past and future ones in vain."""
    made, later = announced(scene), announced(scene, begins=5)
    for who in (support_officer(), administrator()):
        assert listed(scene, who) == [made["announcement_id"]]
        assert listed(scene, who, past_and_future=True) == [later["announcement_id"], made["announcement_id"]]
    for stranger in (person(), auditor(), scene.checker):
        assert listed(scene, stranger, past_and_future=True) == [made["announcement_id"]]
        with pytest.raises(AnnouncementNotFound):
            scene.room.ask(ReadAnnouncement, stranger, announcement_id=later["announcement_id"])


def test_only_the_support_office_and_administrators_announce(scene: Scene) -> None:
    """Others are refused."""
    made = announced(scene, administrator())
    for who in (person(), auditor(), scene.checker):
        with pytest.raises(Forbidden):
            announced(scene, who)
        with pytest.raises(Forbidden):
            scene.room.ask(ReviseAnnouncement, who, if_match=1, announcement_id=made["announcement_id"], level="notice")


def test_an_announcement_is_ended_early_by_whoever_read_its_newest_version(scene: Scene) -> None:
    """Without a version, or with an old one, nothing changes."""
    about = {"announcement_id": announced(scene)["announcement_id"]}
    scene.room.clock.advance(hours=2)
    end = {"shown_until": scene.room.clock.now() - timedelta(hours=1)}
    with pytest.raises(IfMatchRequired):
        scene.room.ask(ReviseAnnouncement, support_officer(), **about, **end)
    assert scene.room.ask(ReviseAnnouncement, administrator(), if_match=1, level="notice", **about)["version"] == 2
    with pytest.raises(StaleVersion):
        scene.room.ask(ReviseAnnouncement, support_officer(), if_match=1, **about, **end)
    scene.room.ask(ReviseAnnouncement, support_officer(), if_match=2, **about, **end)
    assert listed(scene) == []


def test_an_announcement_that_ends_before_it_begins_is_refused(scene: Scene) -> None:
    """When it is made and when it is changed."""
    made, now = announced(scene), scene.room.clock.now()
    with pytest.raises(AnnouncementEndsFirst):
        announced(scene, shown_until=now)
    with pytest.raises(AnnouncementEndsFirst):
        scene.room.ask(
            ReviseAnnouncement, support_officer(), if_match=1, announcement_id=made["announcement_id"], shown_from=now + timedelta(days=2)
        )
    with pytest.raises(InvalidFields):
        announced(scene, title_fr="")
