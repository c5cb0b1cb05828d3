"""The processor time that processes used, out of /proc."""

from __future__ import annotations

import os
from pathlib import Path

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def used(pid: int) -> float:
    """Seconds of processor time of a process and all below it, those included that ended and were waited for."""
    fields = _stat(pid)
    if fields is None:
        return 0.0
    # After the command's name: 11 to 14 are utime, stime, and both of children that ended (proc(5): 14 to 17).
    own = sum(map(int, fields[11:15])) * TICK_S
    return own + sum(used(child) for child in children(pid))


def children(pid: int) -> list[int]:
    """The processes that this one started, of all its threads, the oldest first."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        found = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return sorted(found)


def below(pid: int, name: str) -> int:
    """The process of that name at or below this one; raises LookupError if there is none."""
    waiting = [pid]
    while waiting:
        at = waiting.pop()
        try:
            if Path(f"/proc/{at}/comm").read_text().strip() == name:
                return at
        except OSError:
            continue
        waiting += children(at)
    raise LookupError(f"no {name} below process {pid}")


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
