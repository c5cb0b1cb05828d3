"""Field types: what is strict, and what is safe to store and to print."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from chassis.bare.fields import Choice, Digest, Instant, Several, Text, Whole


def refuses(field: fields.Field, value: Any) -> bool:
    """Whether the field refuses a value."""
    try:
        field.deserialize(value)
    except ValidationError:
        return True
    return False


CONTROLS = ["\x00", "\x1b", "\x7f", "\x85", "\ud800", "\ue000", "\u2028", "\u2029", "\r", "\n", "\t"]


@pytest.mark.parametrize("letter", CONTROLS, ids=ascii)
def test_text_refuses_control_characters_and_half_surrogates(letter: str) -> None:
    """NUL cannot be stored, a line break in a subject forges a header, an escape writes on somebody's terminal."""
    assert refuses(Text(), f"one{letter}two")


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\x7f", "\ud800", "\ue000", "\r"], ids=ascii)
def test_text_of_several_lines_refuses_other_controls(letter: str) -> None:
    """Lines allow line breaks and tabs, nothing else."""
    assert refuses(Text(lines=True), f"one{letter}two")


def test_text_of_several_lines_keeps_line_breaks_in_one_form() -> None:
    """Windows and other line ends become the same."""
    assert Text(lines=True).deserialize("one\r\ntwo\tthree\nfour") == "one\ntwo\tthree\nfour"


def test_text_is_trimmed_and_composed() -> None:
    """Two ways of typing é are one text."""
    assert Text().deserialize("  Cafe\u0301 ") == "Café"


@pytest.mark.parametrize("value", ["", "   ", "x" * 6, None, 5, ["text"], {}])
def test_text_of_a_wrong_length_or_kind_is_refused(value: Any) -> None:
    """Blank is missing, and the longest is counted after trimming."""
    assert refuses(Text(5), value)


def test_text_is_counted_after_trimming() -> None:
    """Spaces around do not count."""
    assert Text(5).deserialize("  five5  ") == "five5"


@given(st.text(max_size=50))
def test_what_text_lets_in_can_be_stored_and_stands_on_one_line(value: str) -> None:
    """Whatever passes encodes, holds no NUL and has one line; and passing again changes nothing."""
    try:
        text = Text(200, 0).deserialize(value)
    except ValidationError:
        return
    assert "\x00" not in text and len(text.splitlines()) <= 1 and text.encode() is not None
    assert Text(200, 0).deserialize(text) == text


@pytest.mark.parametrize("value", [1.9, 1.0, True, False, "1", "", None, -1, 11, math.nan, [], 10**30])
def test_whole_refuses_what_is_no_whole_number_in_its_range(value: Any) -> None:
    """1.9 must not become 1, nor true become 1."""
    assert refuses(Whole(0, 10), value)


def test_whole_takes_its_limits() -> None:
    """Both ends belong to it."""
    assert [Whole(0, 10).deserialize(each) for each in (0, 10)] == [0, 10]


@pytest.mark.parametrize("value", ["2026-11-02T09:00:00", "2026-11-02", "yesterday", "", 5, None, "0001-01-01T00:00:00+23:59"])
def test_instant_refuses_what_names_no_moment(value: Any) -> None:
    """A time without its offset could be any of 24 hours."""
    assert refuses(Instant(), value)


def test_instant_is_kept_and_shown_in_utc() -> None:
    """The offset it came with does not matter."""
    moment = Instant().deserialize("2026-11-02T10:00:00+01:00")
    assert moment == datetime(2026, 11, 2, 9, tzinfo=UTC) and moment.tzinfo is UTC
    assert Instant()._serialize(moment, None, None) == "2026-11-02T09:00:00Z"


@pytest.mark.parametrize("value", [["a", "a"], ["a"] * 4, [], "a", {"a": 1}, ["a", 5]], ids=str)
def test_several_refuses_repeats_too_few_and_too_many(value: Any) -> None:
    """A list is a set with an order."""
    assert refuses(Several(Text(5), fewest=1, most=3), value)


def test_several_compares_what_was_loaded() -> None:
    """Two spellings of one thing are one thing."""
    assert refuses(Several(Text(5)), ["Café", "Cafe\u0301"])
    assert Several(Text(5), repeats=True).deserialize(["a", "a"]) == ["a", "a"]


@pytest.mark.parametrize("value", ["0" * 63, "0" * 65, "G" * 64, "A" * 64, "0" * 64 + "\n", "../" + "0" * 61, None, 5])
def test_digest_is_64_lower_case_hexadecimal_digits(value: Any) -> None:
    """It becomes a file's name."""
    assert refuses(Digest(), value)
    assert not refuses(Digest(), "0123456789abcdef" * 4)


@pytest.mark.parametrize("value", ["c", "", "A", None, 1, ["a"]])
def test_choice_takes_only_its_words(value: Any) -> None:
    """A closed list is closed."""
    assert refuses(Choice(("a", "b")), value)
    assert not refuses(Choice(("a", "b")), "b")


@pytest.mark.parametrize("lines", [False, True])
def test_text_refuses_marks_that_turn_the_direction_of_reading(lines: bool) -> None:
    """A signed text must read as it is, from its first letter to its last."""
    with pytest.raises(ValidationError):
        Text(lines=lines).deserialize("pay 001\u202e 5 days")
