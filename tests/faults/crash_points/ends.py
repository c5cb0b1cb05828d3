"""Ending the processes of one door, one after the other, and looking at what they leave behind."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tests.faults.crash_points.books import Books, differences, open_transactions
from tests.faults.crash_points.cases import Door, Reach, reaches
from tests.faults.crash_points.child import Child, arm, move, note
from tests.faults.crash_points.leftovers import Left
from tests.faults.crash_points.post import Post
from tests.room import Room

NOTHING_YET = (
    "call.received", "event.received", "unit.begun", "unit.before_commit", "wait.before_commit",
    "carry.before_publish", "relay.before_publish", "copy.before_publish",
)  # fmt: skip
"""Whoever ends here leaves no trace, unless one of its units was committed before."""
UNIT = ("unit.begun", "unit.before_commit", "unit.after_commit")
PATIENCE_S = 60.0
LINES = 12


@dataclass(frozen=True)
class Once:
    """How it went when nobody was ended: the points that were reached, and what was left behind."""

    told: list[str]
    left: Left
    letters: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def cases(self) -> list[Reach]:
        """Each time that each point was reached."""
        return reaches(self.told)


@dataclass
class Ends:
    """One door of a room, whose processes are to be ended."""

    room: Room
    door: Door
    post: Post
    log: Path
    administrator_url: str
    findings: list[str] = field(default_factory=list)
    hit: list[str] = field(default_factory=list)

    def end_at(self, reach: Reach, does: Callable[[], Any], database: Engine) -> None:
        """Have a process do it on that database, to be ended there."""
        child = self.child(does, database, reach)
        how = child.ended(PATIENCE_S)
        if how == -signal.SIGKILL:
            self.hit.append(str(reach))
        else:
            child.kill()
            self.findings.append(f"{reach} was not reached ({how}); see {self.log}")

    def child(self, does: Callable[[], Any], database: Engine, reach: Reach | None = None, notes: Path | None = None) -> Child:
        """A process that does it on that database; to be ended when it reaches a point, or to note what it reaches."""

        def lives() -> None:
            move(self.room, database.url)
            if reach:
                arm(self.door, reach)
            if notes:
                note(self.door, notes)
            does()

        return Child(lives, self.log)

    def noted(self, notes: Path) -> list[str]:
        """What was noted, which is forgotten then; of every point there must be something."""
        told = notes.read_text().split() if notes.exists() else []
        notes.unlink(missing_ok=True)
        return told

    def lacking(self, told: list[str]) -> list[str]:
        """The points that an undisturbed process should have reached and did not; a door that changes nothing has no unit."""
        has_unit = not {*UNIT}.isdisjoint(told)
        return [each for each in self.door.points if each not in told and (has_unit or each not in UNIT)]

    def wait(self, looked_for: Callable[[], Any], otherwise: str) -> bool:
        """Wait for something; a finding if it does not come."""
        until = time.monotonic() + PATIENCE_S
        while not looked_for():
            if time.monotonic() > until:
                self.findings.append(otherwise)
                return False
            time.sleep(0.01)
        return True

    def closed(self, engine: Engine, after: object) -> None:
        """Nobody holds a transaction, and with it locks."""
        self.wait(lambda: not open_transactions(engine), f"after {after} a transaction stays open")

    def same(self, expected: Books, found: Books, otherwise: str) -> None:
        """A finding where two looks differ."""
        self.alike(differences(expected, found), otherwise)

    def alike(self, lines: list[str], otherwise: str) -> None:
        """A finding where there are differences."""
        if lines:
            self.findings.append("\n    ".join([otherwise, *(line[:900] for line in lines[:LINES])]))

    def demand(self, holds: bool, otherwise: str) -> None:
        """A finding where it does not hold."""
        if not holds:
            self.findings.append(otherwise[:2000])
