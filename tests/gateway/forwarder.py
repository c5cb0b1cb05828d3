"""A way to the broker that a test can cut."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

from tests.chassis.wires import wait_for


class Forwarder:
    """A way to the broker that can be cut and joined again: connections to its port go to the broker's, while it is open."""

    def __init__(self, port: int, broker_port: int) -> None:
        self.port, self._broker_port = port, broker_port
        self._program: subprocess.Popen[bytes] | None = None

    def join(self) -> None:
        """Let connections through."""
        code = FORWARDING.format(port=self.port, broker_port=self._broker_port)
        self._program = subprocess.Popen([sys.executable, "-c", code])
        wait_for(self._listens)

    def freeze(self) -> None:
        """Let nothing more through what is connected, without breaking it; new connections are let through."""
        assert self._program is not None
        self._program.send_signal(signal.SIGUSR1)
        time.sleep(0.2)

    def cut(self) -> None:
        """Break them all."""
        if self._program is not None:
            self._program.kill()
            self._program.wait()

    def hold(self) -> None:
        """Let nothing through, and break nothing: a line on which the other side is not heard any more."""
        assert self._program is not None
        self._program.send_signal(signal.SIGSTOP)

    def let_go(self) -> None:
        """Let everything through again, what was held back first."""
        assert self._program is not None
        self._program.send_signal(signal.SIGCONT)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


FORWARDING = """
import asyncio, signal
frozen, number = 0, 0
async def pour(mine, source, target):
    while data := await source.read(65536):
        while mine <= frozen:
            await asyncio.sleep(3600)
        target.write(data)
    target.close()
async def join(reader, writer):
    global number
    number = mine = number + 1
    there, back = await asyncio.open_connection("127.0.0.1", {broker_port})
    await asyncio.gather(pour(mine, reader, back), pour(mine, there, writer), return_exceptions=True)
def freeze():
    global frozen
    frozen = number
async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, freeze)
    async with await asyncio.start_server(join, "127.0.0.1", {port}) as server:
        await server.serve_forever()
asyncio.run(main())
"""
