"""Tells when the event loop of this process stood still, for how long, and in which function.

While a loop stands, nobody is served and no heartbeat is sent, so whatever holds it belongs into a thread or a worker. A real thread
looks at the loop's beat; only the loop itself logs, because the locks of logging are the loop's own kind.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import structlog

from chassis.running import observability

REPORTED_S = 0.3
BEAT_S = 0.05
SAMPLED_S = REPORTED_S - 2 * BEAT_S
"""When the stack is taken: early enough that the shortest stall that is reported still lasts."""
HOPELESS_S = 10.0
FRAMES = 12
FIRST_COLLECTIONS = 10
"""Few, since what is under way at one of them and ends in a circle is never collected."""

log = structlog.get_logger()


def set_apart() -> int:
    """Set apart what this process keeps for good, once it is ready to serve; returns how many objects that are.

    Every now and then Python's collector looks at all objects, and the loop stands for it: 130 ms in a service that keeps what it imported
    among them (seen, Python 3.11). What the first calls build and leave (statements, schemas) is set apart at the first few collections.
    """
    gc.collect()
    gc.freeze()
    # The collector waits until a quarter of what it last looked at has come; by this look that is nothing, so the next ones come soon and are short.
    gc.collect()
    gc.callbacks.append(_set_apart_at_first())
    return gc.get_freeze_count()


def _set_apart_at_first() -> Callable[[str, dict[str, int]], None]:
    left = FIRST_COLLECTIONS

    def collected(phase: str, about: dict[str, int]) -> None:
        nonlocal left
        if phase == "stop" and about["generation"] == 2 and left > 0:
            left -= 1
            gc.freeze()

    return collected


class Watchdog:
    """Watches the loop of the main thread, whose real identity is `thread`.

    Reported are `seconds` of real time, and of these `waited_for_cpu`: those that the machine had no processor for this thread.
    """

    def __init__(self, process: str, thread: int) -> None:
        self._process, self._thread = process, thread
        self._schedule = Path(f"/proc/self/task/{os.getpid()}/schedstat")
        self._beat_at, self._waited = time.monotonic(), self._waited_for_cpu()
        self._stack: list[str] = []
        self._said = False
        self.ended = False

    def beat(self) -> None:
        """The loop runs: called by it every BEAT_S; reports the stall that just ended, if there was one."""
        now, waited = time.monotonic(), self._waited_for_cpu()
        stood, stack = now - self._beat_at, self._stack
        starved, self._stack, self._said = waited - self._waited, [], False
        self._beat_at, self._waited = now, waited
        observability.loop_lateness.labels(self._process).observe(max(0.0, stood - BEAT_S - starved))
        if stood >= REPORTED_S:
            observability.loop_stalls.labels(self._process).observe(stood)
            log.warning("the event loop stood still", seconds=round(stood, 3), waited_for_cpu=round(starved, 3), stack=stack)

    def look(self) -> None:
        """Look whether it beats: called by a real thread every BEAT_S; takes the loop's stack when it does not."""
        stands = time.monotonic() - self._beat_at
        if stands >= SAMPLED_S and not self._stack:
            self._stack = _frames(sys._current_frames().get(self._thread))
        if stands >= HOPELESS_S and not self._said:
            self._said = True
            # Past all logging, which may be what stands.
            line = {"event": "the event loop stands still", "level": "critical", "service": self._process, "seconds": round(stands, 3)}
            os.write(sys.stdout.fileno(), json.dumps(line | {"stack": self._stack}).encode() + b"\n")

    def look_on(self, sleep: Callable[[float], Any]) -> None:
        """The real thread's life."""
        while not self.ended:
            sleep(BEAT_S)
            self.look()

    def _waited_for_cpu(self) -> float:
        """Seconds for which this thread could have run and was not let (Linux; elsewhere none are known)."""
        try:
            return int(self._schedule.read_text().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0


def _frames(frame: FrameType | None) -> list[str]:
    """The innermost last, each as `file:line function`."""
    found = traceback.extract_stack(frame)[-FRAMES:] if frame else []
    return [f"{each.filename.removeprefix(os.getcwd() + '/')}:{each.lineno} {each.name}" for each in found]
