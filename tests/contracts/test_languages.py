"""The languages that contracts name are those that every room speaks: a further one is one file in each."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.words import TITLES, TOOL_LANGUAGES
from services.identity.doors.notices import ANSWERED, QUERY_CLOSED
from services.identity.telling import TOLD
from services.identity.words import CATALOGUE

ROOT = Path(__file__).parents[2]
ROOMS = [*sorted(each.parent for each in ROOT.glob("services/*/texts/en.toml")), ROOT / "web/src/texts"]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_room_speaks_every_language_of_the_tool_and_no_other(room: Path) -> None:
    """Else it would be offered and not be there, or be there and not be offered."""
    assert {each.stem for each in room.iterdir()} == set(TOOL_LANGUAGES)


def test_identity_has_words_for_everything_it_tells_and_no_others() -> None:
    """A notice without words would fail where it is read."""
    said = {key.split(".")[1] for key in CATALOGUE.names if key.startswith("notices.")}
    assert said == {each.event.slug() for each in (*TOLD, ANSWERED, QUERY_CLOSED)}


def test_everybody_can_be_addressed() -> None:
    """By each title of the form."""
    assert {key.split(".")[1] for key in CATALOGUE.names if key.startswith("titles.")} == set(TITLES)
