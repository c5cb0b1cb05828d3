"""Admission: a full lane refuses early and fills no other, hashing has its own, bodies have a bound in memory, none is taken in part."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from chassis.bare.message import Request
from chassis.bare.refusals import Unavailable
from contracts import requests
from contracts.identity.accounts import ConfirmAccount, ReadMe, SetNewPassword
from contracts.identity.newsletters import Unsubscribe
from contracts.identity.sessions import ConfirmPassword, IssueToken, LogIn
from contracts.registry import ListPartnerships
from gateway.admission import Admission
from gateway.problems import SPREAD_S, spread
from gateway.rpc import Rpc
from tests.builders import person
from tests.gateway.front import Front

HASHES = {LogIn, ConfirmPassword, ConfirmAccount, SetNewPassword}


def small() -> Admission:
    """Two calls to a service, one heavy, a hundred bytes."""
    return Admission(calls=2, heavy=1, body_bytes=100)


def test_full_lane_refuses_and_is_free_again_when_a_call_ends() -> None:
    """However it ends."""
    admission = small()
    with admission.place(ReadMe), pytest.raises(ZeroDivisionError), admission.place(ReadMe):
        with pytest.raises(Unavailable):
            admission.check(ReadMe)
        with pytest.raises(Unavailable), admission.place(ReadMe):
            pytest.fail("there was no place")
        raise ZeroDivisionError
    assert admission.under_way.total() == 0


@pytest.mark.parametrize("other", [ListPartnerships, LogIn, IssueToken], ids=lambda each: each.slug())
def test_full_lane_leaves_the_others_free(other: type[Request]) -> None:
    """Another service, logging in, and the question about sessions that everything stands on."""
    admission = small()
    with admission.place(ReadMe), admission.place(ReadMe), admission.place(other):
        assert admission.under_way.total() == 3


def test_what_hashes_passwords_has_the_narrow_lane() -> None:
    """Those four and nobody else; together they have the places of one."""
    assert {each for each in requests() if each.heavy} == HASHES
    admission = small()
    with admission.place(LogIn):
        for each in HASHES:
            with pytest.raises(Unavailable):
                admission.check(each)


def test_callers_that_wait_for_a_stuck_broker_are_counted() -> None:
    """The wait for a connection is part of the call: a broker that says nothing must not gather callers without bound."""

    async def ask() -> list[Any]:
        silent = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        rpc = Rpc(f"amqp://a:b@127.0.0.1:{port}/", 0.5, small())
        calls = [rpc.call(ReadMe, {}, "token", "test") for _ in range(10)]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        silent.close()
        return outcomes

    said = [str(each) for each in asyncio.run(ask())]
    assert sum("Too many requests" in each for each in said) == 8
    assert sum("does not answer" in each for each in said) == 2


def test_time_to_come_again_is_spread() -> None:
    """All who were refused together must not come back together."""
    assert {spread(2) for _ in range(200)} == set(range(2, 2 + SPREAD_S + 1))


@pytest.mark.parametrize("path", ["/v1/me", "/v1/notices"])
def test_full_gateway_refuses_before_the_session_is_asked_about(front: Front, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """503 with a time to come again, and no work done for it."""
    front.log_in("s", person())
    monkeypatch.setattr(front.app._admission, "calls", 0)
    answer = front.ask("GET", path, "s")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable") and int(answer.headers["Retry-After"]) > 0
    assert (front.services.tokens_issued, front.services.asked) == (0, [])


def test_bodies_have_a_bound_in_memory_and_give_it_back(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many large ones at once are told to come again; afterwards nothing is held."""

    async def pieces() -> Any:
        for _ in range(4):
            yield b" " * 1000

    monkeypatch.setattr(front.app._admission, "body_bytes", 2000)
    answer = front.ask("POST", "/v1/sessions", content=pieces(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 503
    assert front.app._admission.held_bytes == 0


@pytest.mark.parametrize("begun", [b"", b"  ", b'{"token":'])
@pytest.mark.parametrize("length", [None, 50])
def test_request_that_was_cut_off_is_not_carried_out(front: Front, begun: bytes, length: int | None) -> None:
    """What came until then is not the request: here it would read as one without a body."""
    front.services.answers[Unsubscribe] = {}
    headers = [(b"content-type", b"application/json"), (b"host", b"tool.example.org")]
    headers.append((b"content-length", str(length).encode()) if length else (b"transfer-encoding", b"chunked"))
    status, body = asyncio.run(cut_off(front, "/v1/newsletters/unsubscription", begun, headers))
    assert (status, json.loads(body)["code"]) == (400, "cut_off")
    assert front.services.asked == [] and front.app._admission.held_bytes == 0


async def cut_off(front: Front, path: str, begun: bytes, headers: list[tuple[bytes, bytes]]) -> tuple[int, bytes]:
    """Send the beginning of a body, lose the connection, and say what would have been answered."""
    events = iter([{"type": "http.request", "body": begun, "more_body": True}, *[{"type": "http.disconnect"}] * 9])
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        return next(events)

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers, "server": ("h", 80),
        "client": ("127.0.0.1", 1),
    }  # fmt: skip
    await front.app(scope, receive, send)
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:])
