"""Where it is measured: a whole system, and beside it a gateway and two services that exist for measuring only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg2
from sqlalchemy import create_engine

from chassis.bare.message import real_now
from chassis.bare.tables import Table
from chassis.running import topology
from deploy.local.broker_rights import SERVICES_HOST
from deploy.local.installation import GATEWAY, Installation
from deploy.local.people.acts.registering import consents, get_account
from deploy.local.people.entrance import Entrance
from deploy.local.people.offices import sign_in
from deploy.local.people.person import Person
from deploy.local.people.profiles import Profile
from deploy.local.processes import environment_of_code, healthy
from deploy.local.program import ROOT, Program, running, wait_until
from deploy.local.settings import Settings
from deploy.local.system import Running, system
from tests.load.cpu import below, used
from tests.load.entrance import SAY
from tests.load.speaker.contracts import Said
from tests.load.told import Told, told

MEASURING = ("speaker", "hearer")
ASKER = "asker"


@dataclass(frozen=True)
class Stand:
    """Everything that figures are taken of: the system, the gateway with one address more, the load, the echo."""

    running: Running
    port: int
    callers: Told
    echo: Told
    echoing: Told
    entrance_pid: int
    pids: dict[str, int]
    representative: Person
    token: str
    registration: str

    @property
    def here(self) -> Installation:
        """The installation."""
        return self.running.here

    def request(self, method: str, path: str, body: str = "", key: str = "") -> str:
        """A request as it goes over the wire, of the person whose registration is read."""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.token}"]
        lines += [f"Idempotency-Key: {key}"] if key else []
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*lines, "", body])

    def read(self) -> str:
        """One organisation with its registration: HTTP, call, database."""
        return self.request("GET", self.registration)

    def say(self) -> str:
        """The same answer without the database."""
        return self.request("GET", SAY)

    def live(self) -> str:
        """The gateway alone."""
        return self.request("GET", "/health/live")

    def rows(self, login: str, statement: str, *values: Any) -> list[Any]:
        """What a service's database answers."""
        connection = psycopg2.connect(self.here.database.plain_url(login))
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def processor_time(self) -> dict[str, float]:
        """Seconds of processor time that each process used since it began."""
        ours = {state["name"]: state["pid"] for state in self.running.supervisor.states()}
        named = {"registry": ours["registry-1"], "identity": ours["identity-1"], "broker": ours["broker"], "database": ours["database"]}
        named |= self.pids | {
            "gateway": self.entrance_pid,
            "load": self.callers.pid,
            "echo asking": self.echo.pid,
            "echo": self.echoing.pid,
        }
        return {name: used(pid) for name, pid in named.items()}

    def pid_of(self, process: str) -> int:
        """The process of the supervisor's program, now."""
        return next(int(state["pid"]) for state in self.running.supervisor.states() if state["name"] == process)

    def broker_node(self) -> int:
        """The process that is the broker: what the supervisor knows is the script around it."""
        return below(self.pid_of("broker"), "beam.smp")


@contextmanager
def stand(state: Path) -> Iterator[Stand]:
    """All of it, for the length of the block."""
    with ExitStack() as stack:
        run = stack.enter_context(system(state, Settings(state)))
        pids = {name: stack.enter_context(_service(run, name)) for name in _prepared(run.here)}
        port, gateway = stack.enter_context(_gateway(run))
        representative, registration = _organisation(f"http://127.0.0.1:{port}")
        uri = run.here.broker.administrator_uri(SERVICES_HOST)
        log = run.here.logs / "load.log"
        echoing = stack.enter_context(told("tests.load.echo", uri, "answer", log=log))
        echoing.tell()
        echo = stack.enter_context(told("tests.load.echo", uri, "ask", log=log))
        callers = stack.enter_context(told("tests.load.callers", log=log))
        token = _secret_of(f"http://127.0.0.1:{port}", representative)
        yield Stand(run, port, callers, echo, echoing, gateway, pids, representative, token, registration)


def _prepared(here: Installation) -> tuple[str, ...]:
    """Logins, keys, tables and queues of the services that are measured."""
    here.keys.make((*MEASURING, ASKER))
    here.broker.prepare((*MEASURING, ASKER))
    here.database.prepare(MEASURING)
    topology.declare(here.broker.administrator_uri(SERVICES_HOST), MEASURING, [Said])
    for name in MEASURING:
        engine = create_engine(here.database.url(name))
        Table.metadata.create_all(engine)
        engine.dispose()
    return MEASURING


@contextmanager
def _service(run: Running, name: str) -> Iterator[int]:
    told = environment_of_code(ROOT) | run.here.environment(name, f"{name}-1")
    command = (sys.executable, "-W", "ignore", "-m", "chassis.running.serve", f"tests.load.{name}")
    log = run.here.logs / f"{name}-1.log"
    with running(Program(f"{name}-1", command, log, told)) as process:
        wait_until(lambda: healthy(run.here.health_port(f"{name}-1")), name, log, alive=lambda: process.poll() is None)
        yield process.pid


@contextmanager
def _gateway(run: Running) -> Iterator[tuple[int, int]]:
    port, log = run.here.ports.of("load/gateway"), run.here.logs / "load-gateway.log"
    told = environment_of_code(ROOT) | run.here.environment(GATEWAY, "load-gateway")
    told |= {"PORT": str(port), "PROMETHEUS_MULTIPROC_DIR": str(run.here.state / "load-gateway-metrics")}
    command = (sys.executable, "-W", "ignore", "-m", "gunicorn", "tests.load.entrance:app", "-c", "gateway/gunicorn.conf.py")
    with running(Program("load-gateway", command, log, told)) as process:
        wait_until(lambda: healthy(port), "the gateway", log, alive=lambda: process.poll() is None)
        yield port, process.pid


def _organisation(url: str) -> tuple[Person, str]:
    """An organisation with a whole registration: its representative, and the address to read."""
    person = sign_in("load.representative", "representative").person(Entrance(url))
    get_account(person, "Organisation of the benchmark", "BE")
    link = f"/v1/registrations/{person.post('/v1/registrations').body['participation_id']}"
    begins, ends = ((real_now() + timedelta(days=days)).date().isoformat() for days in (30, 300))
    profile = Profile(1, "BE", "technology_centre", "mobility", ("visitor",), "LOAD", "measuring")
    person.patch(link, str(person.get(link).version), **profile.answers(None, (begins, ends), consents(person)))
    return person, link


def _secret_of(url: str, person: Person) -> str:
    """The bearer secret of a session of this person's."""
    answer = httpx.post(f"{url}/v1/sessions", json={"login": person.username, "password": person.password}).raise_for_status()
    return str(answer.json()["token"])
