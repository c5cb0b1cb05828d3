"""What the broker tests share: the tiny service's topology, its process, and looking into queues."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import kombu
from sqlalchemy import Engine

from chassis.bare.envelope import Envelope
from chassis.bare.message import Fact, real_now
from chassis.bare.principal import Signer
from chassis.running import topology
from chassis.running.calls import BrokerAsker
from chassis.running.wire import Wire
from deploy.local.broker_rights import Broker
from deploy.local.ports import Ports
from tests.chassis.tiny.contracts import ThingMade, ThingNamed, ThingPoked
from tests.room import make_key

EVENTS = (ThingMade, ThingNamed, ThingPoked)


def declare(amqp_uri: str) -> list[str]:
    """The tiny service's topology."""
    return topology.declare(amqp_uri, ["tiny"], EVENTS)


def empty(amqp_uri: str, *queues: str) -> None:
    """Throw away what lies in these queues."""
    with kombu.Connection(amqp_uri) as connection:
        for queue in queues:
            connection.default_channel.queue_purge(queue)


def depth(amqp_uri: str, queue: str) -> int:
    """How many messages lie ready in a queue."""
    with kombu.Connection(amqp_uri) as connection:
        return int(connection.default_channel.queue_declare(queue, passive=True).message_count)


def taken(amqp_uri: str, queue: str) -> list[Any]:
    """Take everything out of a queue."""
    messages = []
    with kombu.Connection(amqp_uri) as connection:
        while (message := connection.default_channel.basic_get(queue, no_ack=True)) is not None:
            messages.append(message)
    return messages


def bodies(amqp_uri: str, queue: str) -> list[dict[str, Any]]:
    """The events taken out of a queue."""
    return [json.loads(message.body) for message in taken(amqp_uri, queue)]


def elsewhere(broker: Broker) -> str:
    """The address of the login of the service `elsewhere`, whose events the tiny service hears; nothing runs behind it."""
    broker.prepare(["elsewhere"])
    return broker.uri("elsewhere")


def publish(amqp_uri: str, fact: Fact) -> str:
    """Announce a fact as the service `elsewhere`, at the address of whose login; returns the event's id."""
    event_id = str(uuid4())
    envelope = Envelope.write({
        "specversion": "1.0", "id": event_id, "source": "/elsewhere", "type": fact.type, "subject": fact.subject, "subjectversion": 1,
        "time": real_now(), "actor": "service:elsewhere", "audience": [], "correlationid": "test", "datacontenttype": "application/json",
        "data": fact.data,
    })  # fmt: skip
    send(amqp_uri, "elsewhere.events", fact.type, json.dumps(envelope, default=str).encode())
    return event_id


POKED = {
    "specversion": "1.0", "source": "/elsewhere", "type": "thing_poked", "subject": "poke/0d4c9f0e-5f0b-4a3e-9d55-2f8f7a1b6c01", "subjectversion": 1,
    "time": "2026-11-02T09:00:00Z", "actor": "service:elsewhere", "data": {"how": "kindly"},
}  # fmt: skip


def poked(**changes: Any) -> bytes:
    """A good event with these changes; None leaves a part out."""
    envelope = POKED | {"id": str(uuid4())} | changes
    return json.dumps({name: value for name, value in envelope.items() if value is not None}).encode()


def send(amqp_uri: str, topic: str, key: str, body: bytes, **properties: Any) -> None:
    """Publish any bytes, as the address' own login if nothing else is said."""
    wire = Wire(amqp_uri, confirm=True)
    wire.send(body, topic, key, **({"user_id": wire.login} | properties))
    wire.close()


def ready(amqp_uri: str, queue: str) -> int:
    """How many messages wait in a queue."""
    with kombu.Connection(amqp_uri) as connection:
        return int(connection.default_channel.queue_declare(queue, passive=True).message_count)


def wait_for(found: Callable[[], Any], seconds: float = 90) -> Any:
    """What is found, as soon as there is something."""
    until = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.05)
    return result


class Process:
    """The tiny service in a process of its own; in the same folder as another it is that one's replica, under another `name`."""

    def __init__(self, folder: Path, engine: Engine, amqp_uri: str, name: str = "tiny", room: str = "tests.chassis.tiny") -> None:
        self.folder, self.port = folder, Ports(folder).of(f"health/{name}")
        keys = {issuer: _key(folder, issuer) for issuer in ("tiny", "asker")}
        self.asker = BrokerAsker(amqp_uri, Signer("asker", keys["asker"]), 8)
        self.signer = self.asker._signer
        told = {
            "ENVIRONMENT": "development", "AMQP_URI": amqp_uri, "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "KEY_FILE": str(keys["tiny"]), "TRUST_FOLDER": str(folder / "trust"), "BLOB_FOLDER": str(folder / "blobs"), "HEALTH_PORT": str(self.port),
            "PATH": os.environ["PATH"],
        }  # fmt: skip
        command = [sys.executable, "-W", "ignore", "-m", "chassis.running.serve", room]
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(command, env=told, stdout=log, stderr=subprocess.STDOUT)

    def is_ready(self) -> bool:
        """Whether it says so itself."""
        assert self.child.poll() is None, self.log.read_text()[-2000:]
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def parts(self) -> dict[str, Any] | None:
        """What it says of its parts, ready or not; None before it says anything."""
        try:
            return dict(httpx.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=2).json())
        except httpx.HTTPError:
            return None

    def in_flight(self) -> int:
        """How many messages it has taken and not settled."""
        metrics = httpx.get(f"http://127.0.0.1:{self.port}/metrics", timeout=5).text
        found = re.search(r'in_flight\{service="tiny"\} (\d+)', metrics)
        return int(found[1]) if found else 0

    def ended(self, door: str, outcome: str) -> int:
        """How often a door was opened with that outcome, by the process' own metrics."""
        metrics = httpx.get(f"http://127.0.0.1:{self.port}/metrics", timeout=5).text
        found = re.search(rf'door_seconds_count\{{door="{door}",outcome="{outcome}"\}} ([\d.]+)', metrics)
        return int(float(found[1])) if found else 0

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(20)
        finally:
            self.child.kill()


def _key(folder: Path, issuer: str) -> Path:
    """The key that lies in the folder, or a new one."""
    key_file = folder / f"{issuer}.key"
    return key_file if key_file.exists() else make_key(folder, issuer)


@contextmanager
def process(folder: Path, engine: Engine, amqp_uri: str, name: str = "tiny") -> Iterator[Process]:
    """The tiny service, ready, for the length of the block."""
    made = Process(folder, engine, amqp_uri, name)
    try:
        wait_for(made.is_ready, 40)
        yield made
    finally:
        made.stop()
