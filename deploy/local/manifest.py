"""What is in a backup: every file with size and SHA-256, when it was made, and which steps each database had come to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.local.files import write_atomically
from deploy.local.unusable import Unusable

FORMAT = 1
NAME, SEAL = "manifest.json", "manifest.sha256"


def write(folder: Path, about: dict[str, Any]) -> None:
    """List all files that lie there; the seal is the very last one, so that nothing unfinished has it."""
    files = {str(file.relative_to(folder)): _measures(file) for file in _files(folder)}
    content = json.dumps({"format": FORMAT, **about, "files": files}, indent=1, sort_keys=True).encode()
    write_atomically(folder / NAME, content)
    write_atomically(folder / SEAL, hashlib.sha256(content).hexdigest() + "\n")


def read(folder: Path) -> dict[str, Any]:
    """What it says; raises Unusable for a folder that is no backup, is not whole, or was altered."""
    try:
        content, seal = (folder / NAME).read_bytes(), (folder / SEAL).read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        raise Unusable(f"{folder} is no whole backup: it has no manifest and seal.") from None
    if hashlib.sha256(content).hexdigest() != seal:
        raise Unusable(f"the backup in {folder} is damaged: {NAME} is not what was sealed.")
    manifest: dict[str, Any] = json.loads(content)
    if manifest["format"] != FORMAT:
        raise Unusable(f"the backup in {folder} has the form {manifest['format']}, which this version does not read.")
    return manifest


def check(folder: Path, manifest: dict[str, Any]) -> None:
    """Read every file once more; raises Unusable naming the first that is missing or another."""
    for name, measures in manifest["files"].items():
        file = folder / name
        if not file.is_file():
            raise Unusable(f"the backup in {folder} is not whole: {name} is missing.")
        if _measures(file) != measures:
            raise Unusable(f"the backup in {folder} is damaged: {name} is not what was backed up.")


def hash_of(file: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _measures(file: Path) -> dict[str, Any]:
    return {"sha256": hash_of(file), "size": file.stat().st_size}


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file() and file not in (folder / NAME, folder / SEAL))
