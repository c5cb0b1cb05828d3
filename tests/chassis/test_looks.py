"""What an operator may look at in one process, beside its health: named functions, as JSON."""

from __future__ import annotations

import json
from typing import Any

from chassis.running.observability import _application


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
