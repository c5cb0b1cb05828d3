"""Announcements: shown to everybody while they hold, kept by the support office and administrators."""

from __future__ import annotations

from collections.abc import Iterator
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


SINGLY = {"title_en": "A title", "text_en": "A text", "title_fr": "Un titre", "text_fr": "Un texte"}
BY_LANGUAGE = {"en": {"title": "A title", "text": "A text"}, "fr": {"title": "Un titre", "text": "Un texte"}}


def said(answer: dict[str, Any]) -> dict[str, Any]:
    """All that an announcement says, in both ways of saying it."""
    return {name: answer[name] for name in ("words", *SINGLY)}


def singly(scene: Scene, **words: Any) -> dict[str, Any]:
    """An announcement made by whoever knows English and French alone."""
    start = scene.room.clock.now()
    times = {"shown_from": start, "shown_until": start + timedelta(days=2)}
    return scene.room.ask(CreateAnnouncement, support_officer(), **times | words)


def test_an_announcement_is_in_english_and_in_as_many_languages_as_somebody_wrote(scene: Scene) -> None:
    """English is shown where a language is missing; new words take the place of all."""
    made = announced(scene, words={"en": BY_LANGUAGE["en"]})
    assert said(made) == {"words": {"en": BY_LANGUAGE["en"]}, **SINGLY, "title_fr": "A title", "text_fr": "A text"}
    about = {"announcement_id": made["announcement_id"]}
    revised = scene.room.ask(ReviseAnnouncement, support_officer(), if_match=1, words=BY_LANGUAGE, **about)
    assert said(revised) == {"words": BY_LANGUAGE, **SINGLY}
    assert said(scene.room.ask(ReadAnnouncement, **about)) == said(revised)


def test_english_and_french_are_taken_as_fields_of_their_own_too(scene: Scene) -> None:
    """All four of them at first, single ones later."""
    made = singly(scene, **SINGLY)
    assert said(made) == {"words": BY_LANGUAGE, **SINGLY}
    revised = scene.room.ask(ReviseAnnouncement, support_officer(), if_match=1, announcement_id=made["announcement_id"], title_fr="Autre")
    assert revised["words"] == {**BY_LANGUAGE, "fr": {"title": "Autre", "text": "Un texte"}}
    announcement = announced(scene, words={"en": BY_LANGUAGE["en"]})
    french = scene.room.ask(
        ReviseAnnouncement, support_officer(), if_match=1, announcement_id=announcement["announcement_id"], title_fr="Titre"
    )
    assert french["words"]["fr"] == {"title": "Titre", "text": "A text"}


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ({}, "words"),
        ({"words": {}}, "words.en"),
        ({"words": {"fr": BY_LANGUAGE["fr"]}}, "words.en"),
        ({"words": {**BY_LANGUAGE, "xx": BY_LANGUAGE["en"]}}, "words.xx"),
        ({"words": {"en": {"title": "A title", "text": ""}}}, "words.en.text"),
        ({"words": {"en": {"title": "A \u202etitle", "text": "A text"}}}, "words.en.title"),
        ({"words": BY_LANGUAGE, "title_en": "A title"}, "title_en"),
        ({**SINGLY, "title_fr": ""}, "title_fr"),
        ({name: SINGLY[name] for name in ("title_en", "text_en", "title_fr")}, "text_fr"),
    ],
)
def test_words_without_english_unfinished_or_said_twice_are_refused(scene: Scene, words: dict[str, Any], wrong: str) -> None:
    """Each at its field."""
    with pytest.raises(InvalidFields) as refused:
        singly(scene, **words)
    assert list(_paths(refused.value.details["fields"])) == [wrong]


def _paths(wrong: Any, path: str = "") -> Iterator[str]:
    """Where something is said to be wrong."""
    if not isinstance(wrong, dict):
        yield path
        return
    for name, below in wrong.items():
        yield from _paths(below, f"{path}.{name}".lstrip("."))
