"""Published contracts grow and never shrink: each way of shrinking is found, each way of growing is let through."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import gateway.publish
from contracts.publish.promises import Promises, promises_of
from contracts.publish.shrinking import complaints, grown, read_promised, read_retired, without

VIEW: dict[str, Any] = {
    "$id": "/contracts/schemas/things/Thing.json",
    "type": "object",
    "properties": {
        "thing_id": {"type": "string", "format": "uuid"},
        "state": {"type": "string", "enum": ["new", "old"]},
        "size": {"type": "integer"},
        "owner": {"$ref": "#/$defs/things.Owner"},
    },
    "required": ["thing_id", "state"],
    "$defs": {"things.Owner": {"type": "object", "properties": {"owner_id": {"type": "string"}}, "required": ["owner_id"]}},
}
REQUEST: dict[str, Any] = {
    "$id": "/contracts/schemas/things/MakeThing.json",
    "x-allowed": ["finance"],
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 80},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "note": {"type": ["string", "null"]},
        "parts": {"type": "array", "items": {"type": "integer", "minimum": 1}},
    },
    "required": ["name"],
}
OPENAPI: dict[str, Any] = {
    "components": {"schemas": {"things.Thing": VIEW, "things.MakeThing": REQUEST}},
    "paths": {
        "/v1/things": {
            "get": {
                "x-allowed": ["finance", "auditor"],
                "security": [{"bearer": []}],
                "parameters": [{"name": "after", "in": "query", "required": False, "schema": {"type": "string"}}],
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/things.Thing"}}}}},
            },
            "post": {
                "x-allowed": ["finance"],
                "security": [{"bearer": []}],
                "parameters": [],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/things.MakeThing"}}},
                },
                "responses": {"201": {}, "409": {}},
            },
        }
    },
}

Files = dict[str, Any]
Change = Callable[[Files], Any]


def promised(change: Change = lambda files: None) -> Promises:
    """What a small set of published files promises, after a change."""
    files: Files = copy.deepcopy({"view": VIEW, "request": REQUEST, "api": OPENAPI})
    change(files)
    texts = {"schemas/things/Thing.json": files["view"], "schemas/things/MakeThing.json": files["request"], "openapi.json": files["api"]}
    return promises_of({path: json.dumps(document) for path, document in texts.items()})


def get(files: Files) -> Any:
    """The route that reads."""
    return files["api"]["paths"]["/v1/things"]["get"]


SHRUNK: dict[str, Change] = {
    "a field is shown no more": lambda files: files["view"]["properties"].pop("size"),
    "a field inside a field is shown no more": lambda files: files["view"]["$defs"]["things.Owner"]["properties"].pop("owner_id"),
    "a field is not always there any more": lambda files: files["view"]["required"].remove("state"),
    "a shown value is gone": lambda files: files["view"]["properties"]["state"]["enum"].remove("old"),
    "a shown type is another": lambda files: files["view"]["properties"]["size"].update(type="string"),
    "a shown field may be null now": lambda files: files["view"]["properties"]["size"].update(type=["integer", "null"]),
    "a shown id is no uuid any more": lambda files: files["view"]["properties"]["thing_id"].pop("format"),
    "a shape is another": lambda files: files["view"]["properties"]["owner"].update({"$ref": "#/$defs/things.Else"}),
    "a field is taken no more": lambda files: files["request"]["properties"].pop("note"),
    "a taken value is refused": lambda files: files["request"]["properties"]["kind"]["enum"].remove("b"),
    "any text was taken, now one of a list": lambda files: files["request"]["properties"]["note"].update(enum=["x"]),
    "a taken type is refused": lambda files: files["request"]["properties"]["parts"].update(type="string"),
    "null is refused": lambda files: files["request"]["properties"]["note"].update(type="string"),
    "a field must be sent now": lambda files: files["request"]["required"].append("kind"),
    "a new field must be sent": lambda files: (
        files["request"]["properties"].update(more={"type": "string"}), files["request"]["required"].append("more")),
    "a text may be less long": lambda files: files["request"]["properties"]["name"].update(maxLength=40),
    "a text has a bound now": lambda files: files["request"]["properties"]["kind"].update(maxLength=4),
    "a number has to be larger": lambda files: files["request"]["properties"]["parts"]["items"].update(minimum=2),
    "a text has a form now": lambda files: files["request"]["properties"]["name"].update(pattern="^x$"),
    "items must not repeat": lambda files: files["request"]["properties"]["parts"].update(uniqueItems=True),
    "unknown fields are refused": lambda files: files["request"].update(additionalProperties=False),
    "a route is gone": lambda files: files["api"]["paths"].pop("/v1/things"),
    "a method is gone": lambda files: files["api"]["paths"]["/v1/things"].pop("post"),
    "a role is let in no more": lambda files: get(files)["x-allowed"].remove("auditor"),
    "a way to log in is gone": lambda files: get(files).update(security=[]),
    "a parameter is taken no more": lambda files: get(files)["parameters"].clear(),
    "a parameter must be sent now": lambda files: get(files)["parameters"][0].update(required=True),
    "a header must be sent now": lambda files: get(files)["parameters"].append(
        {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}),
    "success has another status": lambda files: get(files).update(responses={"204": {}}),
    "an answer has another shape": lambda files: get(files)["responses"]["200"]["content"]["application/json"].update(
        schema={"type": "array", "items": {}}),
}  # fmt: skip
GROWN: dict[str, Change] = {
    "a field more is shown": lambda files: files["view"]["properties"].update(more={"type": "string"}),
    "a field is always there now": lambda files: files["view"]["required"].append("size"),
    "a value more may be shown": lambda files: files["view"]["properties"]["state"]["enum"].append("gone"),
    "a field more may be sent": lambda files: files["request"]["properties"].update(more={"type": "string", "maxLength": 3}),
    "a field need not be sent any more": lambda files: files["request"]["required"].remove("name"),
    "a text may be longer": lambda files: files["request"]["properties"]["name"].update(maxLength=100),
    "a bound is gone": lambda files: files["request"]["properties"]["name"].pop("maxLength"),
    "a value more is taken": lambda files: files["request"]["properties"]["kind"]["enum"].append("c"),
    "null is taken, too": lambda files: files["request"]["properties"]["kind"].update(type=["string", "null"]),
    "a role more is let in": lambda files: get(files)["x-allowed"].append("administrator"),
    "a route more, with what it demands": lambda files: files["api"]["paths"].update({"/v1/more": files["api"]["paths"]["/v1/things"]}),
    "a refusal more": lambda files: get(files)["responses"].update({"404": {}}),
    "another word of explanation": lambda files: files["view"].update(description="Better said."),
}


@pytest.mark.parametrize("change", SHRUNK.values(), ids=SHRUNK)
def test_shrinking_is_found(change: Change) -> None:
    """And said in a sentence."""
    found = complaints(promised(change), promised(), [])
    assert found and all(each.startswith(("given no more: ", "newly demanded: ", "narrowed: ")) for each in found)


@pytest.mark.parametrize("change", GROWN.values(), ids=GROWN)
def test_growing_is_let_through(change: Change) -> None:
    """Nobody who relies on what was promised is hurt by it."""
    assert complaints(promised(change), promised(), []) == []


def test_what_once_grew_may_not_shrink_back() -> None:
    """The baseline takes in what is new, and forgets nothing."""
    wider = promised(GROWN["a value more is taken"])
    baseline = Promises.from_text(grown(promised(), wider).as_text())
    assert complaints(wider, baseline, []) == []
    assert complaints(promised(), baseline, []) == ['given no more: things.MakeThing.kind may be "c"']


def test_announced_end_is_let_through_and_nothing_else(tmp_path: Path) -> None:
    """By the very sentence, or by its beginning for all that hangs on it; without a reason it is no announcement."""
    file = tmp_path / "retired.yaml"
    file.write_text("retired:\n  - {sentence: 'given no more: GET /v1/things*', why: moved, announced: 2027-01-31}\n")
    retired = read_retired(file)
    now = promised(lambda files: files["api"]["paths"]["/v1/things"].pop("get"))
    assert complaints(now, promised(), retired) == []
    assert complaints(now, without(promised(), retired), []) == []
    assert complaints(promised(SHRUNK["a route is gone"]), promised(), retired) != []
    file.write_text("retired:\n  - {sentence: 'given no more: GET /v1/things*'}\n")
    with pytest.raises(ValueError, match="why"):
        read_retired(file)


def test_what_is_published_keeps_all_that_was_promised() -> None:
    """The very check of `make check`, on the whole of it: events, partners' events, requests, answers, routes."""
    now = promises_of(gateway.publish.files())
    assert complaints(now, read_promised(), read_retired()) == []
    assert {"partners.AgreementSigned.signed_at is always there", "GET /v1/events lets in partner_system"} <= now.given
