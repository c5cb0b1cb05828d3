"""What an operator may look at in one process, beside its health: named functions, as JSON."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import httpx

from chassis.running.observability import _application, serve_health
from deploy.local.ports import Ports


def ask(path: str) -> tuple[str, Any]:
    """Status and body."""
    statuses: list[str] = []
    application = _application(lambda: {"database": True}, lambda: b"", {"index": lambda: {"differing": 0}})
    (body,) = application({"PATH_INFO": path}, lambda status, headers: statuses.append(status))
    return statuses[0], json.loads(body)


def test_a_look_is_answered_by_its_name_and_nothing_else_is() -> None:
    """Beside health and metrics."""
    assert ask("/look/index") == ("200 OK", {"differing": 0})
    assert ask("/look/other")[0] == ask("/index")[0] == ask("/look/")[0] == "404 Not Found"
    assert ask("/health/ready")[0] == "200 OK"


def test_a_look_that_takes_long_keeps_no_probe_waiting(tmp_path: Path) -> None:
    """Whoever asks meanwhile whether the process is well hears it."""
    port, began, may_end = Ports(tmp_path).of("somebody"), threading.Event(), threading.Event()

    def look() -> dict[str, Any]:
        began.set()
        return {"ended": may_end.wait(20)}

    serve_health(port, lambda: {"database": True}, looks={"long": look})
    answers: list[Any] = []
    looking = threading.Thread(target=lambda: answers.append(httpx.get(f"http://127.0.0.1:{port}/look/long", timeout=30).json()))
    looking.start()
    assert began.wait(10)
    assert httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).json()["ready"]
    may_end.set()
    looking.join()
    assert answers == [{"ended": True}]
