"""Doors that open by themselves: each case on a copy of the database, begun anew, ended, and then done by the next process.

In the end the copy holds what it would hold if nobody had been ended, and whoever was to get a message has got it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from tests.faults.crash_points.books import Books, Scratch, books, others
from tests.faults.crash_points.cases import Reach
from tests.faults.crash_points.ends import NOTHING_YET, Ends, Once
from tests.faults.crash_points.leftovers import Left, left

Letters = Callable[[], dict[str, list[bytes]]]

BESIDE_OTHERS = ("due", "job")
"""With these, other work of the room comes before what is looked at."""


def nobody() -> dict[str, list[bytes]]:
    """No letters."""
    return {}


class Alone(Ends):
    """One such door."""

    def drive(self, does: Callable[[], Any], letters: Letters = nobody) -> bool:
        """Do it once, then once for each case; False, and nothing was tried, if not all of it came about here."""

        self._before: Books = books(self.room.engine)
        letters()
        once = self._undisturbed(does, letters)
        if self.lacking(once.told):
            return False
        nothing_yet = True
        for reach in once.cases:
            nothing_yet = nothing_yet and reach.point in NOTHING_YET
            self._try(does, letters, once, reach, nothing_yet and self.door.kind not in BESIDE_OTHERS)
        return True

    def _undisturbed(self, does: Callable[[], Any], letters: Letters) -> Once:
        notes = self.log.with_suffix(".notes")
        with Scratch(self.administrator_url, self.room.engine) as scratch:
            self._do(does, scratch, notes=notes)
            return Once(self.noted(notes), self._left(scratch), letters())

    def _try(self, does: Callable[[], Any], letters: Letters, once: Once, reach: Reach, nothing_yet: bool) -> None:
        with Scratch(self.administrator_url, self.room.engine) as scratch:
            self.end_at(reach, does, scratch)
            self._settled(scratch)
            if nothing_yet:
                self.same(self._before, books(scratch), f"after an end at {reach} something has changed")
            self._do(does, scratch)
            self.alike(once.left.unlike(self._left(scratch)), f"after an end at {reach} it came out otherwise than undisturbed")
            self._compare(once.letters, letters(), reach)

    def _do(self, does: Callable[[], Any], scratch: Engine, **notes: Any) -> None:
        how = self.child(does, scratch, **notes).ended()
        self.demand(how == 0, f"it ended with {how}; see {self.log}")
        self._settled(scratch)

    def _left(self, scratch: Engine) -> Left:
        return left(scratch, self._before, books(scratch), in_any_order=self.door.kind in BESIDE_OTHERS)

    def _settled(self, scratch: Engine) -> None:
        self.wait(lambda: not others(scratch), "a connection to the database stays open")

    def _compare(self, expected: dict[str, list[bytes]], came: dict[str, list[bytes]], reach: Reach) -> None:
        """Each at least once, in order; what comes again has the same bytes."""
        for queue in expected:
            first = list(dict.fromkeys(came.get(queue, [])))
            self.demand(
                first == list(dict.fromkeys(expected[queue])), f"after an end at {reach}, {queue} got {first} instead of {expected[queue]}"
            )
