"""One load at a time; and who moves the clock, too, waits until it is over."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.unusable import Unusable


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Be the only load; raises Unusable when there is another. The lock dies with its holder."""
    with _file(state).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"the demonstration data are being loaded already; see {state}/demonstration-progress.json.") from None
        yield


def wait_for_a_load(state: Path, say: Callable[[str], None]) -> None:
    """Return when nothing is being loaded; says so if that takes time."""
    with _file(state).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting until the demonstration data are loaded (see {state}/demonstration-progress.json)")
            fcntl.flock(file, fcntl.LOCK_SH)


def _file(state: Path) -> Path:
    return state / "demonstration.lock"
