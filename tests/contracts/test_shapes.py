"""Fields become JSON Schema as exactly as it has words, and never stricter than the contract."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from marshmallow import ValidationError, fields, validate

from chassis.bare.fields import Choice, Digest, Instant, Several, Text, Whole
from chassis.bare.message import Command, View
from contracts.publish.shapes import Shape, Shapes
from contracts.words import Country, LanguageSkill, Money, WebAddress

FIELDS: list[tuple[fields.Field, Shape]] = [
    (Text(80), {"type": "string", "minLength": 1, "maxLength": 80}),
    (Text(80, 0, allow_none=True), {"type": ["string", "null"], "maxLength": 80}),
    (Choice(("a", "b")), {"type": "string", "enum": ["a", "b"]}),
    (Choice(("a", "b"), allow_none=True), {"type": ["string", "null"], "enum": ["a", "b", None]}),
    (Whole(1, 5), {"type": "integer", "minimum": 1, "maximum": 5}),
    (Instant(), {"type": "string", "format": "date-time"}),
    (fields.Date(), {"type": "string", "format": "date"}),
    (fields.UUID(), {"type": "string", "format": "uuid"}),
    (Digest(), {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
    (fields.Boolean(validate=validate.Equal(True)), {"type": "boolean", "const": True}),
    (fields.Float(validate=validate.Range(min=0, min_inclusive=False)), {"type": "number", "exclusiveMinimum": 0}),
    (Several(Whole(0, 9), most=3), {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "uniqueItems": True, "maxItems": 3}),
    (Several(Whole(0, 9), repeats=True), {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "maxItems": 100}),
    (fields.Dict(keys=Choice("xy"), values=Whole(0, 1)), {
        "type": "object", "propertyNames": {"type": "string", "enum": ["x", "y"]},
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 1},
    }),
    (Country(), {"$ref": "#/$defs/words.Country"}),
    (Country(allow_none=True), {"anyOf": [{"$ref": "#/$defs/words.Country"}, {"type": "null"}]}),
    (WebAddress(), {"$ref": "#/$defs/words.WebAddress"}),
    (Money(), {"$ref": "#/$defs/words.Amount"}),
]  # fmt: skip


class Sample(View):
    """One of each."""

    name = Text(10, required=True)
    skill = fields.Nested(LanguageSkill)
    secret = Text(10, load_only=True)
    as_ = fields.String(data_key="as")


class Change(Command):
    """One of each, sent."""

    example: ClassVar[dict[str, Any]] = {"name": "x"}

    name = Text(10, 2, required=True)
    level = Whole(1, 3, load_default=1)
    words = Several(Choice(("a", "b", "c")), most=2, load_default=list)
    skill = fields.Nested(LanguageSkill, load_default=None, allow_none=True)
    digest = Digest(load_default=None, allow_none=True)
    seen_at = Instant(dump_only=True)


@pytest.mark.parametrize(("field", "shape"), FIELDS, ids=lambda each: type(each).__name__ if isinstance(each, fields.Field) else "")
def test_field_becomes_its_shape(field: fields.Field, shape: Shape) -> None:
    """Type, format and every limit."""
    assert Shapes().of(field, sent=False) == shape


def test_pattern_that_knows_all_alphabets_is_not_published() -> None:
    """ECMA 262 would read it for ASCII only, and refuse names that we accept."""
    assert Shapes().of(fields.String(validate=validate.Regexp(r"\w+")), sent=True) == {"type": "string"}


def test_what_is_shown_may_grow_and_keeps_secrets() -> None:
    """No word against further fields; what is only sent is not shown; names are those on the wire."""
    shape = Shapes().shown(Sample)
    assert "additionalProperties" not in shape
    assert list(shape["properties"]) == ["name", "skill", "as"]
    assert shape["required"] == ["name"]


def test_what_is_sent_is_strict_and_says_its_defaults() -> None:
    """Unknown fields are refused where the contract refuses them, nested ones too; what only the server sets is not there."""
    shapes = Shapes()
    shape = shapes.sent(Change)
    assert shape["additionalProperties"] is False
    assert shapes.named["words.LanguageSkillIn"]["additionalProperties"] is False
    assert shape["properties"]["level"]["default"] == 1
    assert "seen_at" not in shape["properties"]


def test_field_type_without_a_shape_is_refused() -> None:
    """Better no document than one that says nothing."""
    with pytest.raises(TypeError, match="no published shape"):
        Shapes().of(fields.Function(lambda obj: obj), sent=False)


plain = st.none() | st.booleans() | st.integers(-5, 10) | st.text(max_size=12) | st.sampled_from(["a", "b", "c", "9f" * 32])
nested = st.dictionaries(st.sampled_from(["language", "level", "other"]), st.sampled_from(["en", "pt", "B2", "C1", "zz"]))
sent = st.dictionaries(
    st.sampled_from(["name", "level", "words", "skill", "digest", "unknown", "seen_at"]), plain | st.lists(plain, max_size=4) | nested
)


@given(sent | st.fixed_dictionaries({"name": st.text("ab ", max_size=14)}, optional={"level": st.integers(), "skill": nested}))
def test_schema_refuses_nothing_that_the_contract_takes(data: dict[str, Any]) -> None:
    """But for space at a text's ends and other spellings of a value, which are put right before they are looked at."""
    shapes = Shapes()
    schema = shapes.sent(Change) | {"$defs": shapes.named}
    try:
        taken = Change().load(data)
    except ValidationError:
        return
    assert not list(Draft202012Validator(schema).iter_errors(Change().dump(taken)))
