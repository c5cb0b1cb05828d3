"""What a worker process repeats: each such door in a thread of its own, and of several processes one at a time takes its turns.

That one holds an advisory lock on a connection of its own, so losing the connection is losing the lock.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import structlog
from sqlalchemy import Connection, func, select

from chassis.bare.refusals import Unavailable
from chassis.running.doors import Repeats
from chassis.running.frame import Frame
from chassis.running.occasions import Turn

LOCKS = 7_201_200
PAUSE_AFTER_FAILURE_S = 2.0

log = structlog.get_logger()


class Turns:
    """The turns of one door."""

    def __init__(self, frame: Frame, door: Repeats) -> None:
        self._frame, self._door = frame, door
        self._connection: Connection | None = None
        self._leads = False

    def take(self) -> bool:
        """Take one turn, if no other process takes them; raises what the door raises."""
        if not self._is_mine():
            return False
        self._frame.carry_out(self._door, Turn(self._frame.itself, f"turn-{uuid4()}", self._door.opens_on))
        return True

    def close(self) -> None:
        """Give the lock up with its connection."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
        self._connection, self._leads = None, False

    def keep_taking(self, stop: threading.Event) -> None:
        """Take turns until told to stop; after a failure, a little later."""
        while not stop.is_set():
            stop.wait(self._door.pause_s if self._took_one() else PAUSE_AFTER_FAILURE_S)
        self.close()

    def _took_one(self) -> bool:
        try:
            return self.take()
        except Unavailable as reason:
            log.warning("a turn has to wait", door=self._door.opens_on, reason=str(reason))
        except Exception:
            log.exception("a turn failed, the next will come", door=self._door.opens_on)
        self.close()
        return False

    def _is_mine(self) -> bool:
        if self._connection is None:
            self._connection = self._frame.sessions.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT")
        if self._leads:
            self._connection.execute(select(1))  # raises when the connection, and with it the lock, is lost
        else:
            lock = func.pg_try_advisory_lock(LOCKS, zlib.crc32(self._door.opens_on.encode()) - 2**31)
            self._leads = bool(self._connection.scalar(select(lock)))
        return self._leads


@contextmanager
def taking_turns(frame: Frame, stop: threading.Event) -> Iterator[None]:
    """Take the turns of all the service's doors that repeat, for the length of the block and until `stop` is set."""
    turns = [Turns(frame, door) for door in frame.doors(Repeats).values()]
    threads = [threading.Thread(target=each.keep_taking, args=(stop,), daemon=True) for each in turns]
    for thread in threads:
        thread.start()
    yield
    stop.set()
    for thread in threads:
        thread.join()
