"""The blob store: bytes kept under their own SHA-256, in a folder.

Who may read a blob, what it is called and what type it has is recorded by the service that owns it; the store knows bytes, and whose
they are: two services that keep the same bytes keep a file each, and each forgets its own.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

CHUNK = 64 * 1024
INCOMING = ".incoming-"
LEFT_S = 24 * 3600
"""Nothing takes a day to come in: what is older was left by a process that was killed."""


UNNAMED = "unnamed"
UNNAMED_S = 1800
"""Between keeping a blob and naming it in a row lies a call; between a backup's rows and its files, the files."""


class Blobs:
    """One owner's part of a content-addressed folder; a blob appears whole or not at all."""

    def __init__(self, folder: Path, owner: str = "") -> None:
        self.folder, self.owner = folder, owner

    def of(self, owner: str) -> Blobs:
        """Another owner's part of the same folder."""
        return Blobs(self.folder, owner)

    def path(self, digest: str) -> Path:
        """Where the blob of that SHA-256 (64 hex digits) lies."""
        own = self.own_path(digest)
        plain = own.with_name(digest)
        # From before there were owners.
        return plain if plain.exists() and not own.exists() else own

    def own_path(self, digest: str) -> Path:
        """Where it will lie when it is kept."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("a digest is 64 lower-case hexadecimal digits")
        return self.folder / digest[:2] / (f"{digest}.{self.owner}" if self.owner else digest)

    def keep(self, chunks: Iterable[bytes]) -> str:
        """Store bytes and return their SHA-256; the same bytes twice are one blob."""
        with self.incoming() as blob:
            for chunk in chunks:
                blob.write(chunk)
            return blob.keep()

    def incoming(self) -> Incoming:
        """A blob that is being received; forgotten unless kept."""
        return Incoming(self)

    def read(self, digest: str) -> bytes:
        """All bytes of a blob; raises FileNotFoundError."""
        return self.path(digest).read_bytes()

    def chunks(self, digest: str) -> Iterator[bytes]:
        """The blob piece by piece; raises FileNotFoundError."""
        with self.path(digest).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def has(self, digest: str) -> bool:
        """Whether the blob is here."""
        return self.path(digest).is_file()

    def sweep(self, older_than_s: float = LEFT_S) -> int:
        """Remove what began to come in so long ago and never was kept; returns how many."""
        now = time.time()
        left = [file for file in self.folder.glob(f"{INCOMING}*") if _age_s(file, now) > older_than_s]
        for file in left:
            file.unlink(missing_ok=True)
        return len(left)

    def sweep_unnamed(self, named: Container[str], after_s: float = UNNAMED_S) -> int:
        """Remove the owner's blobs that no row names, neither now nor so long ago; returns how many.

        One look notes them and a later one removes them, for what has just been stored is still to be named. What is sent again
        meanwhile is as good as new.
        """
        if not self.owner:
            return 0
        notes, removed, now = self.folder / UNNAMED, 0, time.time()
        notes.mkdir(parents=True, exist_ok=True)
        for file in self.folder.glob(f"??/*.{self.owner}"):
            note = notes / file.name
            if file.name.partition(".")[0] in named:
                note.unlink(missing_ok=True)
            elif not note.exists() or _age_s(file, now) < _age_s(note, now):
                note.touch()
            elif _age_s(note, now) > after_s:
                file.unlink(missing_ok=True)
                note.unlink(missing_ok=True)
                removed += 1
        return removed


class Incoming:
    """Bytes on their way into the store: written beside it, renamed into place when kept."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs, self._hash, self.size = blobs, hashlib.sha256(), 0
        self._file: BinaryIO
        self._name = ""

    def __enter__(self) -> Incoming:
        self._blobs.folder.mkdir(parents=True, exist_ok=True)
        handle, self._name = tempfile.mkstemp(dir=self._blobs.folder, prefix=INCOMING)
        self._file = os.fdopen(handle, "wb")
        return self

    def write(self, chunk: bytes) -> None:
        """Take one more piece."""
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def keep(self) -> str:
        """Put the whole into its place, durable, and return its SHA-256."""
        digest = self._hash.hexdigest()
        self._file.flush()
        os.fsync(self._file.fileno())
        place = self._blobs.own_path(digest)
        place.parent.mkdir(exist_ok=True)
        os.replace(self._name, place)
        _sync_folder(place.parent)
        return digest

    def __exit__(self, *exc: object) -> None:
        try:
            self._file.close()
        finally:
            # Closing writes what is left, which a full disk refuses.
            Path(self._name).unlink(missing_ok=True)


def _age_s(file: Path, now: float) -> float:
    """Seconds from when a file was last written to until `now`, the same for all that are compared; none for one that has just gone."""
    try:
        return now - file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too: syncing the file alone keeps bytes that nothing leads to."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
