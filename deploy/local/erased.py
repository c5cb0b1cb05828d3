"""The register of the erased: whom the system has erased, in a file outside everything that a backup brings back.

It lies beside the state folder (`.state.erased`), so that it outlives that, and holds nothing but ids. Identity's worker writes an id
there before it erases the person; each start erases again whoever stands there and is back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from deploy.local.files import write_atomically
from deploy.local.unusable import Unusable
from services.identity.register import read_register


def register_of(state: Path) -> Path:
    """The register of the installation in that state folder."""
    return state.with_name(f"{state.name}.erased")


def whom(file: Path) -> list[UUID]:
    """Whom it names; nobody where there is none. Raises Unusable for what is no register."""
    try:
        return read_register(file)
    except ValueError as reason:
        raise Unusable(f"{file} is no register of the erased: {reason}.") from reason


def merge_registers(into: Path, others: Iterable[Path]) -> int:
    """Have everybody of several registers in the first one; returns how many they are. Nobody is ever taken out."""
    known = dict.fromkeys(each for file in (into, *others) for each in whom(file))
    if known:
        write_atomically(into, "".join(f"{each}\n" for each in known))
        _sync(into.parent)
    return len(known)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
