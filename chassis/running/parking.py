"""The parking: messages that failed too often, each waiting for a person who reads it, puts it back, or drops it.

Looking takes nothing out: what was looked at goes back when the look ends. Meanwhile nobody else looks, who would miss what is under
way. A message goes to its queue first, confirmed, and only then out of the parking: a crash in between repeats it, which every listener
recognises by its id.

It goes back as the service's own, whose listener believes itself: so nothing goes back that was not believed, nor what somebody else
put into the parking.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from typing import Any

from amqp.exceptions import NotFound, ResourceLocked

from chassis.running import topology
from chassis.running.parked import Parked
from chassis.running.wire import Undeliverable, Wire, close_quietly, open_connection

BACK_WITHIN_S = 5
ALONE_WITHIN_S = 5


class NotParked(Exception):
    """There is no such message in the parking."""


class NoWayBack(Exception):
    """A message cannot go back to where it came from; the text says why."""


class LookedAt(Exception):
    """Somebody else looks at what a service has parked, and did not come to an end."""


class Parking:
    """The parkings of some services, on a connection of each one's own login for each look; one look at a time at each.

    `uri_of` gives a login's address, `announcers` say of a listener's queue who announces what comes there (see topology).
    Everything raises OSError or AMQPError without a broker, and LookedAt while others look.
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

    def replay(self, parked_id: str | None = None) -> Generator[Parked, None, None]:
        """Put one message, or all that can go, back to where they came from; each leaves after it was yielded; raises NotParked or NoWayBack."""
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
                    yield parked
                    self._leave(parked)
        if stay:
            raise NoWayBack("; ".join(stay))

    def drop(self, parked_id: str) -> Generator[Parked, None, None]:
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

    def _chosen(self, parked_id: str | None) -> Generator[Parked, None, None]:
        found = False
        with closing(self.each()) as each:
            for parked in each:
                if parked_id in (None, parked.id):
                    found = True
                    yield parked
        if parked_id is not None and not found:
            raise NotParked(parked_id)

    @contextmanager
    def _channel(self, service: str) -> Iterator[Any]:
        connection = open_connection(self._uri_of(service))
        try:
            _be_alone(connection, topology.looking_queue(service))
            yield connection.channel()
        finally:
            close_quietly(connection)


def _be_alone(connection: Any, queue: str) -> None:
    """Wait for one's turn, and have it for as long as the connection lasts: the broker lets one connection at a time have such a queue."""
    until = time.monotonic() + ALONE_WITHIN_S
    while True:
        try:
            connection.channel().queue_declare(queue, exclusive=True, arguments={"x-queue-type": "classic"})
            return
        except ResourceLocked:
            if time.monotonic() > until:
                raise LookedAt(queue) from None
        time.sleep(0.05)


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
