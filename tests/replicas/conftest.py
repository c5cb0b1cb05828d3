"""One running system whose services are scaled, with people in its offices; and a hand on its processes."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, create_engine, text

from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import Offices, make_administrator, make_offices
from deploy.local.people.partnerships import for_tour
from deploy.local.processes import healthy
from deploy.local.scale import Scaling
from deploy.local.settings import Settings
from deploy.local.system import Running, system
from tests.chassis.wires import wait_for
from tests.journeys.played import Played

Rows = Callable[..., list[Any]]


@dataclass(frozen=True)
class Operator:
    """Somebody who scales, kills and looks at the processes of one system."""

    running: Running

    def scale(self, kind: str, count: int) -> str:
        """As `make scale` does."""
        return Scaling(self.running.here, self.running.supervisor).scale(kind, count)

    def pids(self, kind: str | None = None) -> dict[str, int]:
        """The processes that run, by name; of one kind those that answer, its workers left out."""
        states = self.running.supervisor.states()
        wanted = re.compile(rf"{kind}-\d+" if kind else ".*")
        return {state["name"]: state["pid"] for state in states if state["pid"] and wanted.fullmatch(state["name"])}

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until the supervisor has brought it back."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: self.pids().get(name, pid) != pid and healthy(self.running.here.health_port(name)))

    def metrics(self, name: str) -> str:
        """What a process counts."""
        return httpx.get(f"http://127.0.0.1:{self.running.here.health_port(name)}/metrics", timeout=20).text

    def ready(self) -> dict[str, Any]:
        """What the gateway says of itself and the services."""
        return dict(httpx.get(f"{self.running.url}/health/ready", timeout=20).json())


@pytest.fixture(scope="session")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """The whole system, started for these tests and gone after them."""
    state = tmp_path_factory.mktemp("replicas")
    with system(state, replace(Settings(state), port=None)) as running:
        yield Operator(running)


@pytest.fixture(scope="session")
def entrance(operator: Operator) -> Iterator[Entrance]:
    """The way into it."""
    entrance = Entrance(operator.running.url)
    yield entrance
    entrance.close()


@pytest.fixture(scope="session")
def offices(operator: Operator, entrance: Entrance) -> Offices:
    """Two partnerships, a support office, an auditor."""
    administrator = make_administrator(operator.running.environment("identity"), "replicas.administrator")
    return make_offices(entrance, administrator, for_tour()[:2], "replicas.")


@pytest.fixture
def played(entrance: Entrance, offices: Offices) -> Played:
    """A visitor and a host who have not even an account yet, and everybody who takes care of them."""
    return Played(entrance, offices)


@pytest.fixture(scope="session")
def engine(operator: Operator) -> Iterator[Engine]:
    """Matching's database, with its own login."""
    engine = create_engine(operator.running.environment("matching")["DATABASE_URL"], isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def rows(engine: Engine) -> Rows:
    """All rows of a statement on matching's database."""

    def found(statement: str, **values: Any) -> list[Any]:
        with engine.connect() as connection:
            return list(connection.execute(text(statement), values).all())

    return found
