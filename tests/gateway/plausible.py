"""Plausible requests to a route, made of its contract's example."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from marshmallow import fields

from chassis.bare.message import Upload
from gateway.routes import Route

SMALL_FILES = {
    "application/pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n",
    "image/png": bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    ),
    "image/jpeg": bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"),
}


@dataclass(frozen=True)
class Sent:
    """A request, before anybody signs it; `names_ours` says whether it is about one of our things."""

    method: str
    path: str
    query: dict[str, str] | None = None
    body: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    files: dict[str, tuple[str, bytes, str]] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    names_ours: bool = False


def plausible(route: Route, ours: dict[str, str]) -> Sent:
    """The route's example with our ids in it, a fresh key, and a small file for each upload."""
    content = _content(route, ours)
    rest = {key: value for key, value in content.items() if key not in route.path_fields}
    uploads = {field.data_key or name: field for name, field in route.uploads.items()}
    plain = {key: value for key, value in rest.items() if key not in uploads}
    return Sent(
        method=route.method,
        path=re.sub(r"\{(\w+)\}", lambda found: str(content[found[1]]), route.path),
        query={key: _text(value) for key, value in plain.items()} if not route.is_command else None,
        body=plain if route.is_command and not uploads and route.other_fields else None,
        form={key: _text(value) for key, value in plain.items()} if uploads else None,
        files={key: _file(upload) for key, upload in uploads.items()} or None,
        headers=_headers(route),
        names_ours=any(content.get(name) == id_ for name, id_ in ours.items()),
    )


def _content(route: Route, ours: dict[str, str]) -> dict[str, Any]:
    declared = route.contract._declared_fields
    known = {name: id_ for name, id_ in ours.items() if name in declared and not isinstance(declared[name], fields.List)}
    guessed = {name: str(uuid4()) for name in route.path_fields}
    return guessed | route.contract.example | known


def _headers(route: Route) -> dict[str, str]:
    key = {"Idempotency-Key": str(uuid4())} if route.needs_key else {}
    return key | ({"If-Match": '"1"'} if route.needs_if_match else {})


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(_text(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _file(upload: Upload) -> tuple[str, bytes, str]:
    media_type = upload.types[0]
    return f"small.{media_type.rpartition('/')[2]}", SMALL_FILES[media_type], media_type
