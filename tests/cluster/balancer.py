"""What stands before a cluster in life: connections go to a node that takes them.

Listens on sockets that were opened outside and handed over, and connects from within the switch's namespace. A plain one: it closes
nothing when a node falls silent, so that the clients' own time-outs are what is tried.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from deploy.local.program import ROOT
from tests.cluster.network import MACHINES, Network, address

CONNECT_S = 1.0


@contextmanager
def balancer(network: Network, ports: tuple[int, ...]) -> Iterator[list[int]]:
    """A loopback port for each of the nodes' ports, for the length of the block."""
    listening = [socket.create_server(("127.0.0.1", 0)) for _ in ports]
    pairs = [f"{door.fileno()}:{port}" for door, port in zip(listening, ports, strict=True)]
    command = ("setpriv", "--pdeathsig", "TERM", "ip", "netns", "exec", network.switch, sys.executable, "-m", __name__, *pairs)
    process = subprocess.Popen(command, cwd=ROOT, pass_fds=[door.fileno() for door in listening])
    try:
        yield [door.getsockname()[1] for door in listening]
    finally:
        process.terminate()
        process.wait()
        for door in listening:
            door.close()


async def _serve(pairs: list[tuple[int, int]]) -> None:
    turns = itertools.cycle(MACHINES)

    def handler(port: int):  # type: ignore[no-untyped-def]
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there = await _connect(next(turns), port)
            if there is not None:
                await asyncio.gather(_carry(reader, there[1]), _carry(there[0], writer))
            writer.close()

        return handle

    servers = [await asyncio.start_server(handler(port), sock=socket.socket(fileno=number)) for number, port in pairs]
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _connect(first: int, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    for number in (first, *(each for each in MACHINES if each != first)):
        with suppress(OSError, asyncio.TimeoutError):
            return await asyncio.wait_for(asyncio.open_connection(address(number), port), CONNECT_S)
    return None


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with suppress(OSError):
        writer.close()


if __name__ == "__main__":
    asyncio.run(_serve([(int(number), int(port)) for number, port in (pair.split(":") for pair in sys.argv[1:])]))
