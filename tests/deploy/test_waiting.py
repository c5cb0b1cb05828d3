"""Waiting for a process: as long as it says that it is at work, and not for one that says nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.running.observability import serve_health
from deploy.local.ports import Ports
from deploy.local.processes import catching_up, healthy
from deploy.local.program import wait_until
from deploy.local.unusable import Unusable

PARTS = {"started": False, "caught_up": False, "database": True, "broker": False}


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[int, dict[str, bool]]]:
    """The port of a process, and what it says of itself."""
    port, parts = Ports(tmp_path).of("somebody"), dict(PARTS)
    serve_health(port, lambda: parts)
    yield port, parts


def test_one_that_reads_what_its_answers_depend_on_is_waited_for(told: tuple[int, dict[str, bool]], tmp_path: Path) -> None:
    """Longer than others; until it is ready."""
    port, parts = told
    looks: list[bool] = []

    def busy() -> bool:
        looks.append(catching_up(port))
        if len(looks) == 3:
            parts.update(dict.fromkeys(parts, True))
        return looks[-1]

    wait_until(lambda: healthy(port), "somebody", tmp_path / "log", 0.0, busy=busy)
    assert looks == [True, True, True] and not catching_up(port)


@pytest.mark.parametrize("parts", [{"database": False}, {"caught_up": True}])
def test_one_that_waits_for_something_else_is_not(told: tuple[int, dict[str, bool]], tmp_path: Path, parts: dict[str, bool]) -> None:
    """A database that is away, a broker that does not take it: said when the time is over, with its last words."""
    port, says = told
    says.update(parts)
    (tmp_path / "log").write_text(json.dumps({"event": "waiting for the database"}))
    with pytest.raises(Unusable, match=r"somebody was not ready after 0 s; its last words: .*waiting for the database"):
        wait_until(lambda: healthy(port), "somebody", tmp_path / "log", 0.0, busy=lambda: catching_up(port))


def test_nobody_there_catches_up(tmp_path: Path) -> None:
    """A port where nobody answers."""
    assert not catching_up(Ports(tmp_path).of("nobody"))
