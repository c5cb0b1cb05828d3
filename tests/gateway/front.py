"""The whole gateway with its real sessions and files, and services that answer what a test lays down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.bare.message import Request
from chassis.bare.principal import Principal, Signer, Verifier
from chassis.bare.refusals import NotFound, Refusal
from contracts.identity.refusals import SessionEnded
from contracts.identity.sessions import IssueToken
from gateway import app as gateway
from gateway.settings import Settings
from tests.room import make_key

SITE = "https://tool.example.org"


@dataclass(frozen=True)
class Asked:
    """One call as it reached a service."""

    contract: type[Request]
    content: dict[str, Any]
    who: Principal
    correlation_id: str
    key: str | None
    if_match: int | None


@dataclass
class Services:
    """Stands in for the broker and all services; identity's part, exchanging sessions for tokens, is real in its keys."""

    verifier: Verifier
    identity: Signer
    sessions: dict[str, Principal] = field(default_factory=dict)
    answers: dict[type[Request], Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    tokens_issued: int = 0

    async def call(
        self, contract: type[Request], content: dict[str, Any], token: str, correlation_id: str, key: str | None = None, if_match: int | None = None
    ) -> dict[str, Any]:  # fmt: skip
        """An outcome as a service would send it."""
        if contract is IssueToken:
            return self._issue(content)
        asked = Asked(contract, content, self.verifier.principal(token), correlation_id, key, if_match)
        self.asked.append(asked)
        answer = self.answers.get(contract, NotFound())
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, Refusal):
            return {"refusal": answer.as_message()}
        if isinstance(answer, Exception):
            raise answer
        return answer if {"unavailable", "error"} & set(answer) else {"answer": answer}

    async def connected(self) -> bool:
        """The broker is there."""
        return True

    async def processes(self, services: Any) -> dict[str, int | None]:
        """One of each."""
        return dict.fromkeys(services, 1)

    def _issue(self, content: dict[str, Any]) -> dict[str, Any]:
        if IssueToken in self.answers:
            return self.answers[IssueToken]  # type: ignore[no-any-return]
        who = self.sessions.get(content["secret"])
        if who is None:
            return {"refusal": SessionEnded().as_message()}
        self.tokens_issued += 1
        return {"answer": {"token": self.identity.token(who), "lifetime_s": 60}}


@dataclass
class Front:
    """The gateway as a client meets it."""

    app: Any
    services: Services
    folder: Path

    def ask(self, method: str, path: str, session: str | None = None, cookie: str | None = None, **how: Any) -> httpx.Response:
        """One HTTP request; `session` as a bearer secret, `cookie` as a browser's."""
        headers = dict(how.pop("headers", {}))
        headers |= {"Authorization": f"Bearer {session}"} if session else {}
        headers |= {"Cookie": f"__Host-session={cookie}"} if cookie else {}
        return asyncio.run(self._ask(method, path, headers, how))

    async def _ask(self, method: str, path: str, headers: dict[str, str], how: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=SITE, verify=False) as client:
            return await client.request(method, path, headers=headers, **how)

    def log_in(self, secret: str, who: Principal) -> None:
        """Let a session be open."""
        self.services.sessions[secret] = who


def make_front(folder: Path, patch: pytest.MonkeyPatch, **changes: Any) -> Front:
    """A gateway on fresh keys and an empty blob store."""
    keys = {issuer: make_key(folder, issuer) for issuer in ("gateway", "identity")}
    services = Services(Verifier(folder / "trust"), Signer("identity", keys["identity"]))
    settings: dict[str, Any] = {
        "environment": "production", "amqp_uri": "amqp://nowhere", "key_file": keys["gateway"], "blob_folder": folder / "blobs",
        "public_url": SITE, "call_timeout_s": 2.0, "mail_folder": None, "clock_file": None, "rate_limit": 0,
    }  # fmt: skip
    wanted = set(Settings.__dataclass_fields__)
    rpc: Callable[..., Any] = lambda *_: services  # noqa: E731
    patch.setattr(gateway, "Rpc", rpc)
    return Front(
        gateway.make_app(Settings(**{name: value for name, value in (settings | changes).items() if name in wanted})), services, folder
    )
