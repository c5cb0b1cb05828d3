"""The supervisor over all processes: restarts a dead one alone, and is asked and told over loopback XML-RPC with a password."""

import os
import shlex
import sys
import time
import xmlrpc.client
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from pwd import getpwuid
from typing import Any

from supervisor.xmlrpc import Faults

from deploy.local.files import write_atomically
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from deploy.local.processes import GROUPS, SERVING, Process
from deploy.local.program import Program, running, wait_until
from deploy.local.unusable import Unusable

LOGIN = "runner"

CONFIGURATION = """\
[supervisord]
nodaemon = true
user = {user}
logfile = {logs}/supervisor-daemon.log
logfile_maxbytes = 5MB
logfile_backups = 1
pidfile = {state}/supervisor.pid
childlogdir = {logs}
identifier = clusterxchange

[inet_http_server]
port = 127.0.0.1:{port}
username = {login}
password = {password}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""

# startretries: the pause grows by a second each time, so this tries for half an hour, as long as a broker may be gone.
PROGRAM = """
[program:{name}]
command = {command}
directory = {folder}
environment = {environment}
stdout_logfile = {log}
stdout_logfile_maxbytes = 20MB
stdout_logfile_backups = 2
redirect_stderr = true
autostart = false
autorestart = true
startsecs = 3
startretries = 60
stopsignal = {signal}
stopwaitsecs = 25
killasgroup = true
"""


class Supervisor:
    """The supervisor of one state folder."""

    def __init__(self, state: Path, ports: Ports, passwords: Passwords) -> None:
        self.state, self.logs, self._ports = state, state / "logs", ports
        self._password = passwords.of("supervisor")

    @property
    def configuration(self) -> Path:
        """Its file; it holds the environments of all processes and so the passwords."""
        return self.state / "supervisor.conf"

    def write(self, processes: Iterable[Process]) -> None:
        """Write down what it is to look after."""
        processes = list(processes)
        head = CONFIGURATION.format(
            user=_us(), logs=_quoted(self.logs), state=_quoted(self.state), port=self._port(), login=LOGIN, password=self._password
        )
        write_atomically(self.configuration, head + "".join(map(_program, processes)) + _groups(processes))

    def program(self) -> Program:
        """The supervisor's own process; if it is killed hard, the signal that its children asked for ends them."""
        command = (sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(self.configuration))
        return Program("supervisor", command, self.logs / "supervisor.log")

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Run it for the length of the block; all it looks after has ended afterwards."""
        with running(self.program(), patience=100) as process:
            wait_until(self.answers, "the supervisor", self.logs / "supervisor.log", alive=lambda: process.poll() is None)
            yield

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            return bool(self._rpc().getState()["statename"] == "RUNNING")
        except (OSError, xmlrpc.client.Error):
            return False

    def take_up(self, processes: Iterable[Process]) -> None:
        """Look after these processes from now on; those that it has already stay as they are."""
        self.write(processes)
        added, _changed, _removed = self._rpc().reloadConfig()[0]
        for group in added:
            self._rpc().addProcessGroup(group)

    def start(self, processes: Iterable[Process], seconds: float = 240.0) -> None:
        """Start processes side by side and wait until each is ready."""
        processes = list(processes)
        for process in processes:
            self._rpc().startProcess(f"{process.group}:{process.name}", False)
        for process in processes:
            alive = partial(self._may_come, process)
            wait_until(process.ready, process.name, process.program.log, seconds, alive, process.busy)

    def states(self) -> list[dict[str, Any]]:
        """What it knows of each process: name, group, statename, pid, description. Places that nobody fills are left out."""
        return [state for state in self._rpc().getAllProcessInfo() if state["statename"] != "STOPPED"]

    def every_state(self) -> dict[str, str]:
        """The state of every process by name, of those that are not wanted, too."""
        return {state["name"]: state["statename"] for state in self._rpc().getAllProcessInfo()}

    def begin(self, name: str) -> None:
        """Start one of the services' processes; it is not waited for."""
        self._rpc().startProcess(f"{SERVING}:{name}", False)

    def end(self, name: str) -> None:
        """Tell one of the services' processes to leave; it is not waited for."""
        try:
            self._rpc().stopProcess(f"{SERVING}:{name}", False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.NOT_RUNNING:
                raise

    def _may_come(self, process: Process) -> bool:
        state = self._rpc().getProcessInfo(f"{process.group}:{process.name}")["statename"]
        # The first fall is enough to say so: a start by hand is no place to wait half an hour for a typing error.
        return state in ("STARTING", "RUNNING")

    def _port(self) -> int:
        return self._ports.of("supervisor")

    def _rpc(self) -> Any:
        return xmlrpc.client.ServerProxy(f"http://{LOGIN}:{self._password}@127.0.0.1:{self._ports.of('supervisor')}/RPC2").supervisor


def wait_for_an_earlier_one(state: Path, seconds: float = 60.0) -> None:
    """Wait for a supervisor whose runner was killed: it is ending its processes, and our own would meet theirs."""
    pid = _pid_of_earlier(state)
    until = time.monotonic() + seconds
    while pid and _is_supervisor(pid):
        if time.monotonic() > until:
            raise Unusable(f"an earlier run's supervisor (process {pid}) does not end; end it by hand.")
        time.sleep(0.2)


def _pid_of_earlier(state: Path) -> int | None:
    try:
        return int((state / "supervisor.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None


def _is_supervisor(pid: int) -> bool:
    try:
        return b"supervisord" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _us() -> str:
    """Our own account: said explicitly, the supervisor does not complain of root."""
    return getpwuid(os.geteuid()).pw_name


def _program(process: Process) -> str:
    program = process.program
    return PROGRAM.format(
        name=program.name,
        command=_quoted(shlex.join(program.full_command)),
        folder=_quoted(program.folder),
        environment=",".join(f'{name}="{_quoted(value)}"' for name, value in sorted(program.environment.items())),
        log=_quoted(_quoted(program.log)),  # this one it expands twice
        signal=program.stop_signal,
    )


def _groups(processes: Iterable[Process]) -> str:
    """The groups, each with its place in the order; a group that has no process is left out."""
    lines = []
    for place, group in enumerate(GROUPS):
        names = [process.name for process in processes if process.group == group]
        if names:
            lines.append(f"\n[group:{group}]\nprograms = {','.join(names)}\npriority = {100 * (place + 1)}\n")
    return "".join(lines)


def _quoted(value: object) -> str:
    """A percent sign begins an expansion in the supervisor's file."""
    return str(value).replace("%", "%%")
