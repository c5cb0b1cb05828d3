"""Refusals: a code, a sentence, details, and how they travel."""

from __future__ import annotations

import pytest

from chassis.bare.refusals import Conflict, Refusal, RefusedElsewhere, StaleVersion, snake_case


class DoorNotOpen(Conflict):
    """The {door} is closed until {hour}; come back
    after that."""


@pytest.mark.parametrize(
    ("name", "code"),
    [("AgreementNotOpen", "agreement_not_open"), ("NotAnSme", "not_an_sme"), ("Gone", "gone"), ("EMailsDiffer", "emails_differ")],
)
def test_code_is_the_class_name_in_snake_case(name: str, code: str) -> None:
    """Programs compare codes, so the name alone decides them; capitals in a row stay one word."""
    assert snake_case(name) == code


def test_sentence_is_the_docstring_on_one_line_with_its_details() -> None:
    """The sentence names the details in their places."""
    assert DoorNotOpen(door="gate", hour=9).sentence == "The gate is closed until 9; come back after that."


def test_sentence_keeps_braces_that_no_detail_fills() -> None:
    """A missing detail must not hide the refusal behind another error."""
    assert "{hour}" in DoorNotOpen(door="gate").sentence


def test_braces_inside_a_detail_are_text() -> None:
    """What somebody typed is never filled in a second time."""
    assert DoorNotOpen(door="{hour}", hour=9).sentence.startswith("The {hour} is closed until 9")


def test_message_carries_kind_code_sentence_and_details() -> None:
    """What travels over RPC is enough to show and to translate it."""
    assert StaleVersion(version=4).as_message() == {
        "kind": "conflict",
        "code": "stale_version",
        "sentence": StaleVersion(version=4).sentence,
        "details": {"version": 4},
    }


def test_refusal_from_elsewhere_passes_on_unchanged() -> None:
    """A service that asked another hands its refusal on as it came."""
    message = DoorNotOpen(door="gate", hour=9).as_message()
    passed = RefusedElsewhere(message)
    assert (passed.kind, passed.sentence, passed.as_message()) == ("conflict", message["sentence"], message)


def test_there_are_four_kinds_of_refusal() -> None:
    """Everything else is a bug."""
    assert {each.kind for each in Refusal.__subclasses__() if "kind" in vars(each)} == {"not_found", "forbidden", "conflict", "invalid"}
