"""Values by name that are made once and then kept in a small file, from start to start."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from deploy.local.files import write_atomically

Value = TypeVar("Value", int, str)


class Remembered(Generic[Value]):
    """The values of one file, for its owner alone to read; safe for threads, and for two objects on one file in turn."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._known: dict[str, Value] = self._read()

    def of(self, name: str, make: Callable[[set[Value]], Value], holds: Callable[[Value], bool] = lambda _: True) -> Value:
        """The value of this name; a new one, made in knowledge of all others, if there is none or it does not hold any more."""
        with self._lock:
            if not self._has(name, holds):
                self._known |= self._read()  # the file may have grown under another's hand
            if not self._has(name, holds):
                self._known[name] = make(set(self._known.values()))
                write_atomically(self._file, json.dumps(self._known, indent=1))
            return self._known[name]

    def _has(self, name: str, holds: Callable[[Value], bool]) -> bool:
        return name in self._known and holds(self._known[name])

    def __contains__(self, name: str) -> bool:
        """Whether a value of this name was made already."""
        with self._lock:
            return name in self._known or name in self._read()

    def _read(self) -> dict[str, Value]:
        return json.loads(self._file.read_text()) if self._file.exists() else {}
