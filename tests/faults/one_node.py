"""A broker of a test's own: restarted, alarmed and cut off without harm to other tests."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from deploy.local.broker import DEBIANS_FOLDER, PrivateNode
from deploy.local.files import private_folder
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from deploy.local.program import found, running, wait_until
from tests.chassis import wires

HEARTBEAT_S = 2
"""So short that a test can outlast it."""


class OneNode:
    """A private RabbitMQ with the tiny service's queues."""

    def __init__(self, folder: Path) -> None:
        private_folder(folder)
        self.folder, self.ports = folder, Ports(folder)
        self.node = PrivateNode(folder / "broker", self.ports, Passwords(folder), folder)
        self.node.prepare()
        configuration = folder / "broker" / "rabbitmq.conf"
        configuration.write_text(configuration.read_text() + f"heartbeat = {HEARTBEAT_S}\n")
        self._running = ExitStack()

    @property
    def uri(self) -> str:
        """The administrator's address."""
        return self.node.broker.administrator_uri()

    def uri_of(self, login: str, port: int | None = None) -> str:
        """A login's address, through another port if one is said."""
        uri = self.node.broker.uri(login)
        return uri.replace(f":{self.ports.of('amqp')}/", f":{port}/") if port else uri

    def start(self) -> None:
        """Start it, or start it again, and wait until it answers."""
        self._running.enter_context(running(self.node.node()))
        wait_until(self.node.answers, "the broker", self.folder / "broker.log", 120)

    def stop(self) -> None:
        """Stop it in order."""
        self._running.close()

    def control(self, *words: str) -> str:
        """What rabbitmqctl says to that."""
        command = (found("rabbitmqctl", DEBIANS_FOLDER), *words)
        return subprocess.run(command, env=self.node.environment(), check=True, capture_output=True, text=True).stdout

    def is_alarmed(self) -> bool:
        """Whether it has stopped taking messages for want of memory or disk."""
        return httpx.get(f"{self.node.broker.management_uri}/api/health/checks/local-alarms", timeout=20).status_code != 200

    def close_connections(self, login: str) -> int:
        """Have the broker close all connections of a login; returns how many there were."""
        with httpx.Client(base_url=str(self.node.broker.management_uri), timeout=20) as http:
            known: list[dict[str, Any]] = wires.wait_for(
                lambda: [each for each in http.get("/api/connections").json() if each.get("user") == login]
            )
            for each in known:
                http.delete(f"/api/connections/{each['name']}", headers={"X-Reason": "a test"})
        return len(known)


@contextmanager
def one_node(folder: Path) -> Iterator[OneNode]:
    """A node at work for the length of the block."""
    node = OneNode(folder)
    with running(node.node.port_mapper()):
        try:
            node.start()
            node.node.broker.prepare(["tiny", "elsewhere", "gateway"], asking=["tiny"])
            wires.declare(node.uri)
            yield node
        finally:
            node.stop()
