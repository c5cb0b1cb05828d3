"""Asking another service: what one line keeps of replies."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from chassis.running.calls import Line


def reply(correlation_id: str, body: bytes = b"{}") -> Any:
    """A reply as it comes from the broker."""
    return SimpleNamespace(properties={"correlation_id": correlation_id}, body=body)


def test_a_line_keeps_the_reply_it_waits_for_and_no_other() -> None:
    """A call that was repeated is answered several times, one that was given up late: kept, they would fill the memory."""
    line = Line.__new__(Line)
    line._replies, line._awaited = {}, "second"
    for correlation_id in ("first", "second", "second", "first"):
        line._on_reply(reply(correlation_id))
    assert list(line._replies) == ["second"]
    line._awaited = "third"
    line._on_reply(reply("third"))
    assert list(line._replies) == ["third"]
