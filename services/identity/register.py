"""The register of the erased: a file outside every database, so that a restored one cannot bring anybody back.

Ids, a line each, and nothing else. Whoever is to be erased is entered first: what is in the register is erased, now or at the next start.
"""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from environs import Env


def register_file() -> Path:
    """Where it lies: ERASED_FILE."""
    return Env().path("ERASED_FILE")


def read_register(file: Path) -> list[UUID]:
    """Whom it names; raises ValueError for what is no register."""
    return [UUID(line) for line in file.read_text().split()] if file.exists() else []


def enter(file: Path, person_id: UUID) -> None:
    """Add one, once, durable on return."""
    if person_id in read_register(file):
        return
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{person_id}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
