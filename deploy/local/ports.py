"""Loopback ports: found once, remembered for the next start, and found again when someone else took one meanwhile."""

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.remembered import Remembered
from deploy.local.unusable import Unusable

# Below the ephemeral range (32768 and up), where an outgoing connection could sit on a port just when we want it.
LOWEST, HIGHEST = 20_000, 32_000


def is_free(port: int) -> bool:
    """Whether nobody listens on this loopback port (a port whose last connections still linger is free)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class Ports:
    """The ports of one state folder by name; a name keeps its port from start to start.

    `settled` is for commands that talk to a running system: its ports are in use, by itself.
    """

    def __init__(self, folder: Path, settled: bool = False) -> None:
        self._known: Remembered[int] = Remembered(folder / "ports.json")
        self._settled = settled
        self._checked: set[int] = set()

    def of(self, name: str) -> int:
        """The port for this name; before the system runs, one that was free when first asked for."""
        port = self._known.of(name, _find, self._holds)
        self._checked.add(port)
        return port

    def _holds(self, port: int) -> bool:
        return self._settled or port in self._checked or is_free(port)


def _find(taken: set[int]) -> int:
    for _ in range(1000):
        port = random.randrange(LOWEST, HIGHEST)
        if port not in taken and is_free(port):
            return port
    raise Unusable(f"no free port was found between {LOWEST} and {HIGHEST} on 127.0.0.1.")


@contextmanager
def public_port(asked: int | None, usual: int = 8080) -> Iterator[int]:
    """The port people use, kept for us: the one asked for or nothing; unasked, the usual one or the next that is free."""
    for port in range(usual, usual + 200) if asked is None else (asked,):
        with _reserved(port) as ours:
            if ours and is_free(port):
                yield port
                return
    if asked is not None:
        raise Unusable(f"port {asked} is taken by another program; choose another with PORT=..., or leave PORT out.")
    raise Unusable(f"no port from {usual} to {usual + 199} is free; choose one with PORT=...")


@contextmanager
def _reserved(port: int) -> Iterator[bool]:
    """Whether we may have a port that nobody listens on yet: two clones that start at once find the same one free.

    The name is in Linux's abstract space: no file, no permissions, and it goes with its holder.
    """
    with socket.socket(socket.AF_UNIX) as name:
        try:
            name.bind(f"\0clusterxchange-port-{port}")
        except OSError:
            yield False
        else:
            yield True
