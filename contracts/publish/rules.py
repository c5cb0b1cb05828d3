"""From marshmallow's validators to the words of JSON Schema; what those cannot say stays with the contract alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from marshmallow import fields, validate

# Python's \w and \d know all alphabets, those of JSON Schema's ECMA 262 do not: such a pattern would refuse names we accept.
WITH_ALPHABETS = re.compile(r"\\[wWdDsSbB]")

COUNTED = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems"), "object": ("minProperties", "maxProperties")}


def constraints(each: fields.Field) -> dict[str, Any]:
    """What the field's validators demand, as far as JSON Schema has words for it."""
    found: dict[str, Any] = {}
    for rule in each.validators:
        if write := WORDS.get(type(rule)):
            found |= write(rule, each)
    return {word: value for word, value in found.items() if value is not None}


def _length(rule: validate.Length, each: fields.Field) -> dict[str, Any]:
    least, most = COUNTED["array" if isinstance(each, fields.List) else "object" if isinstance(each, fields.Dict) else "string"]
    return {least: rule.equal or rule.min or None, most: rule.equal or rule.max}


def _range(rule: validate.Range, each: fields.Field) -> dict[str, Any]:
    least = "minimum" if rule.min_inclusive else "exclusiveMinimum"
    most = "maximum" if rule.max_inclusive else "exclusiveMaximum"
    return {least: rule.min, most: rule.max}


def _one_of(rule: validate.OneOf, each: fields.Field) -> dict[str, Any]:
    return {"enum": list(rule.choices)}


def _equal(rule: validate.Equal, each: fields.Field) -> dict[str, Any]:
    return {"const": rule.comparable}


def _pattern(rule: validate.Regexp, each: fields.Field) -> dict[str, Any]:
    pattern = str(rule.regex.pattern)
    if WITH_ALPHABETS.search(pattern) or rule.regex.flags & ~re.UNICODE:
        return {}
    # marshmallow matches from the start; ECMA 262 knows no \Z, and its $ is the very end.
    return {"pattern": (pattern if pattern.startswith("^") else f"^(?:{pattern})").replace(r"\Z", "$")}


WORDS: dict[type, Callable[[Any, fields.Field], dict[str, Any]]] = {
    validate.Length: _length,
    validate.Range: _range,
    validate.OneOf: _one_of,
    validate.Equal: _equal,
    validate.Regexp: _pattern,
}
