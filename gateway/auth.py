"""Who asks: a session by cookie or bearer secret, exchanged for a short-lived token; or nobody, under the gateway's own token.

Tokens are cached for less than a minute. A refusal for want of a role is tried again once with a fresh token, so that a role just
given works at once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from falcon.asgi import Request

from chassis.bare.principal import ANONYMOUS, Principal, Signer, service
from chassis.bare.refusals import LogInRequired
from contracts.identity.sessions import IssueToken
from gateway.problems import OriginRefused
from gateway.rpc import Rpc

COOKIE = "__Host-session"
KEPT_S = 45
MOST_KEPT = 10_000
SAFE_SITES = {None, "same-origin", "none"}


@dataclass(frozen=True)
class Ticket:
    """What a call travels with: the token, when it was issued, and the session's secret, if there is one."""

    token: str
    issued: float
    secret: str | None = None

    @property
    def is_young(self) -> bool:
        """Whether a fresh one could not say anything new."""
        return self.secret is None or time.monotonic() - self.issued < 1

    def says_the_same(self, other: Ticket) -> bool:
        """Whether both tokens name the same person, roles and log-in time."""
        return _statement(self.token) == _statement(other.token)


class Auth:
    """Finds out who asks."""

    def __init__(self, rpc: Rpc, signer: Signer, public_url: str) -> None:
        self._rpc, self._signer, self._origin = rpc, signer, public_url
        self._tickets: dict[str, Ticket] = {}
        # Addresses are personal data: services see a keyed hash, good for counting and for nothing else.
        self._pepper = secrets.token_bytes(32)

    async def ticket(self, req: Request, *, must: bool) -> Ticket:
        """The ticket of this request; raises LogInRequired if there `must` be a person and none is, OriginRefused."""
        secret = self._secret(req)
        if secret is not None:
            found = await self._of_session(secret, req.context.correlation_id)
            if found is not None:
                return found
        if must:
            raise LogInRequired
        return Ticket(self._signer.token(Principal(ANONYMOUS, self._pseudonym(req))), time.monotonic())

    async def fresh(self, ticket: Ticket, correlation_id: str) -> Ticket | None:
        """A new ticket for the same session, or None if it has ended."""
        self._tickets.pop(_key(ticket.secret or ""), None)
        return await self._of_session(ticket.secret or "", correlation_id)

    def forget(self, ticket: Ticket) -> None:
        """Drop a ticket whose session ended or changed."""
        self._tickets.pop(_key(ticket.secret or ""), None)

    def _secret(self, req: Request) -> str | None:
        kind, _, secret = (req.auth or "").partition(" ")
        if kind.lower() == "bearer" and secret:
            return secret.strip()
        secret = (req.get_cookie_values(COOKIE) or [""])[0]
        if secret and req.method not in ("GET", "HEAD", "OPTIONS"):
            self._check_site(req)
        return secret or None

    def _check_site(self, req: Request) -> None:
        """A browser sends the cookie along for other sites' forms too: only our own pages may write with it."""
        if req.get_header("Sec-Fetch-Site") not in SAFE_SITES or req.get_header("Origin") not in (None, self._origin):
            raise OriginRefused

    async def _of_session(self, secret: str, correlation_id: str) -> Ticket | None:
        kept = self._tickets.get(_key(secret))
        if kept is not None and time.monotonic() - kept.issued < KEPT_S:
            return kept
        own = self._signer.token(service(self._signer.issuer))
        outcome = await self._rpc.call(IssueToken, {"secret": secret[:100]}, own, correlation_id)
        if "answer" not in outcome:
            return None
        if len(self._tickets) >= MOST_KEPT:
            self._tickets.clear()
        ticket = Ticket(outcome["answer"]["token"], time.monotonic(), secret)
        self._tickets[_key(secret)] = ticket
        return ticket

    def _pseudonym(self, req: Request) -> str:
        return hmac.new(self._pepper, (req.remote_addr or "").encode(), hashlib.sha256).hexdigest()[:16]


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _statement(token: str) -> tuple[Any, ...]:
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims["sub"], claims["roles"], claims["auth_time"]
