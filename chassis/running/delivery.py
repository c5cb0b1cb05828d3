"""One delivery of an event to a listener, until it is settled: acknowledged, tried again after a delay, or parked.

A message runs at most six times. Failures are counted in a header, and so are the ends of processes (or connections) during
which it was under way, which the broker counts. Whoever was under way twice when a process ended is run alone from then on:
else a message that kills its process would drag those beside it into the parking.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import eventlet
import structlog
from eventlet.semaphore import Semaphore

from chassis.bare.crash_points import reached
from chassis.bare.message import real_now
from chassis.bare.protocol import EVENT_TYPE, JSON_TYPE, MOST_BYTES
from chassis.bare.refusals import Unavailable
from chassis.running import observability, topology
from chassis.running.wire import BROKEN, Undeliverable, Wire

log = structlog.get_logger()

MOST_RUNS = topology.MOST_RETRIES + 1
ALONE_AFTER = 2
LET_SETTLE_S = 0.3
"""How long one that runs alone lets those that came with it be settled first."""
ASIDE = topology.retry_topic(2)
PAUSE_S = 1


class NoEvent(ValueError):
    """A message that is no event, and will not become one; the text says why."""


class NotTheirs(ValueError):
    """A message of a login that may not announce this, whatever it says in it; the text says whose."""


@dataclass
class Delivery:
    """A message from a listener's queue; `consumer` took it, `wire` carries copies of it elsewhere."""

    service: str
    queue: str
    message: Any
    consumer: Any
    wire: Wire
    spawn: Callable[[Callable[[], None]], Any]
    headers: dict[str, Any] = field(init=False)
    runs_alone: bool = False

    def __post_init__(self) -> None:
        self.headers = dict(self.message.headers or {})

    @property
    def door(self) -> str:
        """The listener it came to, as crash points name it."""
        return f"event:{self.queue.partition('.on.')[2]}"

    @property
    def crashes(self) -> int:
        """How often a process or connection ended while this was under way."""
        return _whole(self.headers.get(topology.CRASHES)) + _whole(self.headers.get("x-delivery-count"))

    @property
    def tries(self) -> int:
        """How often its door failed."""
        return _whole(self.headers.get(topology.TRIES))

    @property
    def runs(self) -> int:
        """How often it may have run before."""
        return self.tries + self.crashes

    @property
    def sender(self) -> str:
        """Whose message it is: the broker takes no other name than that of the login that publishes. Empty if it does not say."""
        return str(self.message.properties.get("user_id") or "")

    def envelope_of(self, announcer: str) -> dict[str, Any]:
        """The event of this service that it carries; raises NotTheirs, NoEvent.

        Services write to the default topic, where their replies go, and to the delays: that something lies in the queue says nothing.
        """
        # Its own are the copies that it sent round a delay or aside, and what an operator put back.
        if self.sender not in (announcer, self.wire.login):
            raise NotTheirs(f"it was sent by {self.sender or 'nobody known'}, and only {announcer} announces this")
        envelope = self._envelope()
        if envelope.get("source") != f"/{announcer}":
            raise NotTheirs(f"it says that it is of {str(envelope.get('source'))[:100]}, and only {announcer} announces this")
        return envelope

    def _envelope(self) -> dict[str, Any]:
        body = self.message.body
        kind = str(self.message.properties.get("content_type"))
        if kind.partition(";")[0].strip() not in (EVENT_TYPE, JSON_TYPE):
            raise NoEvent(f"its content type is {kind[:100]}")
        if len(body) > MOST_BYTES:
            raise NoEvent(f"it has {len(body)} bytes, more than {MOST_BYTES}")
        try:
            envelope = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise NoEvent("it is not JSON") from error
        if not isinstance(envelope, dict):
            raise NoEvent("it is not a JSON object")
        return envelope

    def done(self) -> None:
        """It was applied, or is kept elsewhere."""
        reached("event.before_ack", self.door)
        self.consumer.ack_message(self.message)
        reached("event.after_ack", self.door)

    def again(self) -> None:
        """Give it back: it was not begun."""
        self.consumer.requeue_message(self.message)

    def failed(self, error: BaseException) -> None:
        """Try it again later, or park it; what could not be tried for want of something else counts as no run."""
        if isinstance(error, Unavailable):
            self._pass_on(topology.retry_topic(1), self.queue, {})
        elif self.runs + 1 >= MOST_RUNS:
            self.park(f"{type(error).__name__}: {error}", self.runs + 1)
        else:
            counts = {topology.TRIES: self.tries + 1, topology.CRASHES: self.crashes or None}
            self._pass_on(topology.retry_topic(self.runs + 1), self.queue, counts)

    def refuse(self, reason: str) -> None:
        """Park it as a message that nobody may put back."""
        self.park(reason, refused=self.sender or "nobody")

    def park(self, reason: str, runs: int = 0, refused: str | None = None) -> None:
        """Put it aside for a person to look at, with its reason and where it came from."""
        log.error("event parked", queue=self.queue, reason=reason, runs=runs)
        observability.parked_events.labels(self.service).inc()
        now = real_now().isoformat(timespec="seconds")
        told: dict[str, Any] = {topology.REASON: reason[:500], topology.QUEUE: self.queue, topology.SINCE: now}
        told |= {topology.TRIES: runs, topology.CRASHES: None, topology.REFUSED: refused}
        self._pass_on("", topology.parked_queue(self.service), told)

    def step_aside(self) -> None:
        """Come again in a moment, by itself; the copy remembers how often a process ended under it."""
        self._pass_on(ASIDE, self.queue, {topology.CRASHES: self.crashes})

    def _pass_on(self, topic: str, key: str, changes: dict[str, Any]) -> None:
        try:
            self._copy(topic, key, changes)
        except (Undeliverable, *BROKEN) as error:
            log.warning("an event cannot be passed on just now", queue=self.queue, topic=topic, key=key, error=str(error))
            self.spawn(partial(self._insist, topic, key, changes))

    def _insist(self, topic: str, key: str, changes: dict[str, Any]) -> None:
        """Hold it until it can be passed on, or the broker has taken it back with the connection: giving it back would run it again."""
        while self.message.channel.connection:
            eventlet.sleep(PAUSE_S)
            with contextlib.suppress(Undeliverable, *BROKEN):
                self._copy(topic, key, changes)
                return

    def _copy(self, topic: str, key: str, changes: dict[str, Any]) -> None:
        """Publish a copy elsewhere, confirmed and mandatory, and only then acknowledge the original."""
        reached("copy.before_publish", self.door)
        self.wire.pass_on(self.message, topic, key, self.headers | changes)
        reached("copy.after_confirm", self.door)
        self.done()


class Alone:
    """Lets one suspect run at a time in this process."""

    def __init__(self) -> None:
        self._place = Semaphore(1)

    def admits(self, delivery: Delivery) -> bool:
        """Whether it may run now; what may not has been settled. Whoever was admitted must `leave`."""
        if delivery.runs >= MOST_RUNS:
            delivery.park(f"the process ended {delivery.crashes} times while this was being applied", delivery.runs)
            return False
        if delivery.crashes < ALONE_AFTER:
            return True
        # Only the copy runs: by then, whatever else was under way with it has been settled.
        is_copy = _whole(delivery.headers.get(topology.CRASHES)) >= ALONE_AFTER
        if not is_copy or not self._place.acquire(blocking=False):
            delivery.step_aside()
            return False
        delivery.runs_alone = True
        eventlet.sleep(LET_SETTLE_S)
        return True

    def leave(self, delivery: Delivery) -> None:
        """Make place for the next."""
        if delivery.runs_alone:
            self._place.release()


def _whole(value: Any) -> int:
    """A count from a header; one that a stranger wrote there otherwise is none."""
    return value if isinstance(value, int) and value > 0 else 0
