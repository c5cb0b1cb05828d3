"""The session's cookie: set when a browser logs in, dropped when it logs out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from falcon.asgi import Request, Response

from gateway.auth import COOKIE

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Falcon leaves a max_age of 0 out, and the cookie would stay."""


def hand_out(req: Request, resp: Response, answer: dict[str, Any]) -> dict[str, Any]:
    """Give a browser its cookie and no token; a script keeps its token.

    The contract's `transport` decided; the answer to a browser comes with the token moved into the cookie.
    """
    if answer.pop("transport", "bearer") != "cookie":
        return answer
    # __Host- binds the cookie to this very host: Secure, whole path, no domain.
    resp.set_cookie(COOKIE, answer["token"], secure=True, http_only=True, same_site="Lax", path="/")
    return answer | {"token": None}


def take_back(req: Request, resp: Response, answer: dict[str, Any]) -> dict[str, Any]:
    """Drop the cookie."""
    resp.set_cookie(COOKIE, "", secure=True, http_only=True, same_site="Lax", path="/", expires=LONG_AGO)
    return answer


def confirmed(req: Request, resp: Response, answer: dict[str, Any]) -> dict[str, Any]:
    """Nothing to hand out; the cached token is dropped so that the next call carries the new log-in time."""
    return answer
