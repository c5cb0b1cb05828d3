"""The register of the erased: a file outside every database, so that a restored one cannot bring anybody back.

Ids, a line each, and nothing else. Whoever is to be erased is entered first: what is in the register is erased, now or at the next start.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from uuid import UUID

from environs import Env


def register_file() -> Path:
    """Where it lies: ERASED_FILE."""
    return Env().path("ERASED_FILE")


def read_register(file: Path) -> list[UUID]:
    """Whom it names; raises ValueError for what is no register. A last line that was cut off was never told to be in, and counts for nothing."""
    if not file.exists():
        return []
    whole, _, _ = file.read_text().rpartition("\n")
    return [UUID(line) for line in whole.split()]


def enter(file: Path, person_id: UUID) -> None:
    """Add one, once, durable on return."""
    if person_id in read_register(file):
        return
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # Behind the last whole line: what a full disk or an end cut off is written over.
        end = os.pread(handle, os.fstat(handle).st_size, 0).rfind(b"\n") + 1
        os.ftruncate(handle, end)
        line = f"{person_id}\n".encode()
        if os.pwrite(handle, line, end) != len(line):
            raise OSError(errno.ENOSPC, "the register of the erased has no room for a line")
        os.fsync(handle)
    finally:
        os.close(handle)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
