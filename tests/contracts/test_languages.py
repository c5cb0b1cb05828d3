"""The languages that contracts name are those that mails, notices, documents and pages speak: a further one is one file in either place."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.agreements import NOTICE, PARTIES, WORKING_DAYS_METHODS
from contracts.countries import FOOTNOTES
from contracts.payments import DISTANCE_METHODS
from contracts.words import TEXTS, TITLES, TOOL_LANGUAGES
from contracts.words.catalogue import CATALOGUE
from services.agreements.doors.hearing import DETAILS
from services.agreements.model.text import BASE_FOR
from services.identity.doors.notices import ANSWERED, QUERY_CLOSED
from services.identity.telling import TOLD
from services.payments.assistance import lump_sum
from tests.payments.test_assistance import PT, RULES, stay

ROOT = Path(__file__).parents[2]
ROOMS = [TEXTS, ROOT / "web/src/texts"]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_place_has_every_language_of_the_tool_and_no_other(room: Path) -> None:
    """Else it would be offered and not be there, or be there and not be offered."""
    assert {each.stem for each in room.iterdir()} == set(TOOL_LANGUAGES)


def test_identity_has_words_for_everything_it_tells_and_no_others() -> None:
    """A notice without words would fail where it is read."""
    said = {key.split(".")[1] for key in CATALOGUE.names if key.startswith("notices.")}
    assert said == {each.event.slug() for each in (*TOLD, ANSWERED, QUERY_CLOSED)}


def test_everybody_can_be_addressed() -> None:
    """By each title of the form."""
    assert {key.split(".")[1] for key in CATALOGUE.names if key.startswith("titles.")} == set(TITLES)


def names(part: str) -> set[str]:
    """What agreements has words for in one part of its catalogue."""
    return {key.removeprefix(f"{part}.") for key in CATALOGUE.names if key.startswith(f"{part}.")}


def test_agreements_has_words_for_all_that_its_texts_name() -> None:
    """Of a further method, party or footnote, a text could not be written."""
    assert names("details") == {*DETAILS, "acronym", "name", "country"}
    assert names("parties") == set(PARTIES)
    assert names("working_days_methods") == set(WORKING_DAYS_METHODS)
    assert names("values") == {*WORKING_DAYS_METHODS.values(), *DISTANCE_METHODS.values()}
    assert names("footnotes") == set(FOOTNOTES)


def test_factors_of_the_lump_sum_have_words_in_every_language() -> None:
    """Payments names them in English; French says none of them so, but what is the same word."""
    factors = lump_sum(PT, stay(3, 900), RULES).factors
    known = names("factors")
    assert [each["name"] for each in factors if each["name"] not in known and not each["name"].startswith(BASE_FOR)] == []
    assert [name for name in known if CATALOGUE.say("fr", f"factors.{name}", country="PT") == name] == ["distance"]


def test_english_texts_say_what_the_contracts_say() -> None:
    """The notice and the footnotes stand in views, too."""
    assert CATALOGUE.say("en", "all.notice") == NOTICE
    assert {country: CATALOGUE.say("en", f"footnotes.{country}") for country in FOOTNOTES} == FOOTNOTES
    assert {name: CATALOGUE.say("en", f"working_days_methods.{name}") for name in WORKING_DAYS_METHODS} == WORKING_DAYS_METHODS
