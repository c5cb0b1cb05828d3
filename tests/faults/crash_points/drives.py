"""Driving one door to each of its points, ending the process there, and letting clients and the broker repeat until it is through.

One message is sent and its process ended at every point in turn; each time the broker gives it to the next process. What is checked:
before the commit nothing has changed, after it nothing changes any more, all replies are one, facts go out, and nothing is left over.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from chassis.bare.message import Command, Request
from chassis.bare.principal import Principal
from chassis.bare.tables import JournalRow
from chassis.running import topology
from chassis.running.doors import Listens
from chassis.running.frame import doors_of
from chassis.running.relay import envelope
from chassis.running.topology import event_queue
from tests.faults.crash_points.books import Books, Snapshot, books, differences, open_transactions, unpublished
from tests.faults.crash_points.cases import Door
from tests.faults.crash_points.child import Child, arm, serve
from tests.faults.crash_points.post import Post
from tests.room import Room

NOTHING_YET = ("call.received", "event.received", "unit.begun", "unit.before_commit", "job.after_claim")
"""Whoever ends here leaves no trace."""
GONE = ("call.after_ack", "event.after_ack")
"""After these, the broker has nothing left to repeat, and whoever sent it may."""
PATIENCE_S = 60.0
A_MOMENT_S = 0.15


class RepeatRefused(Exception):
    """A command without a key was carried out; its repeat was refused, and the first answer is lost with its process."""


@dataclass
class Drive:
    """One door of a room, to be ended at these points."""

    room: Room
    door: Door
    points: list[str]
    post: Post
    log: Path
    findings: list[str] = field(default_factory=list)
    hit: list[str] = field(default_factory=list)
    before: Books = field(default_factory=dict)
    after: Books | None = None
    takes: Callable[[], Any] | None = None
    may_change: frozenset[str] = frozenset()
    keeps_still: bool = True
    """Whether nothing may change after the first commit; commands without a key are done again by their nature."""

    def call(self, contract: type[Request], who: Principal, content: Any, key: str | None, if_match: int | None) -> dict[str, Any]:
        """A call, repeated by the broker, and by its client where the broker has nothing left; gives its answer."""
        self.keeps_still = issubclass(contract, Command) and contract.keyed and key is not None
        send = partial(self.post.call, self.room, contract, who, content, key, if_match)
        lies = self._through_points(send)
        outcomes: list[dict[str, Any]] = []
        with self._serving():
            if not lies:
                send()
            if self._wait(lambda: self._collect(outcomes, 0.5), "there is no reply"):
                self._come_to_rest(topology.call_queue(self.door.service))
        self._check_rest(topology.call_queue(self.door.service))
        self._demand(not self.keeps_still or all(each == outcomes[0] for each in outcomes), f"the replies differ: {outcomes}")
        answered = [each for each in outcomes if "answer" in each]
        if answered:
            return dict(answered[0]["answer"])
        if not self.keeps_still and issubclass(contract, Command) and all("refusal" in each for each in outcomes):
            self._same(
                self._lasting(self.after or {}), self._lasting(books(self.room.engine)), "the repeat was refused, and changed something"
            )
            raise RepeatRefused(str(outcomes))
        self._demand(False, f"no answer: {outcomes}")
        return {}

    def event(self, told: dict[str, Any]) -> None:
        """An event, repeated by the broker, and by the relay where the broker has nothing left."""
        queue = event_queue(self.door.service, self.door.opens_on)
        send = partial(self.post.event, queue, told)
        lies = self._through_points(send)
        with self._serving():
            if not lies:
                send()
            self._come_to_rest(queue)
        self._check_rest(queue)

    def background(self, open_work: str, snapshot: Snapshot) -> None:
        """Due work or a job, which the next process finds in its table; `open_work` counts what is left.

        Work that is done is not done again: what comes after the commit is reached from the beginning each time.
        """
        at = self.points.index("unit.after_commit") + 1
        for points in (self.points[:at], *([each] for each in self.points[at:])):
            if self.after is not None:
                snapshot.go_back()
                self.after = None
            self._through_points(lambda: None, points)
            with self._serving():
                self._wait(lambda: not self._count(open_work), "the work is not done")
                self._come_to_rest()
            self.keeps_still = False  # other work of the same kind may have been done since
            self._check_rest()

    def turn(self, takes: Callable[[], Any]) -> None:
        """A turn of what a worker repeats: ended anywhere, the next one goes on; what follows is for its test to say."""
        self.keeps_still, self.takes = False, takes
        self._through_points(lambda: None)

    def relay(self) -> None:
        """Facts on their way out: each reaches every queue it belongs to, in order, and a repeat has the same bytes."""
        rows = self._journal()
        for event in {row.type for row in rows}:
            for listener in _listeners(event):
                self.post.take(event_queue(listener, event))
        self.keeps_still = False
        self._through_points(lambda: None)
        with self._serving():
            self._come_to_rest()
        for event in {row.type for row in rows}:
            expected = [json.dumps(envelope(self.door.service, row), separators=(",", ":")).encode() for row in rows if row.type == event]
            for listener in _listeners(event):
                came = self.post.take(event_queue(listener, event))
                self._demand(list(dict.fromkeys(came)) == expected, f"{listener} got of {event}: {came} instead of {expected}")

    def copy(self) -> None:
        """What is no event goes to the parking: at least once, and never to nowhere."""
        listens = next(iter(doors_of(self.room.frame.service_class, Listens).values()))
        queue = event_queue(self.door.service, listens.opens_on)
        self.keeps_still = False
        self._through_points(partial(self.post.nonsense, queue, listens.contract.service, b"no event"))
        with self._serving():
            self._come_to_rest(queue)
        parked = self.post.take(topology.parked_queue(self.door.service))
        self._demand(set(parked) == {b"no event"}, f"parked: {parked}")
        self._demand(len(parked) <= 1 + len(self.hit), f"parked {len(parked)} times")

    # one process after the other

    def _through_points(self, send: Callable[[], Any], points: list[str] | None = None) -> bool:
        """End a process at each point; gives back whether the message still lies with the broker."""
        self.before, lies = books(self.room.engine), False
        for point in points or self.points:
            if not lies:
                send()
            lies = point not in GONE
            self._end_at(point)
            self._compare(point)
        return lies

    def _end_at(self, point: str) -> None:
        child = self._child(point)
        how = child.ended(PATIENCE_S)
        if how == -signal.SIGKILL:
            self.hit.append(point)
        else:
            child.kill()
            self.findings.append(f"{point} was not reached ({how}); see {self.log}")
        self._wait(lambda: not open_transactions(self.room.engine), f"after {point} a transaction stays open")

    def _compare(self, point: str) -> None:
        now = books(self.room.engine)
        if self.door.kind in ("due", "job") and (point == self.points[0] or point not in NOTHING_YET):
            # Other work of the room may have come before this one, or beside it.
            self.before, self.after = now, now if point not in NOTHING_YET else None
            return
        if point in NOTHING_YET and self.after is None and self.door.kind != "turn":
            self._same(self.before, now, f"after an end at {point} something has changed")
        elif self.keeps_still and self.after is not None:
            self._same(self.after, now, f"after an end at {point} it was not left alone")
        elif self.after is None:
            self.after = now

    def _serving(self) -> _Kept:
        return _Kept(self._child(None))

    def _child(self, point: str | None) -> Child:
        door = self.door.name

        def does() -> None:
            if point:
                arm(point, door)
            if self.takes:
                self.room.engine.dispose(close=False)
                self.takes()
            else:
                serve(self.room, self.post.broker.uri(self.door.service), self.door.kind)

        return Child(does, self.log)

    # what is left

    def _come_to_rest(self, queue: str | None = None) -> None:
        self._wait(lambda: not unpublished(self.room.engine) or self.door.kind in ("job", "turn"), "facts were not published")
        if queue:
            self._wait(lambda: not self.post.depth(queue), f"{queue} is not emptied")
        time.sleep(A_MOMENT_S)

    def _check_rest(self, queue: str | None = None) -> None:
        if queue and self.post.depth(queue):
            # The end of a process may cross its last acknowledgement: then the next one finds the message again, and settles it.
            with self._serving():
                self._come_to_rest(queue)
        if queue:
            self._demand(not self.post.depth(queue), f"something lies in {queue}")
        parked = self.post.depth(topology.parked_queue(self.door.service))
        self._demand(not parked, f"{parked} messages are parked")
        self._wait(lambda: not open_transactions(self.room.engine), "a transaction stays open")
        if self.after is not None and self.keeps_still:
            self._same(self.after, books(self.room.engine), "in the end something more has changed")

    def _collect(self, outcomes: list[dict[str, Any]], seconds: float) -> bool:
        while came := self.post.reply(seconds):
            outcomes.append(came[1])
            seconds = 0
        return bool(outcomes)

    def _journal(self) -> list[Any]:
        with self.room.engine.connect() as connection:
            table: Any = JournalRow.__table__
            return list(connection.execute(table.select().order_by(table.c.position)).all())

    def _count(self, statement: str) -> int:
        with self.room.engine.connect() as connection:
            return int(connection.scalar(text(statement), {"kind": self.door.opens_on, "now": self.room.clock.now()}) or 0)

    def _wait(self, looked_for: Callable[[], Any], otherwise: str) -> bool:
        until = time.monotonic() + PATIENCE_S
        while not looked_for():
            if time.monotonic() > until:
                self.findings.append(otherwise)
                return False
            time.sleep(0.02)
        return True

    def _same(self, expected: Books, found: Books, otherwise: str) -> None:
        if lines := differences(expected, found):
            self.findings.append("\n    ".join([otherwise, *lines[:12]]))

    def _lasting(self, all_books: Books) -> Books:
        return {name: rows for name, rows in all_books.items() if name not in self.may_change}

    def _demand(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.findings.append(otherwise[:2000])


class _Kept:
    """A process for the length of a block."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def __enter__(self) -> Child:
        return self._child

    def __exit__(self, *_: object) -> None:
        self._child.leave()


def _listeners(event: str) -> tuple[str, ...]:
    from deploy.local.topology import all_events

    return next((each.heard_by for each in all_events() if each.slug() == event), ())
