"""Connections under gunicorn with an end to patience, and refusals on the level of HTTP in the form of all others.

gunicorn's ASGI worker waits for ever for a request's first headers, for a body that comes byte by byte and for a reader that does
not read, and keeps no count of connections (27.0 has `worker_connections`, and never looks at it). A proxy in front may do better;
we do not rely on one.
"""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from gunicorn.asgi.parser import ParseError
from gunicorn.asgi.protocol import _REASON_PHRASES, ASGIProtocol
from gunicorn.workers import gasgi

from gateway.middleware import SAFE_HEADERS
from gateway.problems import PROBLEM, REFUSED, problem, spread
from gateway.settings import Patience, read_patience

LINGER_S = 2
"""How long what a refused sender still sends is read and thrown away: closing at once would take the answer from it, too."""

NEWCOMER_S = 1
"""How long a connection that has not asked yet may still begin while the process leaves: its request may be on its way."""

STATUS = {501: 400}
"""A transfer coding that nobody here knows is the sender's error and no failure of ours."""


class Connection(ASGIProtocol):
    """One connection: headers and bodies have to come in time, answers have to be read, and there is a most of connections."""

    def __init__(self, worker: Any) -> None:
        super().__init__(worker)
        self._patience: Patience = worker.patience
        self._timer: asyncio.TimerHandle | None = None
        self._reader_timer: asyncio.TimerHandle | None = None
        self._has_begun = self._is_answering = self._refused = self._lingering = False
        self._body_began, self._body_size = 0.0, 0

    def connection_made(self, transport: Any) -> None:
        """Wait for headers; one connection too many is told to come again."""
        super().connection_made(transport)
        self.worker.connections.add(self)
        if self.worker.nr_conns > self.cfg.worker_connections:
            self._refuse(503, (("Retry-After", str(spread(1))),))
        else:
            self._wait(self._patience.headers_s if self.worker.alive else NEWCOMER_S, self._no_headers)

    def data_received(self, data: bytes) -> None:
        """What comes after a refusal is thrown away."""
        self._has_begun = True
        if not self._lingering:
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._wait(0, None)
        self._wait_for_reader(0)
        self.worker.connections.discard(self)
        super().connection_lost(exc)

    def leave_if_idle(self) -> None:
        """End a connection on which nothing is under way, for the process stops; a new one has a moment to ask."""
        if self._awaiting_request and not self._closed:
            if self.req_count > 1:
                self._end()
            else:
                self._wait(NEWCOMER_S, self._no_headers)

    def pause_writing(self) -> None:
        """The other side does not read: it has a while to go on."""
        super().pause_writing()
        self._wait_for_reader(self._patience.stall_s)

    def resume_writing(self) -> None:
        """It went on."""
        super().resume_writing()
        if not self._closed:
            self._wait_for_reader(0)

    def _is_websocket_upgrade(self, request: Any) -> bool:
        # Nobody here speaks it, and an offer that is not taken up is an ordinary request (RFC 9110, 7.8); gunicorn would answer 500.
        return False

    def _on_headers_complete(self) -> Any:
        if self._callback_parser.http_version == (1, 1) and sum(name == b"host" for name, _ in self._callback_parser.headers) != 1:
            raise ParseError("a request names its host once")
        self._body_began, self._body_size, self._is_answering = time.monotonic(), 0, False
        self._wait(self._patience.body_s, self._look_at_body)
        return super()._on_headers_complete()

    def _on_body(self, chunk: bytes) -> None:
        self._body_size += len(chunk)
        super()._on_body(chunk)

    def _on_message_complete(self) -> None:
        self._wait(0, None)
        super()._on_message_complete()

    def _no_headers(self) -> None:
        """Whoever began a request hears why it ends; whoever said nothing is let go."""
        if self._has_begun:
            self._refuse(408)
        else:
            self._end()

    def _look_at_body(self) -> None:
        """Large bodies have the time that a slow line needs; while we ourselves do not read, none of it is used up."""
        left = self._body_began + self._patience.body_s + self._body_size / self._patience.slowest_body - time.monotonic()
        if self._reading_paused:
            left = self._patience.body_s
        if left > 0:
            self._wait(left, self._look_at_body)
        else:
            self._refuse(408)

    def _refuse(self, status: int, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self._send_error_response(status, "", headers)
        self._end()

    def _end(self) -> None:
        self._close_transport()
        # Lets the loop that waits for a request see that none will come.
        self._request_ready.set()

    def _send_error_response(self, status: int, message: str, extra_headers: tuple[tuple[str, str], ...] = ()) -> None:
        """gunicorn's refusals in our form; nothing is written into the middle of an answer that has begun."""
        self._refused = True
        if self._is_answering and self._current_request is not None:
            return
        status = STATUS.get(status, status)
        code, sentence = REFUSED.get(status, REFUSED[400])
        correlation_id = str(uuid4())
        body = json.dumps(problem(status, code, sentence.replace("{said}", message[:120]), correlation_id)).encode()
        self._safe_write(_head(status, len(body), {**SAFE_HEADERS, **dict(extra_headers), "X-Correlation-Id": correlation_id}) + body)

    def _send_response_start(self, *args: Any, **kwargs: Any) -> None:
        self._is_answering = True
        super()._send_response_start(*args, **kwargs)

    def _close_transport(self) -> None:
        """Close so that the answer arrives: what is still on its way here is read first, for a while."""
        if self.transport is None or self._closed:
            return
        self._wait(0, None)
        self._wait_for_reader(self._patience.stall_s)
        if self._is_whole():
            super()._close_transport()
        else:
            self._linger()

    def _is_whole(self) -> bool:
        receiver = self._body_receiver
        return not self.transport.can_write_eof() or (not self._refused and (receiver is None or receiver._complete))

    def _linger(self) -> None:
        self._closed = self._lingering = True
        if self._body_receiver is not None:
            self._body_receiver.signal_disconnect()
        try:
            self.transport.write_eof()
            self.transport.resume_reading()
        except (OSError, RuntimeError):
            self.transport.abort()
        self._wait(LINGER_S, self.transport.close)

    def _wait(self, seconds: float, then: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.worker.loop.call_later(seconds, then) if then else None

    def _wait_for_reader(self, seconds: float) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
        self._reader_timer = self.worker.loop.call_later(seconds, self.transport.abort) if seconds else None


class Worker(gasgi.ASGIWorker):
    """gunicorn's ASGI worker on our connections."""

    def init_process(self) -> None:
        """Read how patient to be, and be allowed as many open files as connections may need."""
        self.patience, self.connections = read_patience(), set[Connection]()
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 2 * self.cfg.worker_connections + 200
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the application, and put our connections in place of gunicorn's, which names its own where it serves."""
        gasgi.ASGIProtocol = Connection
        super().load_wsgi()

    async def _shutdown(self) -> None:
        await self._take_whoever_waits()
        # gunicorn would wait for idle connections as long as for requests.
        for connection in list(self.connections):
            connection.leave_if_idle()
        # It would wait for streams, too, which end only if they are told.
        getattr(self.asgi, "on_leaving", lambda: None)()
        await super()._shutdown()

    async def _take_whoever_waits(self) -> None:
        """Stop listening; whoever the system has let in already is served, and not reset with the socket."""
        let_in = [connection for listener in self.sockets for connection in _let_in(listener.sock)]
        for server in self.servers:
            server.close()
        for connection in let_in:
            await self.loop.connect_accepted_socket(lambda: Connection(self), connection, ssl=self._get_ssl_context())
        # What the loop itself has just accepted is counted as a connection some turns later.
        await asyncio.sleep(0.05)


def _let_in(listener: socket.socket) -> Iterator[socket.socket]:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        connection.setblocking(False)
        yield connection


def _head(status: int, size: int, headers: dict[str, str]) -> bytes:
    known = {"Content-Type": PROBLEM, "Content-Length": str(size), "Connection": "close", **headers}
    lines = [f"HTTP/1.1 {status} {_REASON_PHRASES.get(status, 'Refused')}", *(f"{name}: {value}" for name, value in known.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
