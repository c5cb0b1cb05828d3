"""Doors that a message opens: one is sent and its process ended at every point in turn; each time the broker gives it to the next.

What is checked: before the commit nothing has changed, after it nothing changes any more, all replies are one, facts go out, nothing
is left over, and in the end the database holds what it holds where the same message was heard undisturbed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from chassis.bare.message import Command, Request
from chassis.bare.principal import Principal
from chassis.running import topology
from chassis.running.doors import Listens
from chassis.running.frame import doors_of
from chassis.running.topology import event_queue
from tests.faults.crash_points.books import Books, Scratch, books, unpublished
from tests.faults.crash_points.cases import Reach
from tests.faults.crash_points.child import serve
from tests.faults.crash_points.ends import NOTHING_YET, Ends, Once
from tests.faults.crash_points.leftovers import left

GONE = ("call.after_ack", "event.after_ack")
"""After these, the broker has nothing left to repeat, and whoever sent it may."""
A_MOMENT_S = 0.05

Outcomes = list[dict[str, Any]]


class RepeatRefused(Exception):
    """A command without a key was carried out; its repeat was refused, and the first answer is lost with its process."""


@dataclass
class Mail(Ends):
    """One such door."""

    opens_on: str = ""
    """The request or event whose door is served."""
    before: Books = field(default_factory=dict)
    after: Books | None = None
    may_change: frozenset[str] = frozenset()
    keeps_still: bool = True
    """Whether nothing may change after the first commit; commands without a key are done again by their nature."""

    def call(self, contract: type[Request], who: Principal, content: Any, key: str | None, if_match: int | None) -> dict[str, Any]:
        """A call, repeated by the broker, and by its client where the broker has nothing left; gives its answer."""
        self.keeps_still = issubclass(contract, Command) and contract.keyed and key is not None
        send = partial(self.post.call, self.room, contract, who, content, key, if_match)
        self.opens_on = contract.slug()
        queue, outcomes = topology.call_queue(self.door.service), Outcomes()
        once = self._undisturbed(send, queue, replies=True)
        lies, notes = self._through(once, send), self.log.with_suffix(".last")
        with self._serving(self.room.engine, notes=notes):
            if not lies:
                send()
            if self.wait(lambda: self._collect(outcomes, 0.5), "there is no reply"):
                self._settle(notes, self.room.engine, queue)
        self._check_rest(queue)
        self.demand(not self.keeps_still or all(each == outcomes[0] for each in outcomes), f"the replies differ: {outcomes}")
        self._like(once)
        answered = [each for each in outcomes if "answer" in each]
        if answered:
            return dict(answered[0]["answer"])
        if not self.keeps_still and issubclass(contract, Command) and all("refusal" in each for each in outcomes):
            raise RepeatRefused(str(outcomes))
        self.demand(False, f"no answer: {outcomes}")
        return {}

    def event(self, told: dict[str, Any]) -> None:
        """An event, repeated by the broker, and by the relay where the broker has nothing left."""
        self.opens_on, queue = told["type"], event_queue(self.door.service, told["type"])
        send = partial(self.post.event, queue, told)
        once = self._undisturbed(send, queue)
        lies, notes = self._through(once, send), self.log.with_suffix(".last")
        with self._serving(self.room.engine, notes=notes):
            if not lies:
                send()
            self._settle(notes, self.room.engine, queue)
        self._check_rest(queue)
        self._like(once)

    def copy(self) -> None:
        """What is no event goes to the parking: at least once, and never to nowhere."""
        listens = next(iter(doors_of(self.room.frame.service_class, Listens).values()))
        self.opens_on = listens.opens_on
        queue = event_queue(self.door.service, self.opens_on)
        parking = topology.parked_queue(self.door.service)
        send = partial(self.post.nonsense, queue, listens.contract.service, b"no event")
        once = self._undisturbed(send, queue)
        self.demand(self.post.take(parking) == [b"no event"], "it was not parked undisturbed")
        self._through(once, send)
        with self._serving(self.room.engine):
            self._come_to_rest(self.room.engine, queue)
        parked = self.post.take(parking)
        self.demand(set(parked) == {b"no event"}, f"parked: {parked}")
        self.demand(len(parked) <= 1 + len(self.hit), f"parked {len(parked)} times")
        self._like(once)

    def _undisturbed(self, send: Callable[[], Any], queue: str, replies: bool = False) -> Once:
        """The same on a copy of the database, to the end."""
        self.before, notes = books(self.room.engine), self.log.with_suffix(".notes")
        with Scratch(self.administrator_url, self.room.engine) as scratch:
            send()
            with self._serving(scratch, notes=notes):
                if not replies or self.wait(lambda: self._collect([], 0.5), "there is no reply undisturbed"):
                    # Told to go before it has begun, it would leave the message to the next.
                    self.wait(lambda: not self.lacking(_told(notes)), f"it did not come to its end undisturbed; see {self.log}")
                    self._come_to_rest(scratch, queue)
            told = self.noted(notes)
            self.demand(not self.lacking(told), f"not reached undisturbed: {self.lacking(told)}; see {self.log}")
            return Once(told, left(scratch, self._lasting(self.before), self._lasting(books(scratch))))

    def _through(self, once: Once, send: Callable[[], Any]) -> bool:
        """End a process at each point; gives back whether the message still lies with the broker."""
        lies = False
        for reach in once.cases:
            if not lies:
                send()
            lies = reach.point not in GONE
            self.end_at(reach, self._serves, self.room.engine)
            self.closed(self.room.engine, reach)
            self._compare(reach)
        return lies

    def _compare(self, reach: Reach) -> None:
        now = books(self.room.engine)
        if reach.point in NOTHING_YET and self.after is None:
            self.same(self.before, now, f"after an end at {reach} something has changed")
        elif self.keeps_still and self.after is not None:
            self.same(self.after, now, f"after an end at {reach} it was not left alone")
        elif self.after is None:
            self.after = now

    def _serves(self) -> None:
        serve(self.room, self.post.broker.uri(self.door.service), self.opens_on)

    @contextmanager
    def _serving(self, database: Engine, **notes: Any) -> Iterator[None]:
        child = self.child(self._serves, database, **notes)
        try:
            yield
        finally:
            child.leave()

    def _settle(self, notes: Path, database: Engine, queue: str) -> None:
        """Wait until a message was acknowledged: one that is under way lies in no queue, and comes back when its process leaves."""
        self.wait(lambda: any(point in GONE for point in _told(notes)), "nothing was acknowledged")
        notes.unlink(missing_ok=True)
        self._come_to_rest(database, queue)

    def _come_to_rest(self, database: Engine, queue: str) -> None:
        self.wait(lambda: not unpublished(database), "facts were not published")
        self.wait(lambda: not self.post.depth(queue), f"{queue} is not emptied")
        time.sleep(A_MOMENT_S)

    def _check_rest(self, queue: str) -> None:
        if self.post.depth(queue):
            # The end of a process may cross its last acknowledgement: then the next one finds the message again, and settles it.
            notes = self.log.with_suffix(".last")
            with self._serving(self.room.engine, notes=notes):
                self._settle(notes, self.room.engine, queue)
        self.demand(not self.post.depth(queue), f"something lies in {queue}")
        parked = self.post.depth(topology.parked_queue(self.door.service))
        self.demand(not parked, f"{parked} messages are parked")
        self.closed(self.room.engine, "all")
        if self.after is not None and self.keeps_still:
            self.same(self.after, books(self.room.engine), "in the end something more has changed")

    def _like(self, once: Once) -> None:
        now = left(self.room.engine, self._lasting(self.before), self._lasting(books(self.room.engine)))
        self.alike(once.left.unlike(now), "it came out otherwise than undisturbed")

    def _collect(self, outcomes: Outcomes, seconds: float) -> bool:
        came_any = False
        while came := self.post.reply(seconds):
            outcomes.append(came[1])
            came_any, seconds = True, 0
        return came_any

    def _lasting(self, all_books: Books) -> Books:
        return {name: rows for name, rows in all_books.items() if name not in self.may_change}


def _told(notes: Path) -> list[str]:
    return notes.read_text().split() if notes.exists() else []
