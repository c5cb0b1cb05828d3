"""A plugin for pytest that watches which doors each test opens with success (`-p tests.faults.crash_points.watching`)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

import pytest

from chassis.bare import crash_points
from chassis.running.frame import Frame
from chassis.running.occasions import Hearing, Turn
from chassis.running.unit import Unit
from tests.faults.crash_points.cases import BEFORE_CONFIRM, KINDS, SEEN, Door
from tests.room import Room

BY_HAND = ("ask", "hear", "run_due", "run_jobs")


class Watching:
    """What the test at hand has opened so far."""

    def __init__(self) -> None:
        self.opened: set[Door] = set()
        self.depth = 0
        self.reached: set[str] = set()

    def wrap(self) -> None:
        """Look on whenever a room opens a door."""
        carry_out = Frame.carry_out

        def watched(frame: Frame, door: Any, occasion: Any) -> Any:
            self.reached.clear()
            outcome = carry_out(frame, door, occasion)
            opened = Door(frame.name, KINDS[type(door)], door.opens_on)
            # What a test does in threads of its own cannot be driven.
            if (self.depth or isinstance(occasion, Turn)) and current_thread() is main_thread() and self._all_of_turn(opened):
                self.opened |= {opened, Door(frame.name, "copy")}
            return outcome

        def announced(unit: Unit) -> None:
            write_journal(unit)
            if self.depth and unit._facts:
                self.opened.add(Door(unit._frame.name, "relay"))

        def kept(hearing: Hearing, frame: Frame, reason: str) -> None:
            wait(hearing, frame, reason)
            if self.depth and not hearing.waiting_row:
                self.opened.add(Door(frame.name, "wait"))

        def tried_again(room: Room) -> int:
            if applied := try_waiting(room):
                self.opened.add(Door(room.frame.name, "again"))
            return applied

        crash_points.arm(lambda point, _: self.reached.add(point))
        wait, Hearing.wait = Hearing.wait, kept  # type: ignore[method-assign]
        try_waiting = Room.try_waiting
        Room.try_waiting = tried_again
        write_journal = Unit.write_journal
        Frame.carry_out, Unit.write_journal = watched, announced  # type: ignore[method-assign]
        for name in BY_HAND:
            setattr(Room, name, self._deeper(getattr(Room, name)))

    def _all_of_turn(self, door: Door) -> bool:
        """Whether a turn came by all its points but the one that no code of ours tells of."""
        return door.kind != "turn" or {each for each in door.points if not each.endswith(BEFORE_CONFIRM)} <= self.reached

    def _deeper(self, method: Any) -> Any:
        def deeper(*args: Any, **kwargs: Any) -> Any:
            self.depth += 1
            try:
                return method(*args, **kwargs)
            finally:
                self.depth -= 1

        return deeper


watching = Watching()
watching.wrap()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Write down what a test that passed has opened."""
    report = yield
    if report.when == "call":
        if report.passed:
            lines = [json.dumps([str(door), item.nodeid, round(call.duration, 2)]) for door in sorted(watching.opened)]
            with Path(os.environ[SEEN]).open("a") as file:
                file.write("".join(f"{line}\n" for line in lines))
        watching.opened = set()
    return report
