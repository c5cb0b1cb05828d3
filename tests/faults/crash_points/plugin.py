"""A plugin for pytest (`-p tests.faults.crash_points.plugin`): where a test opens a door that is aimed at, it is driven instead.

The environment names the aims (CRASH_AIMS: a JSON file, test -> doors) and where to report to (CRASH_REPORT).
"""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()  # before anything else: the children run what was made for its loop

import json  # noqa: E402
import os  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from datetime import timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any, TypeVar  # noqa: E402
from uuid import UUID, uuid4  # noqa: E402

import pytest  # noqa: E402
from sqlalchemy import select, text  # noqa: E402

from chassis.bare import crash_points  # noqa: E402
from chassis.bare.envelope import Envelope  # noqa: E402
from chassis.bare.message import Command, Fact, Request  # noqa: E402
from chassis.bare.principal import Principal, anonymous  # noqa: E402
from chassis.bare.tables import JournalRow  # noqa: E402
from chassis.running import jobs, topology  # noqa: E402
from chassis.running.doors import Listens  # noqa: E402
from chassis.running.frame import Frame  # noqa: E402
from chassis.running.occasions import Turn  # noqa: E402
from chassis.running.relay import Relay  # noqa: E402
from chassis.running.wire import Wire  # noqa: E402
from deploy.local.broker_rights import Broker  # noqa: E402
from deploy.local.database_logins import Database  # noqa: E402
from deploy.local.installation import SERVICES  # noqa: E402
from deploy.local.topology import all_events  # noqa: E402
from tests.faults.crash_points.alone import Alone, Letters, nobody  # noqa: E402
from tests.faults.crash_points.books import unpublished  # noqa: E402
from tests.faults.crash_points.cases import Door  # noqa: E402
from tests.faults.crash_points.child import Child, catch_up, let_go_of_wires  # noqa: E402
from tests.faults.crash_points.ends import Ends  # noqa: E402
from tests.faults.crash_points.mail import Mail, RepeatRefused  # noqa: E402
from tests.faults.crash_points.post import Post  # noqa: E402
from tests.faults.repeats.harmless import HARMLESS, ON_RECORD  # noqa: E402
from tests.room import Room  # noqa: E402

OPENS, HAS_NO_UNIT, REFUSES, WAITS = 42, 43, 44, 45
AT_COMMIT = {"unit.before_commit": OPENS, "wait.before_commit": WAITS}

D = TypeVar("D", bound=Ends)

ask, hear, run_due, run_jobs, carry_out = Room.ask, Room.hear, Room.run_due, Room.run_jobs, Frame.carry_out
try_waiting = Room.try_waiting


class _HasFrame(Room):
    """As much of a room as a turn needs."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.engine = frame, frame.sessions.kw["bind"]


class Driver:
    """Stands in for the room's hand while a test runs."""

    def __init__(self) -> None:
        self.aims: dict[str, list[str]] = json.loads(Path(os.environ["CRASH_AIMS"]).read_text())
        self.now: set[str] = set()
        self.post: Post | None = None
        self.database: Database | None = None
        self.test, self.log = "", Path()

    def begin(self, test: str, broker: Broker, database: Database, log: Path) -> None:
        """A test begins."""
        self.database = database
        if self.post is None:
            self.post = Post(broker)
        self.test, self.log, self.now = test, log, set(self.aims.get(test, []))

    def wanted(self, room: Room, kind: str, opens_on: str = "") -> Door | None:
        """The door, if it is aimed at and was not driven yet."""
        door = Door(room.frame.name, kind, opens_on)
        return door if str(door) in self.now else None

    @contextmanager
    def drive(self, room: Room, door: Door, by: type[D]) -> Iterator[D]:
        """Drive a door, with nothing of other tests in its queues, and write down how it went; unless nothing came of it here."""
        assert self.post is not None and self.database is not None
        self.now.remove(str(door))
        self.post.clear(door.service, list(room.frame.doors(Listens)))
        catch_up(room)
        began, drive = time.monotonic(), by(room, door, self.post, self.log, self.database.administrator_url)
        try:
            yield drive
        finally:
            if drive.hit or drive.findings:
                about = {"door": str(door), "test": self.test, "hit": drive.hit, "findings": drive.findings}
                self._write(about | {"seconds": round(time.monotonic() - began, 2)})
            else:
                self.now.add(str(door))

    def failed(self, why: str) -> None:
        """Write down that a test failed in which doors were driven."""
        self._write({"test": self.test, "failed": why})

    def unopened(self, door: str) -> None:
        """Write down that a door did not come to open."""
        self._write({"test": self.test, "unopened": door})

    def _write(self, about: dict[str, Any]) -> None:
        with Path(os.environ["CRASH_REPORT"]).open("a") as file:
            file.write(json.dumps(about) + "\n")


