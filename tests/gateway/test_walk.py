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
from gateway.routes import Route
from tests.gateway.conftest import Empty
from tests.gateway.plausible import plausible
from tests.gateway.walk import ANONYMOUS, FOREIGN, Finding, may_ask, walk

OURS = {"exchange_id": "5b0f7c1e-93a4-4f7a-8f43-000000000001"}

each_route = pytest.mark.parametrize("route", all_routes(), ids=lambda route: f"{route.method} {route.path}")


@each_route
def test_plausible_request_reaches_the_service(route: Route, empty_gateway: Empty) -> None:
    """A walk whose requests the gateway refuses for their shape would see no rule at all."""
    sent = plausible(route, OURS)
    response = empty_gateway.ask(
        sent.method, sent.path, params=sent.query, json=sent.body, data=sent.form, files=sent.files, headers=sent.headers
    )
    assert (response.status_code, empty_gateway.services.asked.pop()) == (404, route.contract), response.text


def test_walk_finds_nothing_where_every_rule_is_kept() -> None:
    """A system that refuses as it should is left in peace."""
    assert found(lambda route, visitor: 404 if may_ask(visitor, route) else 401 if visitor == ANONYMOUS else 403) == []


def test_walk_finds_an_open_door() -> None:
    """Whoever is let in without the role, or without an account, is found at every route that says otherwise."""
    open_to_all = found(lambda route, visitor: 404)
    guarded = [route for route in all_routes() if ANYONE not in route.contract.allowed]
    assert {each.route for each in open_to_all if each.visitor == ANONYMOUS} == {f"{each.method} {each.path}" for each in guarded}


def test_walk_finds_a_stranger_who_is_served() -> None:
    """A foreign organisation that gets our exchange is found, wherever its id is named."""
    served = found(lambda route, visitor: 200 if may_ask(visitor, route) else 401 if visitor == ANONYMOUS else 403)
    assert {each.visitor for each in served} <= set(FOREIGN)
    assert "GET /v1/exchanges/{exchange_id}" in {each.route for each in served}


def test_walk_finds_our_ids_in_a_strangers_list() -> None:
    """A list that tells of another's exchange is found too."""
    told = found(lambda route, visitor: 200 if may_ask(visitor, route) else 401 if visitor == ANONYMOUS else 403, OURS)
    assert "GET /v1/exchanges" in {each.route for each in told}


def test_walk_finds_somebody_who_is_not_known() -> None:
    """A session that does not count is found, but a wrong password is the contract's own refusal."""
    unknown = found(lambda route, visitor: 401 if may_ask(visitor, route) or visitor == ANONYMOUS else 403, {"code": "log_in_failed"})
    assert "POST /v1/sessions/current/confirmation" not in {each.route for each in unknown}
    assert "GET /v1/exchanges" in {each.route for each in unknown}


def test_walk_finds_failures() -> None:
    """A 500 is found whoever caused it."""
    assert len(found(lambda route, visitor: 500)) > 10 * len(all_routes())


def found(status: Callable[[Route, str], int], says: dict[str, Any] | None = None) -> list[Finding]:
    """What a walk finds in a system that answers so."""
    answer = httpx.MockTransport(lambda request: httpx.Response(status(_asked(request), _who(request)), json=says or {}))
    return walk("http://system", lambda visitor: {"X-Visitor": visitor}, all_routes(), OURS, transport=answer)


def _asked(request: httpx.Request) -> Route:
    return next(route for route in _with_method(request.method) if _pattern(route.path).fullmatch(request.url.path))


@cache
def _with_method(method: str) -> list[Route]:
    """Addresses that are spelled out come before those with a parameter in the same place, as in the gateway."""
    return sorted((route for route in all_routes() if route.method == method), key=lambda route: route.path.count("{"))


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))


def _who(request: httpx.Request) -> str:
    return request.headers.get("X-Visitor", ANONYMOUS)
