"""A process of its own that serves a test's room, with the real server on the real broker, until it is ended or ends itself.

It is forked from the test, so that it has the test's own clock and stand-ins for other services; everything else is what runs in
production: consumers, doors, units, relay, replies.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import eventlet.hubs
import eventlet.tpool
from amqp import Channel

from chassis.bare import crash_points
from chassis.bare.config import Config
from chassis.running import background, consuming, work
from chassis.running.serve import Server
from tests.room import Room

ENDS_WITH_PARENT = 1
"""prctl's PR_SET_PDEATHSIG."""
PAUSE_S = 0.02
PATIENCE_S = 60
BEFORE_CONFIRM = {"relay.before_publish": "relay.before_confirm", "copy.before_publish": "copy.before_confirm"}
"""What is reached, after what, when a message with confirm has gone out."""


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
        # The parent's loop and its threads did not come along.
        eventlet.hubs.use_hub()
        eventlet.tpool._threads, eventlet.tpool._setup_already = [], False
        code = does() or 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(code)


def arm(point: str, door: str) -> None:
    """End this process at that point of that door (one that names nothing means any)."""
    before: list[str] = []

    def told(at: str, whose: str) -> None:
        before.append(at)
        if at == point and (whose == door or door.endswith(":")):
            os.kill(os.getpid(), signal.SIGKILL)

    def published(channel: Any, *args: Any, **kwargs: Any) -> Any:
        done = publish(channel, *args, **kwargs)
        if channel._confirm_selected and before:
            told(BEFORE_CONFIRM.get(before[-1], ""), door)
        return done

    crash_points.arm(told)
    # The library publishes and waits for the confirm in one go.
    publish, Channel._basic_publish = Channel._basic_publish, published


def serve(room: Room, amqp_uri: str, kind: str) -> None:
    """What a service's process does, or its worker's where the door is a worker's; of its loops, what the door needs."""
    room.engine.dispose(close=False)
    consuming.LATE_S = 0.0  # nobody else calls
    if kind in ("job", "turn"):
        work.run(room.frame, _Never())  # type: ignore[arg-type]
    else:
        Serving(room, amqp_uri, kind).run()


class Serving(Server):
    """The server with only the loops that the door needs: what else is due in a room is its test's own affair."""

    def __init__(self, room: Room, amqp_uri: str, kind: str) -> None:
        url = room.engine.url.render_as_string(hide_password=False)
        folder = room.frame.blobs._folder if hasattr(room.frame.blobs, "_folder") else Path()
        super().__init__(room.frame, Config("development", amqp_uri, url, folder, folder, folder, None, 0, 10, 5.0))
        self._kind = kind

    def _loops(self) -> list[tuple[Callable[[], Any], float]]:
        due = (lambda: background.do_due(self.frame), 0.05)
        return [(self._relay_all, 0), *([due] if self._kind == "due" else [])]


class _Never:
    """Never told to stop."""

    def is_set(self) -> bool:
        return False

    def set(self) -> None:
        """Nothing tells it to."""

    def wait(self, seconds: float) -> bool:
        """Let the time pass."""
        time.sleep(seconds)
        return False
