"""Three machines made of network namespaces, and a fourth one that is the switch between them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

PREFIX = "10.213.7"
MACHINES = (1, 2, 3)
SWITCH_ADDRESS = f"{PREFIX}.254"


@dataclass(frozen=True)
class Network:
    """Namespaces `<name>-1` to `<name>-3`, each with one cable into a bridge in `<name>-switch`; none reaches the outside."""

    name: str

    @property
    def switch(self) -> str:
        """The namespace of the switch; whoever is in it reaches every machine."""
        return f"{self.name}-switch"

    def machine(self, number: int) -> str:
        """The namespace of a machine."""
        return f"{self.name}-{number}"

    def cut(self, number: int) -> None:
        """Pull a machine's cable: what is sent is lost, and nobody is told."""
        _ip("-n", self.switch, "link", "set", f"cable{number}", "down")

    def mend(self, number: int) -> None:
        """Put the cable back."""
        _ip("-n", self.switch, "link", "set", f"cable{number}", "up")

    def lay(self) -> None:
        """Make all of it."""
        _ip("netns", "add", self.switch)
        _ip("-n", self.switch, "link", "add", "bridge", "type", "bridge")
        _ip("-n", self.switch, "address", "add", f"{SWITCH_ADDRESS}/24", "dev", "bridge")
        for device in ("lo", "bridge"):
            _ip("-n", self.switch, "link", "set", device, "up")
        for number in MACHINES:
            self._connect(number)

    def _connect(self, number: int) -> None:
        machine, cable = self.machine(number), f"cable{number}"
        _ip("netns", "add", machine)
        _ip("-n", self.switch, "link", "add", cable, "type", "veth", "peer", "name", "wire", "netns", machine)
        _ip("-n", self.switch, "link", "set", cable, "master", "bridge", "up")
        _ip("-n", machine, "address", "add", f"{address(number)}/24", "dev", "wire")
        for device in ("lo", "wire"):
            _ip("-n", machine, "link", "set", device, "up")

    def take_away(self) -> None:
        """Remove whatever of it is there."""
        for namespace in (*map(self.machine, MACHINES), self.switch):
            subprocess.run(("ip", "netns", "delete", namespace), capture_output=True, check=False)


def address(number: int) -> str:
    """The address of a machine."""
    return f"{PREFIX}.{number}"


@contextmanager
def network() -> Iterator[Network]:
    """A network for the length of the block."""
    made = Network(f"cx{os.getpid()}")
    try:
        made.lay()
        yield made
    finally:
        made.take_away()


def _ip(*words: str) -> None:
    subprocess.run(("ip", *words), check=True, capture_output=True, text=True)
