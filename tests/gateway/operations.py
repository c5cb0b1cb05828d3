"""The operations of an OpenAPI document, as somebody reads them who has nothing but the document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One method of one address: who may ask, what can be sent (examples by name; None where there is none), what is refused."""

    method: str
    path: str
    allowed: tuple[str, ...]
    in_path: dict[str, Any]
    in_query: dict[str, Any]
    in_body: dict[str, Any] | None
    lists: frozenset[str]
    files: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    codes_of_401: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def operations(document: dict[str, Any]) -> list[Operation]:
    """All of them, by address and method."""
    found = [
        _operation(method, path, about, document)
        for path, methods in document["paths"].items()
        for method, about in methods.items()
        if method in METHODS
    ]
    return sorted(found, key=lambda each: (each.path, each.method))


def _operation(method: str, path: str, about: dict[str, Any], document: dict[str, Any]) -> Operation:
    body = _schema_of_body(about, document)
    files = {name: _media_type(about, name) for name, each in body.items() if each.get("format") == "binary"}
    in_path = _named(about, "path")
    if set(in_path) != set(re.findall(r"\{(\w+)\}", path)):
        raise ValueError(f"{method} {path}: the document's parameters are not those of the path")
    return Operation(
        method=method.upper(),
        path=path,
        allowed=tuple(about["x-allowed"]),
        in_path=in_path,
        in_query=_named(about, "query"),
        in_body={name: _example(name, each, about) for name, each in body.items() if name not in files} if body else None,
        lists=frozenset(name for name, each in (body | _schemas_of_query(about)).items() if each.get("type") == "array"),
        files=files,
        headers={each["name"]: each["example"] for each in about["parameters"] if each["in"] == "header" and each["required"]},
        codes_of_401=frozenset(_codes(about, "401")),
    )


def _named(about: dict[str, Any], where: str) -> dict[str, Any]:
    return {each["name"]: each.get("example") for each in about["parameters"] if each["in"] == where}


def _schemas_of_query(about: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["schema"] for each in about["parameters"] if each["in"] == "query"}


def _content(about: dict[str, Any]) -> dict[str, Any]:
    return next(iter(about.get("requestBody", {}).get("content", {}).values()), {})


def _schema_of_body(about: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    schema = _content(about).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return dict(schema.get("properties", {}))


def _example(name: str, schema: dict[str, Any], about: dict[str, Any]) -> Any:
    """The example's value; a form has none, and the first value that may be chosen stands for it."""
    return _content(about).get("example", {}).get(name, next(iter(schema.get("enum", [])), None) if "encoding" in _content(about) else None)


def _media_type(about: dict[str, Any], name: str) -> str:
    return str(_content(about)["encoding"][name]["contentType"].partition(",")[0])


def _codes(about: dict[str, Any], status: str) -> set[str]:
    examples = about["responses"].get(status, {}).get("content", {}).get("application/problem+json", {}).get("examples", {})
    return set(examples)
