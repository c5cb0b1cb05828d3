"""The load: callers that ask again as soon as they are answered, each request with a key of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.load.callers import call

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
LAST = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
LATER = b"HTTP/1.1 503 Later\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Server:
    """Answers every request with the next of these, and keeps what it got."""

    answers: list[bytes]
    port: int = 0
    got: list[bytes] = field(default_factory=list)
    connections: int = 0

    def serve(self, listening: socket.socket) -> None:
        """Take connections until the socket is closed."""
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with line:
            while request := line.recv(65536):
                answer = self.answers[len(self.got) % len(self.answers)]
                self.got.append(request)
                # In two pieces, as a network brings it.
                line.sendall(answer[:20])
                line.sendall(answer[20:])
                if b"close" in answer:
                    return


@contextmanager
def server(*answers: bytes) -> Iterator[Server]:
    """Such a server for the length of the block."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Server(list(answers), listening.getsockname()[1])
        threading.Thread(target=made.serve, args=(listening,), daemon=True).start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)


def test_every_answer_is_counted_once_and_connections_stay_open() -> None:
    """Two callers ask ten times on two connections."""
    with server(ANSWER) as site:
        heard = call(site.port, "GET / HTTP/1.1\r\n\r\n", connections=2, seconds=30, most=10)
    assert len(heard["ms"][200]) == 10 == len(site.got) and site.connections == 2
    assert heard["lost"] == 0 and min(heard["ms"][200]) > 0 and heard["cpu_s"] > 0


def test_each_request_has_a_key_of_its_own() -> None:
    """Else a command would be carried out once and answered from its key after that."""
    with server(ANSWER) as site:
        call(site.port, "POST / HTTP/1.1\r\nIdempotency-Key: {key}\r\n\r\n", connections=3, seconds=30, most=12)
    assert len(set(site.got)) == 12 and not any(b"{key}" in request for request in site.got)


def test_refused_caller_waits_as_it_is_told() -> None:
    """A second between the refusal and the next request; without that it asks at once."""
    with server(LATER, ANSWER) as site:
        patient = call(site.port, "GET / HTTP/1.1\r\n\r\n", connections=1, seconds=30, most=2, hears_retry_after=True)
        hasty = call(site.port, "GET / HTTP/1.1\r\n\r\n", connections=1, seconds=30, most=2)
    assert patient["seconds"] >= 1 > hasty["seconds"]
    assert [len(patient["ms"][status]) for status in (503, 200)] == [1, 1]


def test_caller_whose_connection_is_closed_comes_on_another() -> None:
    """Every second answer is the last on its connection, and none is lost."""
    with server(ANSWER, LAST) as site:
        heard = call(site.port, "GET / HTTP/1.1\r\n\r\n", connections=1, seconds=30, most=6)
    assert len(heard["ms"][200]) == 6 and site.connections >= 3 and heard["lost"] == 0


def test_words_come_in_turn() -> None:
    """Each request has the next of the choices, and the first comes again after the last."""
    with server(ANSWER) as made:
        call(made.port, "GET /{choice} HTTP/1.1\r\n\r\n", 1, 5, most=3, choices=["one", "two"])
    assert made.got == [b"GET /one HTTP/1.1\r\n\r\n", b"GET /two HTTP/1.1\r\n\r\n", b"GET /one HTTP/1.1\r\n\r\n"]
