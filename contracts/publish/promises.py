"""What the published files promise, as plain lines that can be compared: what is given, what is demanded, and between which bounds.

A reader relies on what is given: a field, a type, a value, a route, also on that a field is always there. A sender relies on what is not
demanded: no further required field, no narrower bound. So what is given may grow, and what is demanded of something known may shrink.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Shape = dict[str, Any]

MOST = ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum")
LEAST = ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum")
FORMS = ("pattern", "format", "uniqueItems")


@dataclass
class Promises:
    """Lines given; per place where something is sent, its demands and its bounds."""

    given: set[str] = field(default_factory=set)
    demands: dict[str, set[str]] = field(default_factory=dict)
    bounds: dict[str, dict[str, float]] = field(default_factory=dict)

    def as_text(self) -> str:
        """JSON to be read and compared: one line for each promise, in order."""
        demands = {where: sorted(each) for where, each in sorted(self.demands.items())}
        bounds = {where: dict(sorted(each.items())) for where, each in sorted(self.bounds.items())}
        return json.dumps({"given": sorted(self.given), "demands": demands, "bounds": bounds}, indent=0, ensure_ascii=False) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Promises:
        """What `as_text` wrote."""
        read = json.loads(text)
        return cls(set(read["given"]), {where: set(each) for where, each in read["demands"].items()}, read["bounds"])


def promises_of(files: dict[str, str]) -> Promises:
    """What the published files promise: every JSON Schema, and every route of the OpenAPI document."""
    found = Promises()
    for path, text in files.items():
        if path.startswith("schemas/"):
            _note_schema(found, json.loads(text))
    if "openapi.json" in files:
        _note_routes(found, json.loads(files["openapi.json"]))
    return found


def _note_schema(found: Promises, schema: Shape) -> None:
    name = schema["$id"].rpartition("/schemas/")[2].removesuffix(".json").replace("/", ".")
    sent = "x-allowed" in schema
    _note(found, name, schema, sent)
    for each, shape in schema.get("$defs", {}).items():
        _note(found, each, shape, sent)


def _note_routes(found: Promises, document: Shape) -> None:
    for name, shape in document["components"]["schemas"].items():
        # A shape that is sent has its name from its request, or ends so; the others are shown.
        _note(found, name, shape, sent=name.endswith("In") or name in _bodies(document))
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _note_route(found, f"{method.upper()} {path}", operation)


def _note_route(found: Promises, route: str, operation: Shape) -> None:
    found.given |= {f"{route} is there", *(f"{route} lets in {role}" for role in operation["x-allowed"])}
    found.given |= {f"{route} takes the credentials {way}" for each in operation["security"] for way in each}
    demands = found.demands.setdefault(route, set())
    for each in operation["parameters"]:
        where = f"{route} {each['in']} {each['name']}"
        found.given.add(f"{where} is taken")
        demands |= {f"{each['in']} {each['name']}"} if each["required"] else set()
        _note(found, where, each["schema"], sent=True)
    body = operation.get("requestBody")
    if body:
        demands |= {"a body"} if body["required"] else set()
        for kind, content in body["content"].items():
            found.given.add(f"{route} takes {kind}")
            _note(found, f"{route} body", content["schema"], sent=True)
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            found.given.add(f"{route} answers {status}")
            for kind, content in answer.get("content", {}).items():
                _note(found, f"{route} {status} {kind}", content["schema"], sent=False)


def _bodies(document: Shape) -> set[str]:
    operations = [each for methods in document["paths"].values() for each in methods.values()]
    contents = [content for each in operations for content in each.get("requestBody", {}).get("content", {}).values()]
    return {_name(content["schema"]) for content in contents if "$ref" in content["schema"]}


def _note(found: Promises, where: str, shape: Shape, sent: bool) -> None:
    kinds = sorted(_kinds(shape))
    # A sender may go on sending each kind; a reader relies on meeting no other.
    found.given |= {f"{where} takes {kind}" for kind in kinds} if sent else {f"{where} is {' or '.join(kinds)}"}
    for each in _alternatives(shape):
        found.given |= {f"{where} may be {json.dumps(value)}" for value in each.get("enum", [])}
        if sent:
            _note_demands(found, where, each)
        else:
            found.given |= {f"{where} has the {form} {each[form]}" for form in FORMS if form in each}
        _note_inside(found, where, each, sent)


def _note_demands(found: Promises, where: str, shape: Shape) -> None:
    found.demands.setdefault(where, set()).update(f"the {form} {shape[form]}" for form in FORMS if form in shape)
    found.demands[where] |= {f"the field {name}" for name in shape.get("required", [])}
    found.demands[where] |= {"the value " + json.dumps(shape["const"])} if "const" in shape else set()
    found.demands[where] |= {"one of a list"} if "enum" in shape else set()
    found.demands[where] |= {"no other fields"} if shape.get("additionalProperties") is False else set()
    found.bounds.setdefault(where, {}).update({word: shape[word] for word in (*MOST, *LEAST) if word in shape})


def _note_inside(found: Promises, where: str, shape: Shape, sent: bool) -> None:
    for name, each in shape.get("properties", {}).items():
        found.given.add(f"{where}.{name} is {'taken' if sent else 'shown'}")
        found.given |= {f"{where}.{name} is always there"} if not sent and name in shape.get("required", []) else set()
        _note(found, f"{where}.{name}", each, sent)
    for word, sign in (("items", "[]"), ("additionalProperties", "{}"), ("propertyNames", "{name}")):
        if isinstance(shape.get(word), dict):
            _note(found, where + sign, shape[word], sent)
    for number, each in enumerate(shape.get("allOf", [])):
        _note(found, f"{where}&{number}", each, sent)


def _alternatives(shape: Shape) -> Iterator[Shape]:
    yield from shape.get("anyOf", [shape])


def _kinds(shape: Shape) -> set[str]:
    """The JSON types that may stand there, and the named shapes."""
    kinds: set[str] = set()
    for each in _alternatives(shape):
        named = each.get("type", _name(each) if "$ref" in each else "anything")
        kinds |= set(named) if isinstance(named, list) else {named}
    return kinds


def _name(shape: Shape) -> str:
    return str(shape["$ref"]).rpartition("/")[2]
