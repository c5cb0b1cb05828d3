"""The parking: messages that failed too often, each waiting for a person who reads it, puts it back, or drops it.

Looking takes nothing out: what was looked at goes back when the look ends. A message goes to its queue first, confirmed, and only
then out of the parking: a crash in between repeats it, which every listener recognises by its id.

It goes back as the service's own, whose listener believes itself: so nothing goes back that was not believed, nor what somebody else
put into the parking.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

from amqp.exceptions import NotFound

from chassis.running import topology
from chassis.running.wire import Undeliverable, Wire, close_quietly, open_connection

ID_LENGTH = 12
BACK_WITHIN_S = 5


@dataclass(frozen=True)
class Parked:
    """One parked message of a service."""

    service: str
    message: Any

    @cached_property
    def id(self) -> str:
        """Made of what it is and where it failed, so that it is the same at every look; copies of one message share it."""
        return hashlib.sha256(b"\0".join((self.queue.encode(), self.message_id.encode(), self.body))).hexdigest()[:ID_LENGTH]

    @property
    def queue(self) -> str:
        """The queue from which it was parked; empty if nobody knows."""
        return str(self._headers.get(topology.QUEUE) or self._death.get("queue") or "")

    @property
    def reason(self) -> str:
        """Why it was parked."""
        return str(self._headers.get(topology.REASON) or REASONS.get(str(self._death.get("reason")), "nobody said why"))

    @property
    def runs(self) -> int:
        """How often it was tried."""
        known = self._headers.get(topology.TRIES, 0) + self._headers.get(topology.CRASHES, 0)
        return int(known if topology.REASON in self._headers else known + topology.CRASH_LIMIT + 1)

    @property
    def since(self) -> str:
        """When it was parked, in UTC; empty if nobody knows."""
        at = self._death.get("time")
        parked_by_broker = at.replace(tzinfo=UTC).isoformat(timespec="seconds") if isinstance(at, datetime) else ""
        return str(self._headers.get(topology.SINCE) or parked_by_broker)

    @property
    def message_id(self) -> str:
        """The id under which it was published; an event's own id."""
        return str(self.message.properties.get("message_id") or self._said("id"))

    @property
    def sender(self) -> str:
        """Whose event it was: of the login that was not believed, or else of whoever put it here, as the broker has checked."""
        return str(self._headers.get(topology.REFUSED) or self.message.properties.get("user_id") or "")

    @property
    def was_refused(self) -> bool:
        """Whether its listener did not believe its sender."""
        return topology.REFUSED in self._headers

    @property
    def type(self) -> str:
        """The event's type."""
        return str(self.message.properties.get("type") or self._said("type"))

    @property
    def subject(self) -> str:
        """What the event is about."""
        return self._said("subject")

    @property
    def correlation_id(self) -> str:
        """What it belongs to, in all logs."""
        return str(self.message.properties.get("correlation_id") or self._said("correlationid"))

    @property
    def body(self) -> bytes:
        """What was sent, byte for byte."""
        body = self.message.body
        return body.encode() if isinstance(body, str) else bytes(body)

    def text(self) -> str:
        """The body for people: indented if it is JSON, else as it can be shown."""
        if self._content is not None:
            return json.dumps(self._content, indent=2, ensure_ascii=False)
        return self.body.decode(errors="backslashreplace")

    def as_row(self) -> dict[str, Any]:
        """All but the body."""
        names = ("id", "service", "queue", "type", "subject", "reason", "runs", "since", "message_id", "correlation_id", "sender")
        return {name: getattr(self, name) for name in names}

    @cached_property
    def _content(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def _said(self, name: str) -> str:
        content = self._content
        return str(content.get(name) or "") if isinstance(content, dict) else ""

    @property
    def _headers(self) -> dict[str, Any]:
        return self.message.headers or {}

    @property
    def _death(self) -> dict[str, Any]:
        """The broker's own note, where it was the broker that parked it."""
        deaths = [death for death in self._headers.get("x-death") or [] if death.get("reason") in REASONS]
        return deaths[0] if deaths else {}


REASONS = {
    "delivery_limit": f"the process ended {topology.CRASH_LIMIT + 1} times while this was being applied",
    "rejected": "it was rejected",
}


class NotParked(Exception):
    """There is no such message in the parking."""


class NoWayBack(Exception):
    """A message cannot go back to where it came from; the text says why."""


class Parking:
    """The parkings of some services, on a connection of each one's own login for each look.

    `uri_of` gives a login's address, `announcers` say of a listener's queue who announces what comes there (see topology).
    Everything raises OSError or AMQPError without a broker.
    """

    def __init__(self, uri_of: Callable[[str], str], services: Iterable[str], announcers: Mapping[str, str]) -> None:
        self._uri_of, self._services, self._announcers = uri_of, tuple(services), announcers
        self._taken_out = 0

    def each(self) -> Generator[Parked, None, None]:
        """Every parked message, one after the other, none taken out."""
        for service in self._services:
            with self._channel(service) as channel:
                self._taken_out, there = 0, _count(channel, topology.parked_queue(service))
                try:
                    yield from _in_turn(channel, service, there)
                finally:
                    _give_back(channel, topology.parked_queue(service), there - self._taken_out)

    def count(self) -> int:
        """How many messages are parked."""
        there = 0
        for service in self._services:
            with self._channel(service) as channel:
                there += _count(channel, topology.parked_queue(service))
        return there

    def find(self, parked_id: str) -> Parked:
        """One message; raises NotParked."""
        with closing(self.each()) as each:
            for parked in each:
                if parked.id == parked_id:
                    return parked
        raise NotParked(parked_id)

    def replay(self, parked_id: str | None = None) -> Iterator[Parked]:
        """Put one message, or all that can go, back to where they came from, and yield each that went; raises NotParked or NoWayBack."""
        stay: list[str] = []
        with ExitStack() as wires:
            wire_of = cache(lambda service: wires.enter_context(closing(Wire(self._uri_of(service), confirm=True))))
            for parked in self._chosen(parked_id):
                try:
                    self._demand_believed(parked)
                    _send_back(wire_of(parked.service), parked)
                except NoWayBack as reason:
                    stay.append(str(reason))
                else:
                    self._leave(parked)
                    yield parked
        if stay:
            raise NoWayBack("; ".join(stay))

    def drop(self, parked_id: str) -> Iterator[Parked]:
        """Throw a message away, each copy of it after it was yielded (to be written down); raises NotParked."""
        for parked in self._chosen(parked_id):
            yield parked
            self._leave(parked)

    def _demand_believed(self, parked: Parked) -> None:
        """Either the service parked it itself, having believed it, or the broker did, with the announcer's name still on it."""
        announcer = self._announcers.get(parked.queue)
        if parked.was_refused or parked.sender not in (parked.service, announcer):
            whose = f"is of {parked.sender or 'nobody known'}, and not of {announcer or parked.service}: it can only be dropped"
            raise NoWayBack(f"{parked.id} {whose}")

    def _leave(self, parked: Parked) -> None:
        _take_out(parked)
        self._taken_out += 1

    def _chosen(self, parked_id: str | None) -> Iterator[Parked]:
        found = False
        for parked in self.each():
            if parked_id in (None, parked.id):
                found = True
                yield parked
        if parked_id is not None and not found:
            raise NotParked(parked_id)

    @contextmanager
    def _channel(self, service: str) -> Iterator[Any]:
        connection = open_connection(self._uri_of(service))
        try:
            yield connection.channel()
        finally:
            close_quietly(connection)


def _count(channel: Any, queue: str) -> int:
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except NotFound:
        raise NoWayBack(f"the broker has no queue {queue}") from None


def _in_turn(channel: Any, service: str, there: int) -> Iterator[Parked]:
    """As many as there were: what is parked again meanwhile is for the next look."""
    for _ in range(there):
        message = channel.basic_get(topology.parked_queue(service))
        if message is None:
            return
        yield Parked(service, message)


def _give_back(channel: Any, queue: str, expected: int) -> None:
    """Put back what was only looked at, and wait until it is there: the queue does so in its own time, and the next look may come sooner."""
    channel.basic_recover(requeue=True)
    until = time.monotonic() + BACK_WITHIN_S
    while _count(channel, queue) < expected and time.monotonic() < until:
        time.sleep(0.02)


def _take_out(parked: Parked) -> None:
    parked.message.channel.basic_ack(parked.message.delivery_tag)


def _send_back(wire: Wire, parked: Parked) -> None:
    if not parked.queue:
        raise NoWayBack(f"nobody knows from which queue {parked.id} came")
    # Its counts begin anew.
    ours = (topology.TRIES, topology.CRASHES, topology.REASON, topology.QUEUE, topology.SINCE)
    headers = {name: value for name, value in (parked.message.headers or {}).items() if name not in ours}
    try:
        wire.pass_on(parked.message, "", parked.queue, headers)
    except Undeliverable as error:
        raise NoWayBack(f"the queue {parked.queue} does not take {parked.id} back: {error}") from error
