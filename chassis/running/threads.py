"""Work that would hold the event loop goes to a real thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import ParamSpec, TypeVar

import eventlet.patcher
import eventlet.tpool

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` beside the event loop and wait for it; without a loop (workers, tests) simply run it."""
    if eventlet.patcher.is_monkey_patched("thread"):
        return eventlet.tpool.execute(work, *args, **kwargs)  # type: ignore[no-any-return]
    return work(*args, **kwargs)


def thread_lock() -> AbstractContextManager[object]:
    """A lock for work that runs in threads: the real one, never to be waited for beside the event loop's own work."""
    lock: AbstractContextManager[object] = eventlet.patcher.original("threading").Lock()
    return lock