driver = Driver()


def trial(room: Room, door: Door, opens: Callable[[], Any]) -> int:
    """Open the door in a process that ends just before the commit: whether it would come to it, or keep the event for later, or refuse."""

    def told(point: str, whose: str) -> None:
        if code := AT_COMMIT.get(point if not door.opens_on or whose == door.name else ""):
            os._exit(code)

    def does() -> int:
        room.engine.dispose(close=False)
        crash_points.arm(told)
        try:
            opens()
        except BaseException:
            return REFUSES
        return HAS_NO_UNIT

    return Child(does, driver.log).ended() or 0


def aimed_ask(room: Room, contract: type[Request], who: Principal | None = None, /, **asked: Any) -> Any:
    """Drive the door if it is aimed at and opens; else ask as ever."""
    _in_passing(room)
    door = driver.wanted(room, "call", contract.slug())
    if door is None:
        return ask(room, contract, who, **asked)
    asked["key"] = asked.get("key") or str(uuid4())
    if trial(room, door, lambda: ask(room, contract, who, **asked)) == REFUSES:
        return ask(room, contract, who, **asked)
    fields = {name: value for name, value in asked.items() if name not in ("key", "if_match")}
    content = json.loads(json.dumps(contract.write(fields), default=str))
    listed = (HARMLESS | ON_RECORD).get(contract.slug())
    may_change = listed.may_change if listed else frozenset()
    with driver.drive(room, door, Mail) as drive:
        drive.may_change = may_change
        try:
            answer = drive.call(contract, who or anonymous(), content, asked["key"], asked.get("if_match"))
        except RepeatRefused as refused:
            pytest.skip(f"the answer is lost, the rest of the test cannot go on: {refused}")
    if may_change or (issubclass(contract, Command) and contract.shown_once):
        pytest.skip("what a repeat leaves behind, or does not show again, is not what the rest of the test expects")
    return answer


def aimed_hear(room: Room, fact: Fact, event_id: UUID | None = None, subject_version: int = 1) -> UUID:
    """The same for an event, one that is applied or one that comes too early."""
    _in_passing(room)
    event_id = event_id or uuid4()
    for door, wanted in ((driver.wanted(room, "event", fact.type), OPENS), (driver.wanted(room, "wait"), WAITS)):
        if door and trial(room, door, lambda: hear(room, fact, event_id, subject_version)) == wanted:
            with driver.drive(room, door, Mail) as drive:
                drive.event(_envelope(room, fact, event_id, subject_version))
            return event_id
    return hear(room, fact, event_id, subject_version)


def aimed_run_due(room: Room) -> int:
    """Drive due work on copies of the database; then it is done as ever."""
    _alone(room, "due", lambda: run_due(room))
    return run_due(room)


def aimed_run_jobs(room: Room) -> int:
    """The same for jobs."""
    _alone(room, "job", lambda: run_jobs(room))
    return run_jobs(room)


def aimed_try_waiting(room: Room) -> int:
    """The same for what waits."""
    if (door := driver.wanted(room, "again")) and trial(room, door, lambda: try_waiting(room)) == OPENS:
        _drive_alone(room, door, lambda: try_waiting(room))
    return try_waiting(room)


