"""The gateway as gunicorn serves it, in a process of its own, and a bare socket to it for what no client library would send."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from deploy.local.ports import Ports
from tests.chassis.wires import wait_for
from tests.room import make_key

NOWHERE = "amqp://nobody:nothing@127.0.0.1:9/"


@dataclass(frozen=True)
class Site:
    """One running gateway."""

    client: httpx.Client
    port: int
    process: subprocess.Popen[bytes]
    told: threading.Event = field(default_factory=threading.Event)

    @property
    def pid(self) -> int:
        """The master's."""
        return self.process.pid

    def leave(self) -> None:
        """Tell it to stop, once: a second word kills a process that has nearly ended, and no longer minds signals."""
        if not self.told.is_set():
            self.told.set()
            self.process.send_signal(signal.SIGTERM)

    def line(self) -> Line:
        """A new connection to it."""
        return Line(self.port)


@contextmanager
def served(folder: Path, amqp_uri: str = NOWHERE, **told: str) -> Iterator[Site]:
    """A gateway in one process; it is stopped in order afterwards, and has to end well."""
    port = Ports(folder).of("gateway")
    environment = {
        "PATH": os.environ["PATH"], "AMQP_URI": amqp_uri, "KEY_FILE": str(make_key(folder, "gateway")), "BLOB_FOLDER": str(folder / "blobs"),
        "PUBLIC_URL": f"http://localhost:{port}", "PORT": str(port), "CALL_TIMEOUT_S": "1", "WEB_CONCURRENCY": "1", "TMPDIR": str(folder),
        **told,
    }  # fmt: skip
    with (folder / "gateway.log").open("wb") as log:
        command = [sys.executable, "-W", "ignore", "-m", "gunicorn", "gateway.app:app", "-c", "gateway/gunicorn.conf.py"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        try:
            wait_for(lambda: _lives(client), 60)
            yield (site := Site(client, port, process))
            site.leave()
            assert process.wait(90) == 0
        finally:
            process.kill()


def _lives(client: httpx.Client) -> bool:
    try:
        return client.get("/health/live").status_code == 200
    except httpx.HTTPError:
        return False


class Line:
    """A connection on which anything can be sent; what comes back is read to its end."""

    def __init__(self, port: int, receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(60)
        self.socket.connect(("127.0.0.1", port))

    def send(self, data: bytes) -> Line:
        """Send all of it."""
        self.socket.sendall(data)
        return self

    def drip(self, data: bytes = b"x") -> bool:
        """Send a little, if the other side still takes it."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        return True

    def has_something(self, seconds: float) -> bool:
        """Whether something was said, or the connection ended, within so long."""
        return bool(select.select([self.socket], [], [], seconds)[0])

    def heard(self) -> bytes:
        """Everything until the other side closes; what was lost with a broken connection is not there."""
        said = b""
        try:
            while piece := self.socket.recv(65536):
                said += piece
        except ConnectionError:
            return said
        return said

    def answer(self) -> Heard:
        """The one answer that comes before the connection is closed."""
        head, _, body = self.heard().partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return Heard(int(first.split()[1]) if first else 0, headers, body)

    def close(self) -> None:
        """Let it go."""
        self.socket.close()


@dataclass(frozen=True)
class Heard:
    """A status (0: nothing was said), headers in small letters, a body."""

    status: int
    headers: dict[str, str]
    body: bytes

    def problem(self) -> dict[str, Any]:
        """The problem in the body."""
        assert self.headers["content-type"] == "application/problem+json", self
        return dict(json.loads(self.body))
