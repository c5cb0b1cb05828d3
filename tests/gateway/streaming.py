"""A client that reads a stream from the application as it comes, and can go away in the middle."""

from __future__ import annotations

import asyncio
from typing import Any


class Reader:
    """One GET on the application; what it sends is kept piece by piece."""

    def __init__(self, app: Any, path: str, secret: str) -> None:
        self._app, self._gone = app, asyncio.Event()
        self._asked, self._pieces = False, asyncio.Queue[dict[str, Any]]()
        path, _, query = path.partition("?")
        self._scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET", "path": path,
            "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "scheme": "https", "server": ("here", 443),
            "client": ("127.0.0.1", 1), "headers": [(b"host", b"here"), (b"cookie", f"__Host-session={secret}".encode())],
        }  # fmt: skip
        self.running = asyncio.create_task(self._app(self._scope, self._receive, self._send))
        self.status, self.headers = 0, {}  # type: ignore[var-annotated]

    async def begin(self) -> Reader:
        """Wait for the head of the answer."""
        head = await asyncio.wait_for(self._pieces.get(), 5)
        self.status, self.headers = head["status"], {name.decode(): value.decode() for name, value in head["headers"]}
        return self

    async def piece(self, seconds: float = 5) -> str:
        """The next piece; empty at the end. Raises TimeoutError when none comes."""
        sent = await asyncio.wait_for(self._pieces.get(), seconds)
        return str(sent.get("body", b"").decode())

    async def words(self, seconds: float = 0.3) -> list[str]:
        """All words that come within so long, or until the stream ends."""
        found: list[str] = []
        until = asyncio.get_running_loop().time() + seconds
        while (left := until - asyncio.get_running_loop().time()) > 0:
            try:
                piece = await self.piece(left)
            except TimeoutError:
                break
            found += [line.removeprefix("data: ") for line in piece.splitlines() if line.startswith("data: ")]
            if not piece:
                break
        return found

    async def go(self) -> None:
        """Go away, and wait until the application has noticed."""
        self._gone.set()
        await asyncio.wait_for(self.running, 5)

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        self._pieces.put_nowait(message)
