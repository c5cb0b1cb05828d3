"""Ports are found, remembered, and found anew when someone took one."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local.ports import HIGHEST, LOWEST, Ports, public_port
from deploy.local.unusable import Unusable


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    """Listen on a port, as another program would."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield other.getsockname()[1]


def test_port_is_kept_from_start_to_start(tmp_path: Path) -> None:
    """A second start finds the same ports, below the ephemeral range."""
    port = Ports(tmp_path).of("amqp")
    assert LOWEST <= port < HIGHEST
    assert Ports(tmp_path).of("amqp") == port


def test_port_taken_meanwhile_is_replaced(tmp_path: Path) -> None:
    """Another clone may have it now."""
    port = Ports(tmp_path).of("amqp")
    with taken(port):
        assert Ports(tmp_path).of("amqp") != port


def test_port_in_use_by_the_running_system_stays(tmp_path: Path) -> None:
    """A command that talks to the system asks for its ports as they are."""
    port = Ports(tmp_path).of("amqp")
    with taken(port):
        assert Ports(tmp_path, settled=True).of("amqp") == port


def test_two_names_never_share_a_port(tmp_path: Path) -> None:
    """Nor does a second object in the same folder forget what the first found."""
    one, two = Ports(tmp_path), Ports(tmp_path)
    found = {one.of("a"), two.of("b"), one.of("c")}
    assert len(found) == 3
    assert {Ports(tmp_path).of(name) for name in "abc"} == found


def test_public_port_asked_for_and_taken_is_refused() -> None:
    """Who asks for a port wants that one."""
    with taken() as port, pytest.raises(Unusable, match=f"port {port} is taken"), public_port(port):
        pass


def test_public_port_not_asked_for_moves_on() -> None:
    """Without a wish the next free one does."""
    with taken() as port, public_port(None, usual=port) as found:
        assert found > port


def test_two_starts_at_once_get_two_public_ports() -> None:
    """Neither listens yet, and still each has its own."""
    with public_port(None) as one, public_port(None) as two:
        assert one != two
    with public_port(one) as again:
        assert again == one
