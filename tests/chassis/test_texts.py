"""Catalogues: every language says the same, and writes days and amounts in its manner."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chassis.bare.texts import Catalogue, Uneven

DATES = """
[dates]
day = "{day} {month} {year}"
first = "%s"
moment = "{day}, {time} UTC"
[dates.months]
3 = "%s"
4 = "%s"
[numbers]
decimal = "%s"
group = "%s"
money = "%s"
"""
ENGLISH = DATES % ("1", "March", "April", ".", ",", "{currency} {number}")
FRENCH = DATES % ("1er", "mars", "avril", ",", "\u202f", "{number} {currency}")


def catalogue(folder: Path, **languages: str) -> Catalogue:
    """A catalogue of these files."""
    for name, text in languages.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return Catalogue(folder)


def test_text_is_said_in_the_language_asked_for_and_in_english_where_there_is_none(tmp_path: Path) -> None:
    """An account may name a language that a later version does not speak."""
    words = catalogue(tmp_path, en='[a]\nb = "Dear {name}"', fr='[a]\nb = "Bonjour {name}"')
    assert [words.say(language, "a.b", name="X") for language in ("en", "fr", "tlh")] == ["Dear X", "Bonjour X", "Dear X"]
    assert words.languages == ["en", "fr"] and words.names == ["a.b"]


@pytest.mark.parametrize(
    ("french", "complaint"),
    [
        ("", "fr lacks a"),
        ('a = "Bonjour"', "fr names other values in a"),
        ('a = "Bonjour {nom}"', "fr names other values in a"),
        ('a = "Bonjour {name}"\nb = "x"', "fr alone has b"),
        ('a = " "', "fr names other values in a; fr says nothing under a"),
    ],
)
def test_language_with_a_gap_does_not_start(tmp_path: Path, french: str, complaint: str) -> None:
    """It is said which."""
    with pytest.raises(Uneven) as refused:
        catalogue(tmp_path, en='a = "Dear {name}"', fr=french)
    assert str(refused.value) == complaint


def test_unknown_key_is_a_bug(tmp_path: Path) -> None:
    """And never an empty line in a mail."""
    with pytest.raises(KeyError):
        catalogue(tmp_path, en='a = "x"').say("en", "b")


def test_days_moments_and_amounts_are_written_as_people_of_the_language_do(tmp_path: Path) -> None:
    """Up to millions, and down to cents."""
    words = catalogue(tmp_path, en=ENGLISH, fr=FRENCH)
    assert [words.day("en", date(2027, 4, day)) for day in (1, 11)] == ["1 April 2027", "11 April 2027"]
    assert [words.day("fr", date(2027, 4, day)) for day in (1, 11)] == ["1er avril 2027", "11 avril 2027"]
    at = datetime(2027, 3, 1, 9, 5, 7, tzinfo=UTC)
    assert (words.moment("en", at), words.moment("fr", at)) == ("1 March 2027, 09:05:07 UTC", "1er mars 2027, 09:05:07 UTC")
    amount = {"minor": 123456705, "currency": "EUR"}
    assert words.money("en", amount) == "EUR 1,234,567.05"
    assert words.money("fr", amount) == "1\u202f234\u202f567,05 EUR"
    assert words.money("en", {"minor": 5, "currency": "EUR"}) == "EUR 0.05"
