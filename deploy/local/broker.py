"""A RabbitMQ node of our own: a child process with its own folder, cookie, name and loopback ports, beside any other on the machine."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.local.broker_rights import Broker
from deploy.local.files import private_folder, write_atomically
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from deploy.local.program import Program, found, running, wait_until

ADMINISTRATOR = "administrator"
DEBIANS_FOLDER = "/usr/lib/rabbitmq/bin"

CONFIGURATION = """\
listeners.tcp.default = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
default_user = {user}
default_pass = {password}
log.console = true
log.console.level = warning
log.file = false
disk_free_limit.absolute = 300MB
"""


@dataclass(frozen=True)
class PrivateNode:
    """Where our own node lives: its folder, its ports, its passwords."""

    folder: Path
    ports: Ports
    passwords: Passwords
    logs: Path

    @property
    def broker(self) -> Broker:
        """The node as its administrator reaches it."""
        who = f"{ADMINISTRATOR}:{self.passwords.of('broker/administrator')}@127.0.0.1"
        return Broker(f"amqp://{who}:{self.ports.of('amqp')}/%2F", f"http://{who}:{self.ports.of('broker-management')}", self.passwords)

    def prepare(self) -> None:
        """Write what the node reads at its start."""
        private_folder(self.folder)
        cookie = self.folder / ".erlang.cookie"
        if not cookie.exists():
            write_atomically(cookie, self.passwords.of("broker/cookie"), mode=0o400)
        write_atomically(
            self.folder / "rabbitmq.conf",
            CONFIGURATION.format(
                amqp=self.ports.of("amqp"),
                management=self.ports.of("broker-management"),
                user=ADMINISTRATOR,
                password=self.passwords.of("broker/administrator"),
            ),
        )
        write_atomically(self.folder / "enabled_plugins", "[rabbitmq_management].\n")
        write_atomically(self.folder / "rabbitmq-env.conf", "")

    def environment(self) -> dict[str, str]:
        """What keeps the node apart from every other: nothing of it is read from, or written to, the system's folders."""
        folder = str(self.folder)
        return {
            "HOME": folder,
            "PATH": os.pathsep.join((DEBIANS_FOLDER, "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin")),
            # A name of its own epmd's, so every clone may use the same; a folder that is moved still fits its name.
            "RABBITMQ_NODENAME": "clusterxchange@localhost",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/advanced.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_DIST_PORT": str(self.ports.of("broker-distribution")),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
            # The start script then becomes the node instead of staying before it: signals reach the node itself.
            "RABBITMQ_ALLOW_INPUT": "true",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self.ports.of("epmd")),
            "ERL_CRASH_DUMP": "/dev/null",
        }

    def port_mapper(self) -> Program:
        """Erlang's epmd in the foreground, to be started first: else the node would leave one behind."""
        command = (found("epmd"), "-port", str(self.ports.of("epmd")))
        return Program("epmd", command, self.logs / "epmd.log", {"ERL_EPMD_ADDRESS": "127.0.0.1"})

    def node(self) -> Program:
        """The node itself."""
        command = (found("rabbitmq-server", DEBIANS_FOLDER), "-noinput")
        return Program("broker", command, self.logs / "broker.log", self.environment(), folder=self.folder)

    def answers(self) -> bool:
        """Whether the node takes AMQP connections and its management answers."""
        try:
            with socket.create_connection(("127.0.0.1", self.ports.of("amqp")), timeout=2):
                return httpx.get(f"{self.broker.management_uri}/api/whoami", timeout=2).is_success
        except (OSError, httpx.HTTPError):
            return False


@contextmanager
def private_broker(folder: Path) -> Iterator[Broker]:
    """Run a private broker in this folder for the length of the block; the folder keeps its data."""
    private_folder(folder)
    node = PrivateNode(folder / "broker", Ports(folder), Passwords(folder), folder)
    node.prepare()
    with running(node.port_mapper()), running(node.node()) as process:
        wait_until(node.answers, "the private broker", folder / "broker.log", alive=lambda: process.poll() is None)
        yield node.broker
