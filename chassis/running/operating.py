"""What administrators see of a service at work, and do about what it could not apply.

A service looks into its own parking only, as its own login on the broker, which may read it anyway: nobody gets a right for this.
The broker is asked outside of any unit; but a message that is dropped is held while the unit writes it down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from nameko.extensions import DependencyProvider
from sqlalchemy import func, select

from chassis.bare.message import real_now
from chassis.bare.principal import Principal
from chassis.bare.refusals import NotParkedAnyMore, NoWayBackThere, Unavailable
from chassis.bare.tables import DroppedRow, JobRow, JournalRow
from chassis.running import topology
from chassis.running.background import measure_backlog
from chassis.running.doors import Listens
from chassis.running.frame import Frame, Provided, doors_of
from chassis.running.occasions import Occasion, Replayed
from chassis.running.parked import Parked
from chassis.running.parking import LookedAt, NotParked, NoWayBack, Parking
from chassis.running.unit import Units
from chassis.running.wire import BROKEN

WriteDown = Callable[[Parked], dict[str, Any]]


class Workings:
    """A service's own backlog and parking. What asks the broker raises Unavailable without one."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def state(self) -> dict[str, Any]:
        """How it is doing."""
        backlog, untold = measure_backlog(self._frame), JournalRow.published_at.is_(None)
        with self._frame.sessions() as session:
            facts = session.scalar(select(func.max(JournalRow.position))) or 0
            last = session.scalar(select(JournalRow.recorded_at).order_by(JournalRow.position.desc()).limit(1))
            oldest = session.scalar(select(JournalRow.recorded_at).where(untold).order_by(JournalRow.position).limit(1))
            failed = session.scalar(select(func.count()).where(JobRow.state == "failed")) or 0
        with self._parking() as parking:
            parked = parking.count()
        return {
            "service": self._frame.name, "facts": facts, "last_fact_at": last, "untold_facts": backlog["unpublished_facts"],
            "oldest_untold_at": oldest, "waiting_events": backlog["waiting_events"], "overdue_work": backlog["overdue_work"],
            "jobs": backlog["jobs"], "failed_jobs": failed, "parked": parked,
        }  # fmt: skip

    def parked(self, most: int) -> dict[str, Any]:
        """The first of what is parked, and how many there are."""
        with self._parking() as parking:
            count = parking.count()
            with closing(parking.each()) as each:
                return {"count": count, "items": [as_shown(one) for one in islice(each, most)]}

    def replay(self, parked_id: str, write_down: WriteDown) -> dict[str, Any]:
        """Put it back to where it came from, then have it leave as `drop` does; raises NotParkedAnyMore or NoWayBackThere."""
        with self._parking() as parking, closing(parking.replay(parked_id)) as copies:
            return _written(copies, write_down)

    def drop(self, parked_id: str, write_down: WriteDown) -> dict[str, Any]:
        """Throw it away, after this wrote it down, whose result is returned; nobody else can take it meanwhile; raises NotParkedAnyMore."""
        with self._parking() as parking, closing(parking.drop(parked_id)) as copies:
            return _written(copies, write_down)

    @contextmanager
    def _parking(self) -> Iterator[Parking]:
        if self._frame.parking is None:
            raise Unavailable("This process knows no broker.")
        try:
            yield self._frame.parking()
        except NotParked as error:
            raise NotParkedAnyMore from error
        except NoWayBack as error:
            raise NoWayBackThere(why=str(error)) from error
        except LookedAt as error:
            raise Unavailable("Somebody else is looking at what is parked just now.") from error
        except BROKEN as error:
            raise Unavailable("The broker does not answer just now.") from error


class OwnWorkings(DependencyProvider, Provided):
    """Gives a service `self.workings`."""

    if TYPE_CHECKING:
        # What a door sees is not this provider but what it provides.
        state: Callable[[], dict[str, Any]]
        parked: Callable[[int], dict[str, Any]]
        replay: Callable[[str, WriteDown], dict[str, Any]]
        drop: Callable[[str, WriteDown], dict[str, Any]]

    def get_dependency(self, worker_ctx: Any) -> Workings:
        """nameko's way of asking."""
        return self.given(self.container.config["frame"], worker_ctx.args[0])

    def given(self, frame: Frame, occasion: Occasion) -> Workings:
        """The service's own."""
        return Workings(frame)


class Operating:
    """What each service's operation doors do; a service says under which of its contracts."""

    unit = Units()
    workings = OwnWorkings()

    def read_work(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """How it is doing."""
        state = self.workings.state()
        with self.unit() as unit:
            return unit.reply(state)

    def list_parked(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """What is parked."""
        parked = self.workings.parked(request["limit"])
        with self.unit() as unit:
            return unit.reply(parked)

    def replay_parked(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Put one back, and write the answer down before it leaves the parking; a repeat finishes what was begun."""

        def write_down(parked: Parked) -> dict[str, Any]:
            with self.unit() as unit:
                return unit.reply(as_shown(parked))

        return self._once(request["parked_id"], lambda parked_id: self.workings.replay(parked_id, write_down))

    def drop_parked(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Write down what it was and why it goes, and then throw it away; a repeat finishes what was begun."""

        def write_down(parked: Parked) -> dict[str, Any]:
            with self.unit() as unit:
                unit.session.add(dropped(parked, who, request["why"]))
                return unit.reply(as_shown(parked))

        return self._once(request["parked_id"], lambda parked_id: self.workings.drop(parked_id, write_down))

    def _once(self, parked_id: str, does: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """Do it, unless it was done under this key: before, or by whoever had the parking while this one waited for it."""
        try:
            self._answer_repeat()
            try:
                return does(parked_id)
            except NotParkedAnyMore:
                self._answer_repeat()
                raise
        except Replayed as repeated:
            self._let_leave(parked_id, repeated.reply["since"])
            raise

    def _answer_repeat(self) -> None:
        with self.unit(reading=True) as unit:
            unit.answer_repeat()

    def _let_leave(self, parked_id: str, since: str) -> None:
        """Take out what stayed when its process ended too early; not what failed and was parked again after that."""

        def left_over(parked: Parked) -> dict[str, Any]:
            if parked.since != since:
                raise NotParked(parked_id)
            return as_shown(parked)

        try:
            self.workings.drop(parked_id, left_over)
        except NotParkedAnyMore:
            return


def _written(copies: Iterator[Parked], write_down: WriteDown) -> dict[str, Any]:
    """Write down the first copy of a message, and have all of them leave."""
    written = write_down(next(copies))
    list(copies)
    return written


def own_parking(service_class: type, amqp_uri: str) -> Callable[[], Parking]:
    """Opens a service's own parking; back may go what was announced by whom the service hears it from."""
    name: str = service_class.name  # type: ignore[attr-defined]
    heard = [door.contract for door in doors_of(service_class, Listens).values()]
    announcers = {topology.event_queue(name, event.slug()): event.service for event in heard}
    return lambda: Parking(lambda _service: amqp_uri, [name], announcers)


def as_shown(parked: Parked) -> dict[str, Any]:
    """A parked message, whole."""
    return parked.as_row() | {"text": parked.text()}


def dropped(parked: Parked, by: Principal, why: str) -> DroppedRow:
    """What is written down of a message before it is thrown away."""
    return DroppedRow(parked_id=parked.id, dropped_by=by.actor, why=why, message=parked.as_row(), body=parked.body, dropped_at=real_now())
