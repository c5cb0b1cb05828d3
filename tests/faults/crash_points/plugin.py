"""A plugin for pytest (`-p tests.faults.crash_points.plugin`): where a test opens a door that is aimed at, it is driven instead.

The environment names the aims (CRASH_AIMS: a JSON file, test -> door -> points) and where to report to (CRASH_REPORT).
"""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()  # before anything else: the children run what was made for its loop

import json  # noqa: E402
import os  # noqa: E402
import time  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from datetime import timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402
from uuid import UUID, uuid4  # noqa: E402

import pytest  # noqa: E402

from chassis.bare import crash_points  # noqa: E402
from chassis.bare.message import Envelope, Fact, Request  # noqa: E402
from chassis.bare.principal import Principal, anonymous  # noqa: E402
from chassis.running import background, jobs, topology  # noqa: E402
from chassis.running.doors import Listens  # noqa: E402
from chassis.running.frame import Frame  # noqa: E402
from chassis.running.occasions import Turn  # noqa: E402
from deploy.local.broker_rights import Broker  # noqa: E402
from deploy.local.database_logins import Database  # noqa: E402
from deploy.local.installation import SERVICES  # noqa: E402
from deploy.local.topology import all_events  # noqa: E402
from tests.faults.crash_points.books import Snapshot, unpublished  # noqa: E402
from tests.faults.crash_points.cases import Door  # noqa: E402
from tests.faults.crash_points.child import Child  # noqa: E402
from tests.faults.crash_points.drives import Drive, RepeatRefused  # noqa: E402
from tests.faults.crash_points.post import Post  # noqa: E402
from tests.faults.repeats.harmless import HARMLESS  # noqa: E402
from tests.room import Room  # noqa: E402

OPENS, HAS_NO_UNIT, REFUSES = 42, 43, 44
OPEN_DUE = "SELECT count(*) FROM due WHERE kind = :kind AND done_at IS NULL AND at <= :now"
OPEN_JOBS = "SELECT count(*) FROM job WHERE kind = :kind AND finished_at IS NULL"

Aims = dict[str, list[str]]

ask, hear, run_due, run_jobs, carry_out = Room.ask, Room.hear, Room.run_due, Room.run_jobs, Frame.carry_out


class _HasFrame(Room):
    """As much of a room as a turn needs."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.engine = frame, frame.sessions.kw["bind"]


class Driver:
    """Stands in for the room's hand while a test runs."""

    def __init__(self) -> None:
        self.aims: dict[str, Aims] = json.loads(Path(os.environ["CRASH_AIMS"]).read_text())
        self.now: Aims = {}
        self.post: Post | None = None
        self.database: Database | None = None
        self.test, self.log = "", Path()

    def begin(self, test: str, broker: Broker, database: Database, log: Path) -> None:
        """A test begins."""
        self.database = database
        if self.post is None:
            self.post = Post(broker)
        self.test, self.log, self.now = test, log, dict(self.aims.get(test, {}))

    def wanted(self, room: Room, kind: str, opens_on: str = "") -> Door | None:
        """The door, if it is aimed at and was not driven yet."""
        door = Door(room.frame.name, kind, opens_on)
        return door if str(door) in self.now else None

    def drive(self, room: Room, door: Door, has_unit: bool = True) -> Drive:
        """Begin to drive a door, with nothing of other tests in its queues."""
        assert self.post is not None
        points = [each for each in self.now.pop(str(door)) if has_unit or each not in crash_points.UNIT]
        self.post.clear(door.service, list(room.frame.doors(Listens)))
        return Drive(room, door, points, self.post, self.log)

    def report(self, drive: Drive, began: float) -> None:
        """Write down how it went."""
        about = {"door": str(drive.door), "test": self.test, "hit": drive.hit, "findings": drive.findings}
        self._write(about | {"seconds": round(time.monotonic() - began, 2)})

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


def trial(room: Room, door: Door, opens: Any) -> int:
    """Open the door in a process that ends just before the commit: whether it would come to it, or refuse."""

    def does() -> int:
        room.engine.dispose(close=False)
        crash_points.arm(lambda point, whose: os._exit(OPENS) if (point, whose) == ("unit.before_commit", door.name) else None)
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
    outcome = trial(room, door, lambda: ask(room, contract, who, **asked))
    if outcome == REFUSES:
        return ask(room, contract, who, **asked)
    began, drive = time.monotonic(), driver.drive(room, door, outcome == OPENS)
    fields = {name: value for name, value in asked.items() if name not in ("key", "if_match")}
    content = json.loads(json.dumps(contract.write(fields), default=str))
    drive.may_change = HARMLESS[contract.slug()].may_change if contract.slug() in HARMLESS else frozenset()
    try:
        answer = drive.call(contract, who or anonymous(), content, asked["key"], asked.get("if_match"))
    except RepeatRefused as refused:
        pytest.skip(f"the answer is lost, the rest of the test cannot go on: {refused}")
    finally:
        driver.report(drive, began)
    if drive.may_change:
        pytest.skip("what a repeat leaves behind is not what the rest of the test expects")
    return answer


