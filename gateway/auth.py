"""Who asks: a session by cookie or bearer secret, or a partnership's system by login and secret, exchanged for a short-lived token;
or nobody, under the gateway's own token.

Tokens are cached for less than a minute. A refusal for want of a role is tried again once with a fresh token, so that a role just
given works at once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

from falcon.asgi import Request

from chassis.bare.message import ANYONE, SIGNED_IN
from chassis.bare.principal import ANONYMOUS, Principal, Signer, service
from chassis.bare.refusals import LogInRequired, RefusedElsewhere, Unavailable
from contracts.identity.sessions import IssueToken
from contracts.registry import IssueSystemToken
from gateway.limits import Limits
from gateway.problems import OriginRefused
from gateway.rpc import Rpc

COOKIE = "__Host-session"
KEPT_S = 15
"""How long a token is used before the session is asked about again: so long a role just given may be missing from lists."""
MOST_KEPT = 10_000
SAFE_SITES = {None, "same-origin", "none"}


@dataclass(frozen=True)
class Ticket:
    """What a call travels with: the token, when it was issued, and the session's secret, if there is one."""

    token: str
    issued: float
    secret: str | None = None

    def may_be_outdated(self, since: float) -> bool:
        """Whether a fresh one could say something new: a session's token issued before that moment (monotonic seconds)."""
        return self.secret is not None and self.issued < since

    def may_ask(self, allowed: tuple[str, ...]) -> bool:
        """Whether the token's roles are among those that may ask; the door decides, this only spares a look at the body."""
        return bool({ANYONE, SIGNED_IN} & set(allowed)) or bool({role for role, _ in _statement(self.token)[1]} & set(allowed))

    def says_the_same(self, other: Ticket) -> bool:
        """Whether both tokens name the same person, roles and log-in time."""
        return _statement(self.token) == _statement(other.token)


class Auth:
    """Finds out who asks."""

    def __init__(self, rpc: Rpc, signer: Signer, public_url: str, system_rate_limit: int = 0) -> None:
        self._rpc, self._signer, self._origin = rpc, signer, public_url
        self._system_limits = Limits(system_rate_limit)
        self._tickets: dict[str, Ticket] = {}
        # Addresses are personal data: services see a keyed hash, good for counting and for nothing else. The same in every
        # process of the gateway, or each of them would begin to count, and to know Idempotency-Keys, anew.
        self._pepper = signer.secret_for("pseudonyms of addresses")

    async def ticket(self, req: Request, *, must: bool, systems: bool = False) -> Ticket:
        """The ticket of this request; raises LogInRequired if there `must` be a person and none is, OriginRefused.

        With `systems`, login and secret of a partnership's system (HTTP Basic) are good here, too; raises what their check refuses.
        """
        if systems and (pair := login_and_secret(req.auth)):
            return await self._of_system(*pair, req)
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
        if kind.lower() == "bearer" and secret.strip():
            return secret.strip()
        if req.method not in ("GET", "HEAD", "OPTIONS"):
            self._check_site(req)
        return (req.get_cookie_values(COOKIE) or [""])[0] or None

    def _check_site(self, req: Request) -> None:
        """A browser writes for other sites too, with its cookie or to be given one: only our own pages may."""
        if req.get_header("Sec-Fetch-Site") not in SAFE_SITES or req.get_header("Origin") not in (None, self._origin):
            raise OriginRefused

    async def _of_session(self, secret: str, correlation_id: str) -> Ticket | None:
        kept = self._tickets.get(_key(secret))
        if kept is not None and time.monotonic() - kept.issued < KEPT_S:
            return kept
        own = self._signer.token(service(self._signer.issuer))
        outcome = await self._rpc.call(IssueToken, {"secret": secret[:100]}, own, correlation_id)
        if "refusal" in outcome:
            return None
        if "answer" not in outcome:
            # Identity is in trouble, which does not end anybody's session.
            raise Unavailable("The identity service does not answer just now.")
        return self._kept(secret, Ticket(outcome["answer"]["token"], time.monotonic(), secret))

    async def _of_system(self, login: str, secret: str, req: Request) -> Ticket:
        self._system_limits.count(login)
        both = f"{login}:{secret}"
        kept = self._tickets.get(_key(both))
        if kept is not None and time.monotonic() - kept.issued < KEPT_S:
            return kept
        own = self._signer.token(service(self._signer.issuer))
        content = {"login": login[:100], "secret": secret[:200], "address": self._pseudonym(req)}
        outcome = await self._rpc.call(IssueSystemToken, content, own, req.context.correlation_id)
        if "refusal" in outcome:
            raise RefusedElsewhere(outcome["refusal"])
        if "answer" not in outcome:
            raise Unavailable("The registry service does not answer just now.")
        return self._kept(both, Ticket(outcome["answer"]["token"], time.monotonic()))

    def _kept(self, secret: str, ticket: Ticket) -> Ticket:
        if len(self._tickets) >= MOST_KEPT:
            self._tickets.clear()
        self._tickets[_key(secret)] = ticket
        return ticket

    def _pseudonym(self, req: Request) -> str:
        return hmac.new(self._pepper, (req.remote_addr or "").encode(), hashlib.sha256).hexdigest()[:16]


def login_and_secret(header: str | None) -> tuple[str, str] | None:
    """What an Authorization header says by HTTP Basic; None when it says something else, or cannot be read."""
    kind, _, encoded = (header or "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        login, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode("ascii").partition(":")
    except ValueError:
        return None
    return (login, secret) if colon and login.isprintable() and secret.isprintable() and login.strip() and secret.strip() else None


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _statement(token: str) -> tuple[Any, ...]:
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims["sub"], claims["roles"], claims["auth_time"]
