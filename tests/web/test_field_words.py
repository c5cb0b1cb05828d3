"""What the API says of single fields has its words in the pages' languages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from chassis.bare.fields import Choice, Several, Text, Whole
from contracts.payments.bank_details import Iban
from contracts.words import Window
from tests.web.test_texts import SOURCES

PATTERNS = [
    re.compile(found.replace("(?<", "(?P<"))
    for found in re.findall(r"^  \[/(.+)/, '", (SOURCES / "lib" / "field-words.ts").read_text("utf-8"), re.MULTILINE)
]


class Form(Schema):
    """A field of each kind that forms have."""

    name = Text(30, required=True)
    role = Choice(["host"])
    days = Whole(1, 5)
    share = fields.Integer(validate=validate.Range(min=1))
    topics = Several(Text(10), fewest=1, most=2)
    mail = fields.Email()
    page = fields.Url()
    on = fields.Date()
    iban = Iban()
    period = fields.Nested(Window)
    agreed = fields.Boolean(validate=validate.Equal(True))


WRONG: tuple[dict[str, Any], ...] = (
    {},
    {"name": None},
    {"name": ""},
    {"name": "x" * 31},
    {"name": "\x00"},
    {"role": "guest"},
    {"days": 9},
    {"days": "few"},
    {"share": 0},
    {"topics": []},
    {"topics": ["a", "a"]},
    {"mail": "nobody"},
    {"page": "here"},
    {"on": "2027-02-30"},
    {"iban": "DE00"},
    {"period": {"start": "2027-03-02", "end": "2027-03-01"}},
    {"agreed": False},
)


@pytest.mark.parametrize("body", WRONG, ids=str)
def test_a_wrong_field_is_told_in_the_readers_language(body: dict[str, Any]) -> None:
    """A sentence that no pattern knows is shown in English to everybody."""
    with pytest.raises(ValidationError) as raised:
        Form().load({"name": "x"} | body if body else {})
    said = list(sentences(raised.value.messages))
    assert said
    assert [each for each in said if not any(pattern.search(each) for pattern in PATTERNS)] == []


def sentences(messages: Any) -> list[str]:
    """All sentences of an answer, whatever they lie in."""
    if isinstance(messages, str):
        return [messages]
    inner = messages.values() if isinstance(messages, dict) else messages
    return [sentence for each in inner for sentence in sentences(each)]
