"""Plausible requests, made of the examples in the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.gateway.operations import Operation

SMALL_FILES = {
    "application/pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n",
    "image/png": bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    ),
    "image/jpeg": bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"),
}
KEY = "Idempotency-Key"


@dataclass(frozen=True)
class Sent:
    """A request, before anybody signs it; `names` says which of our things it is about."""

    method: str
    path: str
    query: dict[str, str] | None = None
    body: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    files: dict[str, tuple[str, bytes, str]] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


def plausible(operation: Operation, ours: dict[str, str]) -> Sent:
    """The operation's example with our ids in it, a fresh key, and a small file for each upload."""
    known = {name: id_ for name, id_ in ours.items() if name not in operation.lists}
    path, query, body = (_filled(each, known) for each in (operation.in_path, operation.in_query, operation.in_body or {}))
    address = operation.path.format(**{name: path.get(name, uuid4()) for name in operation.in_path})
    return Sent(
        method=operation.method,
        path=address,
        query={name: _text(value) for name, value in query.items()} if operation.method == "GET" else None,
        body=body if operation.in_body is not None and not operation.files else None,
        form={name: _text(value) for name, value in body.items()} if operation.files else None,
        files={name: _file(media_type) for name, media_type in operation.files.items()} or None,
        headers=operation.headers | ({KEY: str(uuid4())} if KEY in operation.headers else {}),
        names=frozenset({*path, *query, *body} & set(known)),
    )


def _filled(examples: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    """Our ids where they belong, else the examples; what has neither is left out."""
    chosen = {name: known.get(name, example) for name, example in examples.items()}
    return {name: value for name, value in chosen.items() if value is not None}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_text(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _file(media_type: str) -> tuple[str, bytes, str]:
    return f"small.{media_type.rpartition('/')[2]}", SMALL_FILES[media_type], media_type
