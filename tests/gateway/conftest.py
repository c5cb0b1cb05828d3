"""The whole gateway with nothing behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from chassis.bare.message import Request
from chassis.bare.refusals import NotFound
from deploy.local.broker_rights import Broker
from deploy.local.ports import Ports
from gateway import app as gateway
from gateway.auth import Ticket
from gateway.settings import read_settings
from tests.gateway.forwarder import Forwarder
from tests.gateway.front import Front, make_front


@dataclass
class NothingThere:
    """Stands in for all services: whatever is asked for is not there."""

    asked: list[type[Request]] = field(default_factory=list)

    async def call(self, contract: type[Request], *_: Any) -> dict[str, Any]:
        """Remember the question."""
        self.asked.append(contract)
        return {"refusal": NotFound().as_message()}


class EveryRole(Ticket):
    """A ticket that lets everybody ask, so that every shape is looked at."""

    def may_ask(self, allowed: tuple[str, ...]) -> bool:
        """Always."""
        return True


class Welcome:
    """Stands in for sessions: everybody is known."""

    async def ticket(self, req: Any, *, must: bool, systems: bool = False) -> Ticket:
        """A ticket that nobody looks into."""
        return EveryRole("token", time.monotonic())


@dataclass
class Empty:
    """The gateway with nothing behind it, and what it asked."""

    app: Any
    services: NothingThere

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One HTTP request."""
        return asyncio.run(self._ask(method, path, how))

    async def _ask(self, method: str, path: str, how: dict[str, Any]) -> httpx.Response:
        # Reading the machine's certificates takes longer than the request.
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://system", verify=False) as client:
            return await client.request(method, path, **how)


@pytest.fixture(scope="module")
def empty_gateway(tmp_path_factory: pytest.TempPathFactory) -> Empty:
    """The application as gunicorn serves it, but for calls and sessions."""
    services, folder = NothingThere(), tmp_path_factory.mktemp("gateway")
    told = {
        "AMQP_URI": "amqp://nobody",
        "KEY_FILE": str(folder),
        "BLOB_FOLDER": str(folder),
        "PUBLIC_URL": "http://system",
        "RATE_LIMIT": "0",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        for name, stand_in in _stand_ins(services).items():
            patch.setattr(gateway, name, stand_in)
        return Empty(gateway.make_app(read_settings()), services)


def _stand_ins(services: NothingThere) -> dict[str, Callable[..., Any]]:
    return {"Rpc": lambda *_: services, "Signer": lambda *_: None, "Auth": lambda *_: Welcome()}


@pytest.fixture
def front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Front:
    """The gateway with real sessions, files and checks, and services that answer what the test lays down."""
    return make_front(tmp_path, monkeypatch)


@pytest.fixture
def way(tmp_path: Path, broker: Broker) -> Iterator[Forwarder]:
    """A way to the broker, cut."""
    made = Forwarder(Ports(tmp_path).of("way"), httpx.URL(broker.amqp_uri).port or 5672)
    yield made
    made.cut()
