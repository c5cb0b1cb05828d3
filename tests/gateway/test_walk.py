"""The walk itself: it asks plausibly, and finds what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import httpx
import pytest

from chassis.bare.message import ANYONE
from gateway.all_routes import all_routes
from gateway.publish import document
from tests.gateway.conftest import Empty
from tests.gateway.operations import Operation, operations
from tests.gateway.plausible import plausible
from tests.gateway.walk import ANONYMOUS, FOREIGN, NEVER_IN, NOBODY, STRANGERS, Finding, may_ask, walk

OURS = {"exchange_id": "5b0f7c1e-93a4-4f7a-8f43-000000000001"}
ALL = operations(document())
SOME = [each for each in ALL if each.path.startswith(("/v1/exchanges", "/v1/sessions", "/v1/me", "/v1/faqs", "/v1/feed", "/v1/events"))]
"""Enough for a walk to find what is wrong in: open and guarded addresses, lists, files, systems."""
ASKED = {f"{each.method} {each.path}": each.contract.slug() for each in all_routes()}


@pytest.mark.parametrize("operation", ALL, ids=str)
def test_plausible_request_reaches_the_service(operation: Operation, empty_gateway: Empty) -> None:
    """A walk whose requests the gateway refuses for their shape would see no rule at all."""
    sent = plausible(operation, OURS)
    response = empty_gateway.ask(
        sent.method, sent.path, params=sent.query, json=sent.body, data=sent.form, files=sent.files, headers=sent.headers
    )
    assert (response.status_code, empty_gateway.services.asked.pop().slug()) == (404, ASKED[str(operation)]), response.text


def test_walk_finds_nothing_where_every_rule_is_kept() -> None:
    """A system that refuses as it should is left in peace."""
    assert found(lambda operation, visitor: 404 if may_ask(visitor, operation) else 401 if visitor in NEVER_IN else 403) == []


def test_walk_finds_an_open_door() -> None:
    """Whoever is let in without the role, or without an account, is found at every route that says otherwise."""
    open_to_all = found(lambda operation, visitor: 404)
    guarded = {str(each) for each in SOME if ANYONE not in each.allowed}
    assert {each.route for each in open_to_all if each.visitor == ANONYMOUS} == guarded


def test_walk_finds_a_stranger_who_is_served() -> None:
    """A foreign organisation that gets our exchange is found, wherever its id is named."""
    served = found(lambda operation, visitor: 200 if may_ask(visitor, operation) else 401 if visitor in NEVER_IN else 403)
    assert {each.visitor for each in served} <= {*FOREIGN, NOBODY}
    assert "GET /v1/exchanges/{exchange_id}" in {each.route for each in served}


def test_walk_takes_no_offence_at_what_is_open_and_only_there() -> None:
    """What is said to be open to strangers at one operation is not open at another."""
    served = found(
        lambda operation, visitor: 200 if may_ask(visitor, operation) else 401 if visitor in NEVER_IN else 403,
        is_open={"GET /v1/exchanges/{exchange_id}": ["exchange_id"]},
    )
    assert "GET /v1/exchanges/{exchange_id}" not in {each.route for each in served}
    assert "GET /v1/exchanges/{exchange_id}/report" in {each.route for each in served}


def test_walk_meets_strangers_before_anybody_at_home_changes_a_thing() -> None:
    """Each operation is asked by all strangers before the first one at home acts."""
    met: list[str] = []
    found(lambda operation, visitor: met.append(visitor) or 404)  # type: ignore[func-returns-value]
    first_at_home = next(at for at, visitor in enumerate(met) if visitor not in STRANGERS)
    assert first_at_home == len(SOME) * len(STRANGERS)
    assert not set(met[first_at_home:]) & set(STRANGERS)


def test_walk_finds_our_ids_in_a_strangers_list() -> None:
    """A list that tells of another's exchange is found too."""
    told = found(lambda operation, visitor: 200 if may_ask(visitor, operation) else 401 if visitor in NEVER_IN else 403, OURS)
    assert "GET /v1/exchanges" in {each.route for each in told}


def test_walk_finds_somebody_who_is_not_known() -> None:
    """A session that does not count is found, but a wrong password is the contract's own refusal."""
    unknown = found(
        lambda operation, visitor: 401 if may_ask(visitor, operation) or visitor in NEVER_IN else 403, {"code": "log_in_failed"}
    )
    assert "POST /v1/sessions/current/confirmation" not in {each.route for each in unknown}
    assert "GET /v1/exchanges" in {each.route for each in unknown}


def test_walk_finds_failures() -> None:
    """A 500 is found whoever caused it."""
    assert len(found(lambda operation, visitor: 500)) > 10 * len(SOME)


def found(
    status: Callable[[Operation, str], int], says: dict[str, Any] | None = None, is_open: dict[str, list[str]] | None = None
) -> list[Finding]:
    """What a walk finds in a system that answers so."""
    answer = httpx.MockTransport(lambda request: httpx.Response(status(_asked(request), _who(request)), json=says or {}))
    return walk("http://system", lambda visitor: {"X-Visitor": visitor}, SOME, OURS, transport=answer, is_open=is_open)


def _asked(request: httpx.Request) -> Operation:
    return next(each for each in _with_method(request.method) if _pattern(each.path).fullmatch(request.url.path))


@cache
def _with_method(method: str) -> list[Operation]:
    """Addresses that are spelled out come before those with a parameter in the same place, as in the gateway."""
    return sorted((each for each in SOME if each.method == method), key=lambda each: each.path.count("{"))


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))


def _who(request: httpx.Request) -> str:
    return request.headers.get("X-Visitor", ANONYMOUS)
