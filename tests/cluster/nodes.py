"""Three RabbitMQ nodes as one cluster, a node on each machine of the network."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.local.broker import ADMINISTRATOR, DEBIANS_FOLDER
from deploy.local.files import private_folder, write_atomically
from deploy.local.program import Program, found, running, stop, wait_until
from tests.cluster.network import MACHINES, Network, address

PASSWORD = "only-for-this-test"
COOKIE = "CLUSTEROFTHREE"
AMQP, MANAGEMENT = 5672, 15672

CONFIGURATION = f"""\
listeners.tcp.default = 0.0.0.0:{AMQP}
management.tcp.port = {MANAGEMENT}
default_user = {ADMINISTRATOR}
default_pass = {PASSWORD}
cluster_partition_handling = pause_minority
cluster_formation.peer_discovery_backend = classic_config
{"".join(f"cluster_formation.classic_config.nodes.{each} = clusterxchange@{address(each)}{chr(10)}" for each in MACHINES)}\
log.console = true
log.console.level = warning
log.file = false
disk_free_limit.absolute = 300MB
"""


@dataclass
class Node:
    """One node on its machine; its folder survives it."""

    number: int
    network: Network
    folder: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """Its name in the cluster."""
        return f"clusterxchange@{address(self.number)}"

    def prepare(self) -> None:
        """Write what it reads at its start."""
        private_folder(self.folder)
        for name, content in (("rabbitmq.conf", CONFIGURATION), ("enabled_plugins", "[rabbitmq_management].\n"), ("rabbitmq-env.conf", "")):
            write_atomically(self.folder / name, content)
        write_atomically(self.folder / ".erlang.cookie", COOKIE, mode=0o400)

    def port_mapper(self) -> Program:
        """Erlang's epmd of this machine."""
        return self._program("epmd", (found("epmd"),), {})

    def start(self) -> None:
        """Start it; it is in the cluster some seconds later."""
        program = self._program("node", (found("rabbitmq-server", DEBIANS_FOLDER), "-noinput"), self._environment())
        with program.log.open("ab") as log:
            self._process = subprocess.Popen(
                program.full_command, env=dict(program.environment), cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        """End it in order."""
        if self._process is not None:
            stop(self._process, "TERM", 20)

    def _program(self, name: str, command: tuple[str, ...], environment: dict[str, str]) -> Program:
        inside = ("ip", "netns", "exec", self.network.machine(self.number), *command)
        return Program(name, inside, self.folder / f"{name}.log", environment, folder=self.folder)

    def _environment(self) -> dict[str, str]:
        folder = str(self.folder)
        return {
            "HOME": folder,
            "LANG": "C.UTF-8",
            "PATH": os.pathsep.join((DEBIANS_FOLDER, "/usr/bin", "/bin", "/usr/sbin", "/sbin")),
            "RABBITMQ_NODENAME": self.name,
            "RABBITMQ_USE_LONGNAME": "true",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/advanced.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel net_ticktime 8 +sbwt none +sbwtdcpu none +sbwtdio none",
            "RABBITMQ_ALLOW_INPUT": "true",
            "ERL_CRASH_DUMP": "/dev/null",
        }


@dataclass
class Cluster:
    """The three of them, as their administrator reaches them through the balancer."""

    nodes: list[Node]
    management: str

    def running(self) -> int:
        """How many nodes run, as most of them see it; 0 when nobody answers."""
        try:
            answer = httpx.get(f"{self.management}/api/nodes", auth=(ADMINISTRATOR, PASSWORD), timeout=5)
            return sum(node.get("running", False) for node in answer.json()) if answer.is_success else 0
        except (httpx.HTTPError, ValueError):
            return 0

    def is_whole(self) -> bool:
        """Whether all nodes run and know each other."""
        return self.running() == len(self.nodes)

    def wait_until_whole(self) -> None:
        """Wait for it; raises Unusable after three minutes."""
        wait_until(self.is_whole, "the cluster of three nodes", self.nodes[0].folder / "node.log", 180)
        time.sleep(3)


@contextmanager
def three_nodes(network: Network, folder: Path, management: str) -> Iterator[Cluster]:
    """A cluster for the length of the block, formed by its first node."""
    nodes = [Node(number, network, folder / str(number)) for number in MACHINES]
    cluster = Cluster(nodes, management)
    with ExitStack() as stack:
        for wanted, node in enumerate(nodes, 1):
            node.prepare()
            stack.enter_context(running(node.port_mapper()))
            stack.callback(node.end)
            node.start()
            wait_until(lambda least=wanted: cluster.running() >= least, node.name, node.folder / "node.log", 90)  # type: ignore[misc]
        yield cluster
