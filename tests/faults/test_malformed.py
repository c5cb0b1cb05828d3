"""Malformed bodies, forms, headers, addresses and queries against every route of the published document, through the whole gateway.

In one process and without a server, for breadth; what is no HTTP at all is sent to a real one in tests/gateway/test_connections.py,
and to the whole system in test_served_contract.py.
"""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import pytest

from gateway.publish import document
from tests.builders import person
from tests.faults.corpus import BODIES, FORMS, HEADERS, JSON, PATHS, QUERIES, Malformed
from tests.gateway.front import Front, make_front

pytestmark = pytest.mark.slow

ROLES = ("representative", "registrations", "agreements", "finance", "support_officer", "administrator", "auditor")
OPENAPI = document()
PIECE = 64 * 1024


@dataclass(frozen=True)
class Operation:
    """One operation of the document, with an address, headers and a body that are good; `files` are the fields that carry one."""

    method: str
    path: str
    headers: dict[str, str]
    media_type: str | None
    example: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def operations() -> list[Operation]:
    """All of them."""
    return [_operation(method, path, what) for path, methods in OPENAPI["paths"].items() for method, what in methods.items()]


def _operation(method: str, path: str, what: dict[str, Any]) -> Operation:
    for each in what["parameters"]:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(each.get("example", uuid4())))
    headers = {each["name"]: each["example"] for each in what["parameters"] if each["in"] == "header"}
    content = what.get("requestBody", {}).get("content", {JSON: {}} if method != "get" else {})
    for kind, body in content.items():
        return Operation(method.upper(), path, headers, kind, body.get("example", {}), _files(body.get("schema", {})))
    return Operation(method.upper(), path, headers, None)


def _files(schema: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name, each in schema.get("properties", {}).items() if each.get("format") == "binary")


WRITES = [each for each in operations() if each.media_type == JSON]
UPLOADS = [each for each in operations() if each.media_type == "multipart/form-data"]
READS = [each for each in operations() if each.method == "GET"]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """A gateway at which somebody with every role is logged in, and behind which nothing is ever there."""
    with pytest.MonkeyPatch.context() as patch:
        front = make_front(tmp_path_factory.mktemp("malformed"), patch)
        front.log_in("s", person(*[(role, None) for role in ROLES]))
        yield front


@dataclass
class Sent:
    """What came back for one request, and how many calls it led to."""

    status: int
    headers: dict[str, str]
    body: bytes
    calls: int

    def is_refused(self) -> bool:
        """Whether it is a refusal of 4xx as a problem with code, sentence and correlation id."""
        if not 400 <= self.status < 500 or self.headers.get("content-type") != "application/problem+json":
            return False
        problem = json.loads(self.body)
        return bool(problem["code"] and problem["detail"] and problem["correlation_id"] and problem["status"] == self.status)


def send(front: Front, method: str, address: str, headers: dict[str, bytes], body: bytes = b"") -> Sent:
    """One request straight to the application, as a server would hand it over; a hang fails."""
    before, events = len(front.services.asked), _events(body)
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        return next(events, {"type": "http.disconnect"})

    async def hear(event: dict[str, Any]) -> None:
        sent.append(event)

    path, _, query = address.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote(path, errors="replace"), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", b"h"), *((name.lower().encode(), value) for name, value in headers.items())], "server": ("h", 80),
        "client": ("127.0.0.1", 1),
    }  # fmt: skip
    asyncio.run(asyncio.wait_for(front.app(scope, receive, hear), 60))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Sent(sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:]), len(front.services.asked) - before)


def _events(body: bytes) -> Iterator[dict[str, Any]]:
    for start in range(0, max(len(body), 1), PIECE):
        yield {"type": "http.request", "body": body[start : start + PIECE], "more_body": start + PIECE < len(body)}


def send_malformed(front: Front, operation: Operation, malformed: Malformed) -> Sent:
    """A body against an operation, everything else being good."""
    body = malformed.body(operation.example)
    headers = _headers(operation) | {name: value.encode() for name, value in malformed.headers.items()}
    headers |= {"content-type": malformed.media_type.encode("latin-1")} if malformed.media_type else {}
    headers |= {"transfer-encoding": b"chunked"} if malformed.pieces else {"content-length": str(len(body)).encode()}
    return send(front, operation.method, operation.path, headers, body)


def _headers(operation: Operation) -> dict[str, bytes]:
    return {"authorization": b"Bearer s"} | {name.lower(): value.encode() for name, value in operation.headers.items()}


@pytest.mark.parametrize("name", BODIES)
def test_malformed_body_is_refused_at_every_address_that_takes_one(front: Front, name: str) -> None:
    """With a problem of 4xx; no service hears of it."""
    assert len(WRITES) > 60
    wrong = {str(each): sent for each in WRITES if not (sent := send_malformed(front, each, BODIES[name])).is_refused() or sent.calls}
    assert not wrong, wrong


@pytest.mark.parametrize("operation", UPLOADS, ids=str)
@pytest.mark.parametrize("name", FORMS)
def test_malformed_form_is_refused_at_every_address_that_takes_one(front: Front, name: str, operation: Operation) -> None:
    """And leaves no file behind."""
    form, file = FORMS[name], f'name="{operation.files[0]}"'.encode()
    named = replace(form, body=lambda _: form.body({}).replace(b'name="file"', file))
    sent = send_malformed(front, operation, named)
    assert sent.is_refused() and not sent.calls, sent
    assert not [path for path in (front.folder / "blobs").rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", HEADERS)
def test_absurd_header_breaks_nothing(front: Front, name: str) -> None:
    """At any address: refused, or without a meaning there."""
    header, value = HEADERS[name]
    for operation in (*WRITES, *UPLOADS, *READS):
        body = json.dumps(operation.example).encode() if operation.media_type else b""
        kind = {"content-type": (operation.media_type or JSON).encode()}
        sent = send(front, operation.method, operation.path, _headers(operation) | kind | {header: value}, body)
        assert sent.is_refused(), (operation, sent)


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS", "BREW"])
def test_absurd_address_is_not_found(front: Front, method: str, name: str) -> None:
    """Or takes no such method."""
    sent = send(front, method, quote(PATHS[name], safe="/%{}:;=-_.~"), {"authorization": b"Bearer s", "idempotency-key": b"k"})
    assert sent.is_refused() or (method == "OPTIONS" and sent.status == 200), sent


@pytest.mark.parametrize("name", QUERIES)
def test_absurd_query_breaks_nothing(front: Front, name: str) -> None:
    """At every address that is read; what the gateway cannot judge, a cursor, the service refuses (test_served_contract.py)."""
    for operation in READS:
        sent = send(front, "GET", f"{operation.path}?{QUERIES[name]}", _headers(operation))
        assert sent.is_refused(), (operation, sent)


@pytest.mark.parametrize("pieces", [False, True])
def test_large_body_is_never_held_whole(front: Front, pieces: bool) -> None:
    """Twenty megabytes cost no more memory than what may be sent."""
    events = 20 * 2**20 // PIECE
    operation = next(each for each in WRITES if each.path == "/v1/sessions")
    body = Malformed(lambda _: b" " * PIECE * events, pieces=pieces)
    send_malformed(front, operation, body)
    tracemalloc.start()
    assert send_malformed(front, operation, body).status == 413
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The test's own body is one of the three.
    assert most < 20 * 2**20 + 5 * 2**20
    assert front.app._admission.held_bytes == 0
