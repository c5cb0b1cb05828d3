"""From an HTTP request to a call and back: the one way all routes go."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from falcon.asgi import Request, Response

from chassis.bare.message import ANYONE
from chassis.bare.refusals import IfMatchRequired, Unavailable
from contracts.registry.partner_access import PARTNER_SYSTEM
from gateway.admission import Admission
from gateway.auth import Auth, Ticket
from gateway.body import query_content, read_json, read_multipart
from gateway.files import Files
from gateway.limits import Limits
from gateway.live import Live, Look
from gateway.problems import IdempotencyKeyRequired, problem, write, write_refusal
from gateway.routes import Route
from gateway.rpc import Rpc

ROLE_CODES = {"role_required", "move_not_yours", "log_in_again"}

LONGEST_VERSION = 9
"""Digits; no version gets longer."""

log = structlog.get_logger()

Responder = Callable[..., Awaitable[None]]


class Address:
    """One URL with a responder per method."""

    def __init__(self, asking: Asking, routes: list[Route]) -> None:
        for route in routes:
            setattr(self, f"on_{route.method.lower()}", asking.responder(route))


class Asking:
    """Turns HTTP requests into calls and outcomes into responses."""

    def __init__(self, rpc: Rpc, auth: Auth, files: Files, limits: Limits, admission: Admission, live: Live) -> None:
        self._rpc, self._auth, self._files, self._limits, self._admission, self._live = rpc, auth, files, limits, admission, live

    def responder(self, route: Route) -> Responder:
        """The Falcon responder of a route."""

        async def respond(req: Request, resp: Response, **params: Any) -> None:
            began = time.monotonic()
            # Before the session is asked about and the body read, and without a place being kept: whoever sends slowly keeps none.
            self._admission.check(route.contract)
            ticket = await self._auth.ticket(
                req, must=ANYONE not in route.contract.allowed, systems=PARTNER_SYSTEM in route.contract.allowed
            )
            if route.is_command and ticket.secret is None:
                self._limits.count(req.remote_addr or "")
            key, if_match = _key(req, route), _if_match(req, route)
            content = await self._content(req, route, params)
            if ticket.may_ask(route.contract.allowed):
                # Whoever may not ask at all hears that from the door, and nothing about shapes.
                route.contract.read(content)
            outcome = await self._call(route, content, ticket, began, req.context.correlation_id, key, if_match)
            if route.is_stream and "answer" in outcome:
                self._live.send(req, resp, outcome["answer"], self._look(route, content, ticket, req.context.correlation_id))
            else:
                self._write(req, resp, route, ticket, outcome)

        return respond

    def _look(self, route: Route, content: dict[str, Any], ticket: Ticket, correlation_id: str) -> Look:
        """How a stream asks whether its session is still open, and what its person may hear."""

        async def look() -> dict[str, Any] | None:
            newer = await self._auth.fresh(ticket, correlation_id)
            if newer is None:
                return None
            outcome = await self._rpc.call(route.contract, content, newer.token, correlation_id)
            if "answer" not in outcome and "refusal" not in outcome:
                raise Unavailable("The identity service does not answer just now.")
            return outcome.get("answer")

        return look

    async def _content(self, req: Request, route: Route, params: dict[str, Any]) -> dict[str, Any]:
        if not route.is_command:
            content = query_content(req, route)
        elif route.uploads:
            content = await read_multipart(req, route, self._files)
        else:
            content = await read_json(req)
        return content | {name: value if isinstance(value, int) else str(value) for name, value in params.items()}

    async def _call(
        self,
        route: Route,
        content: dict[str, Any],
        ticket: Ticket,
        began: float,
        correlation_id: str,
        key: str | None,
        if_match: int | None,
    ) -> dict[str, Any]:
        outcome = await self._rpc.call(route.contract, content, ticket.token, correlation_id, key, if_match)
        refused = outcome.get("refusal")
        if refused and (refused["kind"] == "not_found" or refused["code"] in ROLE_CODES) and ticket.may_be_outdated(began):
            newer = await self._auth.fresh(ticket, correlation_id)
            if newer is not None and not newer.says_the_same(ticket):
                return await self._rpc.call(route.contract, content, newer.token, correlation_id, key, if_match)
        return outcome

    def _write(self, req: Request, resp: Response, route: Route, ticket: Ticket, outcome: dict[str, Any]) -> None:
        if "answer" in outcome:
            self._write_answer(req, resp, route, ticket, outcome["answer"])
        elif "refusal" in outcome:
            write_refusal(resp, outcome["refusal"], req.context.correlation_id)
        elif "unavailable" in outcome:
            raise Unavailable(outcome["unavailable"])
        else:
            sentence = "Something failed on our side and was logged. Quote the correlation id to the support office."
            write(resp, 500, problem(500, "internal_error", sentence, req.context.correlation_id))

    def _write_answer(self, req: Request, resp: Response, route: Route, ticket: Ticket, answer: dict[str, Any]) -> None:
        resp.status = route.success
        if route.finish is not None:
            answer = route.finish(req, resp, answer)
            self._auth.forget(ticket)
        if route.is_download:
            self._files.send(resp, answer, route.contract.service)
        elif route.success != 204:
            resp.media = answer
            if "version" in answer:
                resp.set_header("ETag", f'"{answer["version"]}"')


def _key(req: Request, route: Route) -> str | None:
    key = req.get_header("Idempotency-Key")
    if key is None and not route.needs_key:
        return None
    if key is None or not 1 <= len(key) <= 200 or not key.isascii() or not key.isprintable():
        raise IdempotencyKeyRequired
    return key if route.is_command else None


def _if_match(req: Request, route: Route) -> int | None:
    if not route.takes_if_match or (req.get_header("If-Match") is None and not route.needs_if_match):
        return None
    tag = (req.get_header("If-Match") or "").strip().removeprefix("W/").strip('"')
    if not tag.isascii() or not tag.isdigit() or len(tag) > LONGEST_VERSION:
        raise IfMatchRequired
    return int(tag)
