"""An audit reads on when a connection to the broker breaks, and says so when connections go on breaking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deploy.local.audit import reading
from deploy.local.audit.reading import TRIES, read_broker
from deploy.local.unusable import Unusable


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """Lets that many connections break once they are open; what was opened is noted."""

    def let_break(times: int) -> list[str]:
        opened: list[str] = []

        class Connection:
            def __init__(self, uri: str, **_: Any) -> None:
                opened.append(uri)

            def __enter__(self) -> int:
                if len(opened) <= times:
                    raise ConnectionResetError("the node is gone")
                return len(opened)

            def __exit__(self, *_: object) -> None:
                pass

        monkeypatch.setattr(reading.kombu, "Connection", Connection)
        monkeypatch.setattr(reading.time, "sleep", lambda seconds: None)
        return opened

    return let_break


def test_what_broke_is_read_again_on_another_connection(breaking: Callable[[int], list[str]]) -> None:
    """From the beginning."""
    opened = breaking(TRIES - 1)
    assert read_broker("amqp://here", lambda number: number) == TRIES and opened == ["amqp://here"] * TRIES


def test_a_broker_that_goes_on_breaking_cannot_be_read(breaking: Callable[[int], list[str]]) -> None:
    """The reason is named."""
    opened = breaking(TRIES)
    with pytest.raises(Unusable, match="the broker cannot be read: the node is gone"):
        read_broker("amqp://here", lambda number: number)
    assert len(opened) == TRIES
