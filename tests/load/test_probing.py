"""Probes that find out when a system is itself again."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.load import probing
from tests.load.probing import Recovery, watched


@contextmanager
def relapsing(good: tuple[tuple[float, float], ...]) -> Iterator[int]:
    """A server that answers 200 in these spans of seconds from now, and 503 otherwise; its port."""
    began = time.monotonic()

    def answer(listening: socket.socket) -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            with line:
                line.recv(65536)
                now = time.monotonic() - began
                line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" if any(a <= now < b for a, b in good) else b"HTTP/1.1 503 Later\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=answer, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def test_relapse_after_the_first_good_answer_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Good at once, bad for a second, then good for good."""
    monkeypatch.setattr(probing, "STEADY_S", 1.5)
    began = time.monotonic()
    with relapsing(((0.0, 1.0), (2.0, 999.0))) as port:
        recovery = watched(port, b"GET / HTTP/1.1\r\n\r\n")
    assert recovery.first_good - began < 1.0 <= 2.0 <= recovery.steady - began


def test_request_begun_in_the_outage_that_fails_late_is_no_relapse() -> None:
    """It was begun before answers were good again."""
    assert Recovery(good=[(3.0, 3.1), (3.2, 3.3)], failed=[1.0, 2.9]).steady == 3.1


def test_nothing_is_over_while_a_later_request_is_unanswered() -> None:
    """It may yet fail."""
    recovery = Recovery(good=[(1.0, 1.1)], waiting={2.0})
    assert not recovery.is_over(20.0)
    recovery.waiting.clear()
    assert recovery.is_over(20.0) and not Recovery().is_over(20.0)


def test_system_that_never_answers_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no figure."""
    monkeypatch.setattr(probing, "PATIENCE_S", 0.5)
    with relapsing(()) as port, pytest.raises(TimeoutError):
        watched(port, b"GET / HTTP/1.1\r\n\r\n")
