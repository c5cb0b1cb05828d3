"""One runner per state folder: a lock that dies with its holder, and a note for others of where the system is."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deploy.local.installation import Installation
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from deploy.local.settings import Settings
from deploy.local.unusable import Unusable


def _file(state: Path) -> Path:
    return state / "runner.lock"


@contextmanager
def alone(state: Path) -> Iterator[int]:
    """Be the only runner of a state folder; yields the lock's file descriptor."""
    handle = os.open(_file(state), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(_taken(state)) from None
        os.ftruncate(handle, 0)
        yield handle
    finally:
        os.close(handle)


def leave_note(handle: int, here: Installation) -> None:
    """Write beside the lock where the system is, for `make status` and its like; it holds the outside addresses, hence 0600."""
    note = {"process": os.getpid(), "port": here.port, "settings": {**asdict(here.settings), "state": str(here.state)}}
    os.pwrite(handle, json.dumps(note).encode(), 0)


def running_installation(settings: Settings) -> Installation:
    """The system that runs in this state folder, as its runner described it; raises Unusable when none does."""
    if not is_held(settings.state):
        raise Unusable(f"nothing runs in {settings.state}; start it with `make run`.")
    note = _note(settings.state)
    if note is None:
        raise Unusable(f"the system in {settings.state} is still starting; try again in a moment.")
    told = Settings(**{**note["settings"], "state": settings.state})
    return Installation(told, Ports(settings.state, settled=True), Passwords(settings.state), note["port"])


def is_held(state: Path) -> bool:
    """Whether a runner is at work in this state folder."""
    if not _file(state).exists():
        return False
    with _file(state).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _note(state: Path) -> dict[str, Any] | None:
    text = _file(state).read_text()
    note: dict[str, Any] | None = json.loads(text) if text else None
    return note


def _taken(state: Path) -> str:
    note = _note(state)
    if note is None:
        return f"it is already starting in {state}."
    return f"it is already running at http://localhost:{note['port']} (process {note['process']}, state in {state})."
