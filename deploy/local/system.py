"""The whole system on this machine for the length of a block: what `make run` and the journeys of the tests stand on."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from deploy.local.broker_rights import SERVICES_HOST
from deploy.local.files import demand_room, private_folder
from deploy.local.first_start import demand_whole, empty_queues, is_restored, note_started
from deploy.local.installation import SERVICES, Installation
from deploy.local.lock import alone, leave_note
from deploy.local.outside import demand_outside, prepare_broker
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports, public_port
from deploy.local.processes import Process, environment_of_code, everything_else, ground, names_of_workers
from deploy.local.program import ROOT, last_words
from deploy.local.replicas import Replicas
from deploy.local.settings import Settings
from deploy.local.supervision import Supervisor, wait_for_an_earlier_one
from deploy.local.unusable import Unusable

Say = Callable[[str], None]


def silently(_step: str) -> None:
    """Say nothing, for tests."""


@dataclass(frozen=True)
class Running:
    """A system at work: where people come in, and a hand on its clock and its processes (those that were started with it)."""

    here: Installation
    supervisor: Supervisor
    processes: list[Process]

    @property
    def url(self) -> str:
        """Where people come in, http://localhost:PORT."""
        return self.here.url

    def clock(self, advance: timedelta) -> datetime:
        """Move domain time on; every process has it when this returns."""
        return self.here.clock.advance(advance)

    def environment(self, login: str) -> dict[str, str]:
        """What a service or the gateway is told, for a command by hand or a test."""
        return self.here.environment(login)


@contextmanager
def system(state: Path, settings: Settings | None = None, root: Path = ROOT, say: Say = silently, keep: bool = False) -> Iterator[Running]:
    """Run everything from the code in `root`, with its state in `state`; nothing of it is left running afterwards.

    Unless `keep`, the private database is thrown away, too: as root it does not lie in the state folder.
    """
    settings = replace(settings or Settings(state), state=state)
    private_folder(state)
    with alone(state) as lock, public_port(settings.port) as port:
        wait_for_an_earlier_one(state)
        demand_whole(state)
        here = _installation(settings, port)
        supervisor = Supervisor(state, here.ports, here.passwords)
        basis = ground(here)
        supervisor.write(basis)
        leave_note(lock, here)
        try:
            with supervisor.at_work():
                yield Running(here, supervisor, basis + _start(here, supervisor, basis, root, say))
        finally:
            if here.server and not keep:
                here.server.erase()


def _installation(settings: Settings, port: int) -> Installation:
    """Everything that has to lie there before the first process starts."""
    demand_room(settings.state)
    demand_outside(settings)
    here = Installation(settings, Ports(settings.state), Passwords(settings.state), port)
    here.prepare()
    if here.node:
        here.node.prepare()
    if here.server:
        here.server.prepare()
        demand_room(here.server.folder)
    return here


def _start(here: Installation, supervisor: Supervisor, basis: list[Process], root: Path, say: Say) -> list[Process]:
    """Start in order: broker and database side by side, then what each has to hold, then the services, then the entrance."""
    say("broker and database")
    with ThreadPoolExecutor() as side_by_side:
        workers = side_by_side.submit(names_of_workers, root)
        for_database = [process for process in basis if process.name == "database"]
        supervisor.start(for_database)
        here.database.prepare(SERVICES)
        migrated = side_by_side.submit(_migrate, here, root)
        supervisor.start([process for process in basis if process.name == "epmd"])
        supervisor.start([process for process in basis if process.name == "broker"])
        prepare_broker(here.broker)
        say("topology and migrations")
        _declare_topology(here, root)
        if is_restored(state := here.state):
            empty_queues(here.broker)
        migrated.result()
        if here.erased.exists():
            # Whoever a restored database has brought back is gone again before anybody is let in.
            _finish(here, root, "erase-again", ("services.identity.erase_again",), here.environment("identity"))
        note_started(state)
        places = everything_else(here, root, workers.result())
    supervisor.take_up(basis + places)
    replicas = Replicas(here.state)
    rest = [place for place in places if replicas.wants(place.name)]
    say(f"{len(rest)} processes")
    supervisor.start(rest)
    return rest


def _declare_topology(here: Installation, root: Path) -> None:
    environment = {
        "AMQP_URI": here.broker.administrator_uri(SERVICES_HOST),
        "ENVIRONMENT": "development",
        "CALL_QUEUES": here.settings.call_queues,
    }
    _finish(here, root, "topology", ("deploy.local.topology",), environment)


def _migrate(here: Installation, root: Path) -> None:
    """Bring the five databases to the head of their migrations, two at a time: a bare machine has two cores."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(_migrate_one, here, root, service) for service in SERVICES]:
            done.result()


def _migrate_one(here: Installation, root: Path, service: str) -> None:
    _finish(here, root, f"migrate-{service}", ("chassis.running.migrate", f"services.{service}"), here.environment(service))


def _finish(here: Installation, root: Path, name: str, module: tuple[str, ...], environment: dict[str, str]) -> None:
    """Run a Python module to its end; it has to end well."""
    log = here.logs / f"{name}.log"
    with log.open("ab") as file:
        command = (sys.executable, "-m", *module)
        ended = subprocess.run(
            command, cwd=root, env={**environment_of_code(root), **environment}, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    if ended.returncode != 0:
        raise Unusable(f"{name} failed; {last_words(log)}")