def aimed_hear(room: Room, fact: Fact, event_id: UUID | None = None, subject_version: int = 1) -> UUID:
    """The same for an event."""
    _in_passing(room)
    door, event_id = driver.wanted(room, "event", fact.type), event_id or uuid4()
    if door is None or trial(room, door, lambda: hear(room, fact, event_id, subject_version)) != OPENS:
        return hear(room, fact, event_id, subject_version)
    began, drive = time.monotonic(), driver.drive(room, door)
    announcer = room.frame.doors(Listens)[fact.type].contract.service
    drive.event(json.loads(json.dumps(Envelope.write({
        "specversion": "1.0", "id": event_id, "source": f"/{announcer}", "type": fact.type, "subject": fact.subject,
        "subjectversion": subject_version, "time": room.clock.now(), "actor": "service:test", "audience": fact.audience,
        "correlationid": "test", "datacontenttype": "application/json", "data": fact.data,
    }))))  # fmt: skip
    driver.report(drive, began)
    return event_id


def aimed_run_due(room: Room) -> int:
    """The same for what is due; the rest of it is done as ever."""
    done = 0
    for name in list(driver.now):
        kind = name.partition("/due:")[2]
        door = driver.wanted(room, "due", kind) if kind else None
        if door and trial(room, door, lambda: background.do_due(room.frame)) == OPENS:
            was_open = _open_due(room)
            began, drive = time.monotonic(), driver.drive(room, door)
            _with_snapshot(drive, OPEN_DUE)
            driver.report(drive, began)
            done += was_open - _open_due(room)
    return done + run_due(room)


def aimed_run_jobs(room: Room) -> int:
    """The same for jobs."""
    done = 0
    for name in list(driver.now):
        kind = name.partition("/job:")[2]
        door = driver.wanted(room, "job", kind) if kind else None
        if door and trial(room, door, lambda: jobs.do_job(room.frame)) in (OPENS, HAS_NO_UNIT):
            was_open = _open_jobs(room)
            began, drive = time.monotonic(), driver.drive(room, door)
            _with_snapshot(drive, OPEN_JOBS)
            driver.report(drive, began)
            done += was_open - _open_jobs(room)
    return done + run_jobs(room)


def aimed_carry_out(frame: Frame, door: Any, occasion: Any) -> Any:
    """The same for a turn of what a worker repeats, which tests take by hand."""
    name = Door(frame.name, "turn", door.opens_on)
    if isinstance(occasion, Turn) and str(name) in driver.now:
        room = _HasFrame(frame)
        if trial(room, name, lambda: carry_out(frame, door, occasion)) == OPENS:
            began, drive = time.monotonic(), driver.drive(room, name)
            drive.turn(lambda: carry_out(frame, door, occasion))
            driver.report(drive, began)
    return carry_out(frame, door, occasion)


def _in_passing(room: Room) -> None:
    """What every service does in one place is driven at the first occasion."""
    if door := driver.wanted(room, "copy"):
        began, drive = time.monotonic(), driver.drive(room, door)
        drive.copy()
        driver.report(drive, began)
    if (door := driver.wanted(room, "relay")) and unpublished(room.engine):
        began, drive = time.monotonic(), driver.drive(room, door)
        drive.relay()
        driver.report(drive, began)


def _with_snapshot(drive: Drive, open_work: str) -> None:
    assert driver.database is not None
    snapshot = Snapshot(driver.database.administrator_url, drive.room.engine)
    try:
        drive.background(open_work, snapshot)
    finally:
        snapshot.forget()


def _open_jobs(room: Room) -> int:
    with room.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM job WHERE finished_at IS NULL").scalar() or 0)


def _open_due(room: Room) -> int:
    with room.engine.connect() as connection:
        statement = "SELECT count(*) FROM due WHERE done_at IS NULL AND at <= %s"
        return int(connection.exec_driver_sql(statement, (room.clock.now(),)).scalar() or 0)


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
    for name, instead in (("ask", aimed_ask), ("hear", aimed_hear), ("run_due", aimed_run_due), ("run_jobs", aimed_run_jobs)):
        monkeypatch.setattr(Room, name, instead)
    monkeypatch.setattr(Frame, "carry_out", aimed_carry_out)
    driver.begin(request.node.nodeid, ready_broker, database, tmp_path / "children.log")
    yield
    for door in driver.now:
        driver.unopened(door)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Write down a test that failed: its own sentences hold after the ends, too."""
    report = yield
    if report.failed:
        driver.failed(str(report.longreprtext)[-3000:])
    return report