def aimed_carry_out(frame: Frame, door: Any, occasion: Any) -> Any:
    """The same for a turn of what a worker repeats, which tests take by hand."""
    name = Door(frame.name, "turn", door.opens_on)
    if isinstance(occasion, Turn) and str(name) in driver.now:
        room = _HasFrame(frame)

        def takes() -> None:
            let_go_of_wires()
            carry_out(frame, door, occasion)

        if trial(room, name, takes) == OPENS:
            _drive_alone(room, name, takes, lambda: _partners_letters(room))
    return carry_out(frame, door, occasion)


def _in_passing(room: Room) -> None:
    """What every service does in one place is driven at the first occasion."""
    if door := driver.wanted(room, "copy"):
        with driver.drive(room, door, Mail) as drive:
            drive.copy()
    if (door := driver.wanted(room, "relay")) and unpublished(room.engine):
        assert driver.post is not None
        address = driver.post.broker.uri(room.frame.name)
        _drive_alone(room, door, lambda: _relay_all(room, address), lambda: _listeners_letters(room))


def _alone(room: Room, kind: str, does: Callable[[], Any]) -> None:
    for name in sorted(driver.now):
        opens_on = name.partition(f"/{kind}:")[2]
        door = driver.wanted(room, kind, opens_on) if opens_on else None
        if door and trial(room, door, does) in (OPENS, HAS_NO_UNIT):
            _drive_alone(room, door, does)


def _drive_alone(room: Room, door: Door, does: Callable[[], Any], letters: Letters = nobody) -> None:
    with driver.drive(room, door, Alone) as drive:
        drive.drive(does, letters)


def _relay_all(room: Room, address: str) -> None:
    relay = Relay(room.frame.name, room.engine, Wire(address, confirm=True))
    while relay.run_once():
        pass


def _listeners_letters(room: Room) -> dict[str, list[bytes]]:
    """What lies in the queues of those who hear of this service's facts, by its journal."""
    assert driver.post is not None
    with room.engine.connect() as connection:
        types = connection.scalars(select(JournalRow.type).distinct()).all()
    queues = [topology.event_queue(listener, each.slug()) for each in all_events() if each.slug() in types for listener in each.heard_by]
    return {queue: driver.post.take(queue) for queue in queues}


def _partners_letters(room: Room) -> dict[str, list[bytes]]:
    """What lies in partnerships' queues."""
    assert driver.post is not None
    with room.engine.connect() as connection:
        queues = connection.scalars(text("SELECT queue FROM partner_access")).all()
    return {queue: driver.post.take_of_partner(queue) for queue in queues}


def _envelope(room: Room, fact: Fact, event_id: UUID, subject_version: int) -> dict[str, Any]:
    announcer = room.frame.doors(Listens)[fact.type].contract.service
    return json.loads(json.dumps(Envelope.write({  # type: ignore[no-any-return]
        "specversion": "1.0", "id": event_id, "source": f"/{announcer}", "type": fact.type, "subject": fact.subject,
        "subjectversion": subject_version, "time": room.clock.now(), "actor": "service:test", "audience": fact.audience,
        "correlationid": "test", "datacontenttype": "application/json", "data": fact.data,
    })))  # fmt: skip


@pytest.fixture(scope="session")
def ready_broker(broker: Broker) -> Broker:
    """The broker with everybody's queues."""
    topology.declare(broker.administrator_uri(), SERVICES, all_events())
    return broker


@pytest.fixture(autouse=True)
def _aimed(
    request: pytest.FixtureRequest, ready_broker: Broker, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Stand in for the room's hand, for a test that opens a door aimed at."""
    monkeypatch.setattr(jobs, "CLAIM", timedelta(seconds=1.5))
    for name, instead in (
        ("ask", aimed_ask),
        ("hear", aimed_hear),
        ("run_due", aimed_run_due),
        ("run_jobs", aimed_run_jobs),
        ("try_waiting", aimed_try_waiting),
    ):
        monkeypatch.setattr(Room, name, instead)
    monkeypatch.setattr(Frame, "carry_out", aimed_carry_out)
    driver.begin(request.node.nodeid, ready_broker, database, tmp_path / "children.log")
    yield
    for door in sorted(driver.now):
        driver.unopened(door)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Write down a test that failed: its own sentences hold after the ends, too."""
    report = yield
    if report.failed:
        driver.failed(str(report.longreprtext)[-3000:])
    return report
