"""A process of its own that serves a test's room, with the real server on the real broker, until it is ended or ends itself.

It is forked from the test, so that it has the test's own clock and stand-ins for other services; everything else is what runs in
production: consumers, doors, units, relay, replies.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import eventlet.hubs
import eventlet.tpool
from amqp import Channel
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from sqlalchemy import URL

from chassis.bare import crash_points
from chassis.running import consuming, delivery
from chassis.running.frame import make_engine
from chassis.running.serve import Server
from chassis.running.wire import Wire
from tests.faults.crash_points.cases import BEFORE_CONFIRM, BEFORE_PUBLISH, Door, Reach
from tests.faults.crash_points.settings import told
from tests.room import Room

ENDS_WITH_PARENT = 1
"""prctl's PR_SET_PDEATHSIG."""
PAUSE_S = 0.005
PATIENCE_S = 60
KEPT_OPEN: list[Any] = []
"""The connections that a fork has in common with its parent, which must not be spoken on, nor closed."""


class Child:
    """A forked process that does one thing."""

    def __init__(self, does: Callable[[], Any], log: Path) -> None:
        self.pid = os.fork()
        self._status: int | None = None
        if self.pid == 0:
            _live(does, log)

    def ended(self, seconds: float = PATIENCE_S) -> int | None:
        """How it ended by itself (negative: the signal), as soon as it has; None if it has not."""
        until = time.monotonic() + seconds
        while self._status is None and time.monotonic() < until:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(PAUSE_S)
        return self._status

    def leave(self) -> None:
        """Tell it to finish what it has and go; hard if it does not."""
        if self._status is None:
            os.kill(self.pid, signal.SIGTERM)
        if self.ended() is None:
            self.kill()

    def kill(self) -> None:
        """End it hard, if it is still there."""
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.ended()


def _live(does: Callable[[], Any], log: Path) -> None:
    code = 99
    try:
        ctypes.CDLL(None).prctl(ENDS_WITH_PARENT, signal.SIGKILL)
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(out, 1)
        os.dup2(out, 2)
        gc.disable()  # tidying up would copy all that came along, for a life of a second
        # The parent's loop and its threads did not come along.
        eventlet.hubs.use_hub()
        eventlet.tpool._threads, eventlet.tpool._setup_already = [], False
        code = does() or 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


def arm(door: Door, reach: Reach) -> None:
    """End this process when it reaches that point of that door for the n-th time."""
    so_far = Counter[str]()

    def told(point: str) -> None:
        so_far[point] += 1
        if Reach(point, so_far[point]) == reach:
            os.kill(os.getpid(), signal.SIGKILL)

    _listen(door, told)


def note(door: Door, file: Path) -> None:
    """Write down each point of that door as it is reached."""
    out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    _listen(door, lambda point: os.write(out, f"{point}\n".encode()))


def _listen(door: Door, hears: Callable[[str], Any]) -> None:
    """Hear of the door's points; one that names nothing means any of its kind."""
    newest = ""

    def told(point: str, whose: str) -> None:
        nonlocal newest
        newest = point
        if point in door.points and (whose == door.name or not door.opens_on):
            hears(point)

    def published(channel: Any, *args: Any, **kwargs: Any) -> Any:
        done = publish(channel, *args, **kwargs)
        point = newest.replace(BEFORE_PUBLISH, BEFORE_CONFIRM)
        is_confirmed = channel._confirm_selected or channel.events["basic_ack"]
        if is_confirmed and point in door.points and newest.endswith(BEFORE_PUBLISH):
            hears(point)  # for each of those that go out together
        return done

    crash_points.arm(told)
    # One is called where the library waits for each confirm at once, the other where many messages are under way together.
    publish = Channel.basic_publish
    Channel.basic_publish = Channel._basic_publish = published


def move(room: Room, database: URL) -> None:
    """Have this process' room on its own connections to that database."""
    room.engine.dispose(close=False)
    room.engine = make_engine(database.render_as_string(hide_password=False), pool_size=5)
    room.frame.sessions.configure(bind=room.engine)


def catch_up(room: Room) -> None:
    """What a process of the service reads before it takes its first message is read here once, and goes along with each fork."""
    if caught_up := getattr(room.frame.service_class, "caught_up", None):
        caught_up(room.frame)


def let_go_of_wires() -> None:
    """Have what this process publishes go over connections of its own."""
    for wire in [each for each in gc.get_objects() if isinstance(each, Wire)]:
        KEPT_OPEN.append(wire._producer)
        wire._producer = None


def serve(room: Room, amqp_uri: str, opens_on: str) -> None:
    """What a service's process does, with the one door that is to open and the relay."""
    consuming.LATE_S, consuming.LOOK_S = 0.0, 0.02  # nobody else calls
    delivery.LET_SETTLE_S = 0.02
    for name in dir(room.frame.service_class):
        method = getattr(room.frame.service_class, name)
        if hasattr(method, ENTRYPOINT_EXTENSIONS_ATTR) and not any(each.opens_on == opens_on for each in method.doors):
            setattr(method, ENTRYPOINT_EXTENSIONS_ATTR, set())
    Serving(room, amqp_uri).run()


class Serving(Server):
    """The server with no loop but the relay: what else is to be done in a room is its test's own affair."""

    def __init__(self, room: Room, amqp_uri: str) -> None:
        folder = room.frame.blobs._folder if hasattr(room.frame.blobs, "_folder") else Path()
        super().__init__(room.frame, told(room.engine.url.render_as_string(hide_password=False), amqp_uri, folder))

    def _loops(self) -> list[tuple[Callable[[], Any], float]]:
        return [(self._relay_all, 0)]
