"""What a worker repeats: one process at a time, again after a failure, and by another one when the first is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import pytest
from sqlalchemy import text

from chassis.running.doors import Repeats, repeats
from chassis.running.frame import Frame
from chassis.running.turns import Turns, taking_turns
from chassis.running.work import with_workers
from tests.chassis.wires import wait_for
from tests.room import Room


class Ticker:
    """A service that does nothing but count its turns."""

    name = "ticker"
    turns: ClassVar[list[str]] = []
    fails: ClassVar[list[Exception]] = []

    @repeats(pause_s=0.01)
    def tick(self) -> None:
        """Count, or fail as the test laid down."""
        if self.fails:
            raise self.fails.pop()
        self.turns.append("tick")


@pytest.fixture
def frame(rooms: Callable[[str], Room]) -> Frame:
    """The frame of a process of that service."""
    Ticker.turns.clear()
    Ticker.fails.clear()
    return replace(rooms("registry").frame, service_class=Ticker)


def turns_of(frame: Frame) -> Turns:
    """The turns of one more process."""
    (door,) = frame.doors(Repeats).values()
    return Turns(frame, door)


def test_one_process_at_a_time_takes_turns(frame: Frame) -> None:
    """The other one looks, and takes over when the first gives the lock up."""
    first, second = turns_of(frame), turns_of(frame)
    assert [first.take(), second.take(), first.take()] == [True, False, True]
    first.close()
    # The server notices the closed connection in its own time.
    assert wait_for(second.take) and len(Ticker.turns) == 3
    second.close()


def test_lost_connection_is_a_lost_lock(frame: Frame) -> None:
    """A process that the database has forgotten does not go on beside the one that took over."""
    first, second = turns_of(frame), turns_of(frame)
    assert first.take()
    with frame.sessions() as session:
        session.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"))
    with pytest.raises(Exception, match=r"terminat|closed|connection"):
        first.take()
    assert second.take() and len(Ticker.turns) == 2
    first.close()
    second.close()


def test_failed_turn_is_followed_by_the_next(frame: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it ends in order when the worker is told to stop."""
    monkeypatch.setattr("chassis.running.turns.PAUSE_AFTER_FAILURE_S", 0.01)
    Ticker.fails.append(RuntimeError("once"))
    stop, enough = threading.Event(), threading.Event()
    with taking_turns(frame, stop):
        for _ in range(500):
            if len(Ticker.turns) >= 3:
                break
            enough.wait(0.02)
    assert len(Ticker.turns) >= 3 and stop.is_set()


def test_service_that_repeats_something_has_a_worker() -> None:
    """The runner asks for the list, and starts one for each."""
    assert {"services.registry", "services.identity", "services.agreements"} <= set(with_workers())
