"""The processes of an installation: which there are, in which order they stop, and how each says that it is ready."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from deploy.local.installation import GATEWAY, SERVICES, Installation
from deploy.local.program import ROOT, Program, inherited
from deploy.local.replicas import places
from deploy.local.unusable import Unusable

# Groups stop in the reverse of this order, one after the other: nobody's calls go to one that has left already.
NAMES, GROUND, SERVING, ENTRANCE = "names", "ground", "services", "entrance"
GROUPS = (NAMES, GROUND, SERVING, ENTRANCE)


@dataclass(frozen=True)
class Process:
    """A program in its group, with the question whether it is ready, or at work to become so."""

    program: Program
    group: str
    ready: Callable[[], bool]
    busy: Callable[[], bool] = lambda: False

    @property
    def name(self) -> str:
        """Its name for people, logs and the supervisor."""
        return self.program.name


def ground(here: Installation) -> list[Process]:
    """What the services stand on: our own broker and database where no other is named."""
    processes = []
    if here.server:
        processes.append(Process(here.server.program(), GROUND, here.server.answers))
    if here.node:
        listens = partial(listening, here.ports.of("epmd"))
        processes.append(Process(here.node.port_mapper(), NAMES, listens))
        processes.append(Process(here.node.node(), GROUND, here.node.answers))
    return processes


def everything_else(here: Installation, root: Path, workers: Iterable[str]) -> list[Process]:
    """The mail relay's stand-in, the services, their workers and the gateway: every process there may be, wanted or not."""
    serving = [_python(here, root, name, place, "chassis.running.serve") for name in SERVICES for place in places(name)]
    working = [_python(here, root, name, place, "chassis.running.work") for name in workers for place in places(f"{name}-work")]
    return [_mail_relay(here), *serving, *working, _gateway(here, root)]


def names_of_workers(root: Path) -> list[str]:
    """The services that have long work, as they say themselves."""
    command = (sys.executable, "-m", "chassis.running.work", "--list")
    answer = subprocess.run(command, cwd=root, env=environment_of_code(root), capture_output=True, text=True)
    names = [room.removeprefix("services.") for room in answer.stdout.split()]
    if answer.returncode != 0 or not set(names) <= set(SERVICES):
        said = answer.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise Unusable(f"`python -m chassis.running.work --list` failed; it said: {said[0]}")
    return names


def environment_of_code(root: Path) -> dict[str, str]:
    """Where Python finds our rooms: in the folder it starts in, and this room beside it when a test brings rooms of its own."""
    return {**inherited(), "PYTHONPATH": str(ROOT)} if root != ROOT else inherited()


def listening(port: int) -> bool:
    """Whether someone takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def healthy(port: int) -> bool:
    """Whether a process says that it is ready."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).is_success
    except httpx.HTTPError:
        return False


def catching_up(port: int) -> bool:
    """Whether a process says that it is well, and still reads what its answers depend on."""
    try:
        told = httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).json()
    except (httpx.HTTPError, ValueError):
        return False
    return bool(told.get("database") and not told.get("caught_up", True))


def _python(here: Installation, root: Path, service: str, process: str, module: str) -> Process:
    program = Program(
        process,
        (sys.executable, "-m", module, f"services.{service}"),
        here.logs / f"{process}.log",
        {**environment_of_code(root), **here.environment(service, process)},
        folder=root,
    )
    port = here.health_port(process)
    return Process(program, SERVING, partial(healthy, port), partial(catching_up, port))


def _gateway(here: Installation, root: Path) -> Process:
    program = Program(
        GATEWAY,
        (sys.executable, "-m", "gunicorn", "gateway.app:app", "-c", "gateway/gunicorn.conf.py"),
        here.logs / f"{GATEWAY}.log",
        {**environment_of_code(root), **here.environment(GATEWAY, GATEWAY)},
        folder=root,
    )
    return Process(program, ENTRANCE, partial(healthy, here.port))


def _mail_relay(here: Installation) -> Process:
    environment = {"SMTP_URL": f"smtp://127.0.0.1:{here.mail_port}", "MAIL_FOLDER": str(here.mail)}
    program = Program("mail", (sys.executable, "-m", "deploy.local.mail_relay"), here.logs / "mail.log", environment)
    return Process(program, SERVING, partial(listening, here.mail_port))
