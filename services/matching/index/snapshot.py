"""The index in a file, so that a process need not read everybody anew: checked from end to end, and never trusted further than that.

A line of JSON says what is in it; the arrays follow, then the SHA-256 of all before. Whatever is wrong with it (another format, other
sources, a bit that flipped, an end that is missing) makes it no snapshot: the index is then built from the database.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from services.matching.index.compiled import DIGEST
from services.matching.index.encoding import CLOSED
from services.matching.index.entry import Arrays
from services.matching.index.index import Index

FORMAT = 1
NAME = "index.snapshot"
SEAL = 32
LONGEST_HEAD = 1 << 20


class NoSnapshot(Exception):
    """There is none that can be used; the sentence says why."""


def save(version: int, line: str, arrays: Arrays, path: Path) -> None:
    """Write a snapshot of an index at that version of that line of versions; it appears whole or not at all."""
    contents = [{"name": name, "type": str(array.dtype), "shape": array.shape} for name, array in arrays.items()]
    head = json.dumps(_kind(line) | {"version": version, "arrays": contents}).encode() + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".incoming-", delete=False) as file:
        try:
            seal = hashlib.sha256()
            pieces: list[Any] = [np.ascontiguousarray(array).data.cast("B") for array in arrays.values() if array.size]
            for piece in (head, *pieces):
                seal.update(piece)
                file.write(piece)
            file.write(seal.digest())
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def load(path: Path, line: str, make: Callable[[], Index] = Index) -> Index:
    """The index that was saved; raises NoSnapshot."""
    try:
        with path.open("rb") as file:
            return _read(file, path.stat().st_size, line, make)
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise NoSnapshot(f"{type(error).__name__}: {error}") from error


def version_of(path: Path) -> int:
    """The data version of a snapshot by its own words, unchecked; -1 where there is none."""
    try:
        with path.open("rb") as file:
            return int(json.loads(file.readline(LONGEST_HEAD))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def _read(file: BinaryIO, size: int, line: str, make: Callable[[], Index]) -> Index:
    first = file.readline(LONGEST_HEAD)
    head, seal, kind = json.loads(first), hashlib.sha256(first), _kind(line)
    if {name: head[name] for name in kind} != kind:
        raise NoSnapshot("It is of another database, was made by other sources, or has another format.")
    # Nothing of it is used before all of it is known to be what was written.
    arrays = {each["name"]: array for each, array in _arrays(file, head["arrays"], size, seal)}
    if file.read(SEAL + 1) != seal.digest():
        raise NoSnapshot("Its checksum is wrong.")
    index = make()
    index.load(arrays)
    index.version = int(head["version"])
    return index


def _arrays(file: BinaryIO, contents: list[dict[str, Any]], size: int, seal: Any) -> Iterator[tuple[dict[str, Any], np.ndarray]]:
    for each in contents:
        kind, shape = np.dtype(each["type"]), tuple(int(length) for length in each["shape"])
        if kind.hasobject or min(shape, default=0) < 0 or kind.itemsize * int(np.prod(shape, dtype=object)) > size:
            raise NoSnapshot("It says of itself what cannot be.")
        array = np.empty(shape, kind)
        if array.size:
            piece = array.data.cast("B")
            if file.readinto(piece) != array.nbytes:  # type: ignore[attr-defined]
                raise NoSnapshot("Its end is missing.")
            seal.update(piece)
        yield each, array


def _kind(line: str) -> dict[str, Any]:
    return {"line": line, "format": FORMAT, "sources": DIGEST, "lists": hashlib.sha256(CLOSED.encode()).hexdigest()}
