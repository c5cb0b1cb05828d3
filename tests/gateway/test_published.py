"""What is published is valid, complete and what the code says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

import contracts
from contracts.publish.asyncapi import document as asyncapi_document
from contracts.publish.asyncapi import envelope_example
from contracts.publish.folder import PUBLISHED, drifted, write
from contracts.publish.shapes import name_of
from gateway.all_routes import all_routes
from gateway.app import falcon_path
from gateway.publish import __main__ as command
from gateway.publish import document, files
from gateway.routes import Route
from tests.gateway.conftest import Empty

# The official schema, from npm's @asyncapi/specs 6.11.1, kept here so that the check needs no network and no Node.
ASYNCAPI = Path(__file__).parent.parent / "contracts" / "asyncapi" / "3.0.0.json"


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    """The OpenAPI document."""
    return document()


def operation_of(route: Route, openapi: dict[str, Any]) -> dict[str, Any]:
    """Where a route is documented."""
    found: dict[str, Any] = openapi["paths"][route.path][route.method.lower()]
    return found


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """All files as they would be written now."""
    return files()


def test_published_files_are_what_the_contracts_say(made: dict[str, str]) -> None:
    """`make contracts` was run and its output committed."""
    assert drifted(made) == []


def test_making_them_twice_makes_the_same(made: dict[str, str]) -> None:
    """Nothing in them depends on the order of a set or on the time."""
    assert files() == made


def test_openapi_is_valid(openapi: dict[str, Any]) -> None:
    """By the official schema of OpenAPI 3.1, references included."""
    assert [str(error) for error in OpenAPIV31SpecValidator(openapi).iter_errors()] == []


def test_openapi_names_no_outside_address(openapi: dict[str, Any]) -> None:
    """But that of the dialect, which is a name and not asked for."""
    text = json.dumps({key: part for key, part in openapi.items() if key not in ("jsonSchemaDialect", "paths", "components")})
    assert "http" not in text.replace("HTTP", "")


def test_routes_declare_their_rule(openapi: dict[str, Any]) -> None:
    """Who may ask stands in the document, as the door holds it."""
    for route in all_routes():
        operation = operation_of(route, openapi)
        assert operation["x-allowed"] == list(route.contract.allowed) != [], route.path
        assert operation["operationId"] == route.contract.slug()
        assert operation["summary"] and operation["tags"] == [route.contract.service], route.path


BESIDE_THE_API = {
    "/docs", "/docs/", "/docs/events", "/docs/events/", "/docs/assets/{name}", "/contracts", "/contracts/", "/contracts/{name}",
    "/contracts/schemas/{service}/{name}", "/health/live", "/health/ready",
}  # fmt: skip
"""Pages, published files and health: no door, nothing of anybody."""


def test_no_address_is_served_that_the_document_does_not_name(empty_gateway: Empty) -> None:
    """A door that is no route has no rule, and the walk would never come to it."""
    served = set(addresses(empty_gateway.app._router._roots))
    assert served - {falcon_path(each) for each in all_routes()} == BESIDE_THE_API


def addresses(nodes: Any) -> Iterator[str]:
    """What Falcon answers at, below these nodes of its tree."""
    for node in nodes:
        if node.resource is not None:
            yield node.uri_template
        yield from addresses(node.children)


def test_routes_document_their_headers(openapi: dict[str, Any]) -> None:
    """A client learns from the document what it must send."""
    for route in all_routes():
        parameters = operation_of(route, openapi)["parameters"]
        headers = {each["name"] for each in parameters if each["in"] == "header" and each["required"]}
        wanted = {"Idempotency-Key": route.needs_key, "If-Match": route.needs_if_match}
        assert headers == {name for name, is_needed in wanted.items() if is_needed}, route.path


def test_routes_document_their_refusals(openapi: dict[str, Any]) -> None:
    """A client learns from the document what it may get."""
    for route in all_routes():
        answers = operation_of(route, openapi)["responses"].values()
        examples = [each.get("content", {}).get("application/problem+json", {}).get("examples", {}) for each in answers]
        assert {each.code() for each in route.contract.refusals} <= {code for each in examples for code in each}, route.path


def test_the_version_that_if_match_names_is_shown_by_a_get(openapi: dict[str, Any]) -> None:
    """The document says where, that GET shows it and gives it as ETag, and each refusal has its status."""
    naming = [route for route in all_routes() if route.takes_if_match]
    assert len(naming) > 20
    for route in naming:
        operation = operation_of(route, openapi)
        (header,) = (each for each in operation["parameters"] if each["name"] == "If-Match")
        assert f"`GET {route.version_at}`" in header["description"] and header["required"] == route.needs_if_match
        shown = openapi["paths"][route.version_at]["get"]["responses"]["200"]
        assert "ETag" in shown["headers"]
        view = openapi["components"]["schemas"][shown["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]
        assert "version" in view["properties"]
        said = {status: operation["responses"][status]["content"]["application/problem+json"]["examples"] for status in ("428", "412")}
        assert "if_match_required" in said["428"] and "stale_version" in said["412"]


@pytest.fixture(scope="module")
def asyncapi(made: dict[str, str]) -> Any:
    """The AsyncAPI document as a reader of the published file gets it."""
    return yaml.load(made["asyncapi.yaml"], yaml.CSafeLoader)


def faults(asyncapi: Any) -> list[str]:
    """What the official schema of AsyncAPI 3 finds wrong."""
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(json.loads(ASYNCAPI.read_text())).iter_errors(asyncapi)]


def test_asyncapi_is_valid(asyncapi: Any) -> None:
    """By the official schema of AsyncAPI 3.0."""
    assert asyncapi == json.loads(json.dumps(asyncapi_document()))
    assert faults(asyncapi) == []


def test_asyncapi_check_finds_what_is_wrong(asyncapi: Any) -> None:
    """The check is none if it accepts anything, deep inside too."""
    name, channel = next(iter(asyncapi["channels"].items()))
    small = {"asyncapi": "3.0.0", "info": asyncapi["info"], "channels": {name: channel}}
    assert faults(small) == []
    assert faults(small | {"operations": {"announce": {"action": "shout", "channel": {"$ref": "#/channels/x"}}}})
    assert faults(small | {"channels": {name: channel | {"address": 7}}})
    assert faults(small | {"info": {"title": "no version"}})


def test_events_are_documented_with_their_receivers(asyncapi: Any) -> None:
    """Topic, receivers, whether partnerships get it, and an example that loads."""
    for event in contracts.events():
        name = name_of(event)
        channel, message = asyncapi["channels"][name], asyncapi["components"]["messages"][name]
        assert channel["bindings"]["amqp"]["exchange"]["name"] == f"{event.service}.events"
        assert (channel["x-heard-by"], channel["x-for-partnerships"]) == (list(event.heard_by), event.for_partnerships), name
        assert message["examples"][0]["payload"] == envelope_example(event), name


def test_check_says_which_file_drifted(made: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A build that fails says what to do about it."""
    monkeypatch.setattr(command, "files", lambda: made | {"openapi.json": made["openapi.json"] + "\n"})
    assert command.main(["--check"]) == 1
    assert "contracts/published/openapi.json" in (said := capsys.readouterr().err)
    assert "make contracts" in said


def test_writing_adds_changes_and_removes(tmp_path: Path) -> None:
    """After writing nothing has drifted, and what is not published any more is gone."""
    write({"a.json": "1\n", "schemas/b.json": "2\n"}, tmp_path)
    assert write({"schemas/b.json": "3\n"}, tmp_path) == ["a.json", "schemas/b.json"]
    assert drifted({"schemas/b.json": "3\n"}, tmp_path) == []
    assert not (tmp_path / "a.json").exists()


def test_published_schemas_lie_where_they_say() -> None:
    """Each schema's id is the address it is served at."""
    for file in (PUBLISHED / "schemas").rglob("*.json"):
        assert json.loads(file.read_text())["$id"] == f"/contracts/{file.relative_to(PUBLISHED)}"
