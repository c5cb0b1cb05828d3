"""How far the load has come: a line per finished part, so that a load that was stopped goes on where it was."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from deploy.local.files import write_atomically
from deploy.local.people.entrance import Refused, TookTooLong, repeatable

AT_ONCE = 8
SETBACKS = (Refused, TookTooLong, httpx.HTTPError, AssertionError, LookupError, ValueError)

Result = dict[str, Any]
Part = tuple[str, Callable[[], Result | None]]
"""A part's name and what it does; what it returns is kept with it, in plain JSON."""


class Progress:
    """The finished parts of one load; `tell(done, doing)` hears of each."""

    def __init__(self, state: Path, tell: Callable[[int, str], None] = lambda done, doing: None) -> None:
        self._parts_file, self._file = state / "demonstration-parts.jsonl", state / "demonstration-progress.json"
        self._tell, self._lock = tell, threading.Lock()
        self.setbacks: list[str] = []
        self._done = self._read()

    def part(self, name: str, play: Callable[[], Result | None]) -> Result:
        """Do a part, unless it is done; repeated after a stop its commands carry the same keys, and act only once."""
        if name not in self._done:
            with repeatable(name):
                result = play() or {}
            self._note(name, result)
        return self._done[name]

    def together(self, parts: Iterable[Part]) -> None:
        """Do several parts side by side; one that fails is noted, and the others go on."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._try, parts))

    def of(self, name: str) -> Result | None:
        """What a finished part returned; None as long as it is not finished."""
        return self._done.get(name)

    def say(self, doing: str, finished: bool = False) -> None:
        """Write down for others where the load is."""
        state = {"doing": doing, "parts_done": len(self._done), "finished": finished, "setbacks": self.setbacks}
        write_atomically(self._file, json.dumps(state, indent=1))
        self._tell(len(self._done), doing)

    def _try(self, part: Part) -> None:
        name, play = part
        try:
            self.part(name, play)
        except SETBACKS as setback:
            with self._lock:
                self.setbacks.append(f"{name}: {setback}")

    def _note(self, name: str, result: Result) -> None:
        with self._lock:
            with self._parts_file.open("a") as file:
                file.write(json.dumps([name, result], ensure_ascii=False) + "\n")
            self._done[name] = result
        self._tell(len(self._done), name.partition("/")[0])

    def _read(self) -> dict[str, Result]:
        if not self._parts_file.exists():
            return {}
        # A line that a crash cut in two is no finished part, and must not spoil the next one.
        whole, newline, _cut = self._parts_file.read_text().rpartition("\n")
        write_atomically(self._parts_file, whole + newline)
        return dict(json.loads(line) for line in whole.splitlines())
