"""Every file that a table names lies in the blob folder under the hash of its bytes; and nothing lies there half."""

from __future__ import annotations

import hashlib
import heapq
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chassis.bare.blobs import UNNAMED
from deploy.local.audit.inspection import Inspection
from deploy.local.audit.merging import side_by_side
from deploy.local.audit.verdict import Verdict

OWNERS = {
    "agreements": "SELECT document_sha256, 'agreement', id::text, document_size FROM agreement WHERE document_sha256 IS NOT NULL",
    "payments": "SELECT sha256, 'evidence', id::text, size FROM evidence",
    "registry": "SELECT cv_sha256, 'cv of participation', id::text, cv_size FROM participation WHERE cv_sha256 IS NOT NULL",
}
CHUNK = 1024 * 1024
SWEPT_S = 4 * 3600
"""A service notes what no row of it names, and removes it when it looks again, each hour."""


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """The tables' files against the folder's."""
    for digest, owners, lying in side_by_side(heapq.merge(*_owned(inspection)), _lying(inspection.place.blobs)):
        files = {owner: file for file, owner in lying}
        for service, what, id, size in owners:
            verdict.count("named")
            fault = _fault(files.get(service, files.get("")), digest, size)
            if fault:
                verdict.find(f"{service}: file {digest} of {what} {id} {fault}")
        for owner in sorted(files.keys() - {service for service, *_ in owners} - ({""} if owners else set())):
            verdict.count("without owner")
            if hash_of(files[owner]) != digest:
                verdict.find(f"file {files[owner].name} does not hold the bytes of its name")
            elif _noted_s(inspection.place.blobs, files[owner]) > SWEPT_S:
                verdict.find(f"file {files[owner].name} is named by no row of {owner}, and was not swept")
    verdict.count("still coming in", sum(1 for _ in inspection.place.blobs.glob(".incoming-*")))


def _owned(inspection: Inspection) -> Iterator[Iterator[tuple[Any, ...]]]:
    for service, statement in OWNERS.items():
        rows = inspection.books.rows(service, f'SELECT * FROM ({statement}) AS files (digest) ORDER BY digest COLLATE "C", 3')
        yield _of(service, rows)


def _of(service: str, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for digest, what, id, size in rows:
        yield digest, service, what, id, size


def _lying(folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Each file with the hash in its name and its owner, which files from before there were owners have none of."""
    for group in sorted(each for each in folder.glob("??") if each.is_dir()):
        for file in sorted(group.iterdir()):
            digest, _, owner = file.name.partition(".")
            yield digest, file, owner


def _noted_s(blobs: Path, file: Path) -> float:
    """For how many seconds a service has known that none of its rows names a file; 0 if it has not noticed yet."""
    try:
        return time.time() - (blobs / UNNAMED / file.name).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _fault(file: Path | None, digest: str, size: int) -> str | None:
    if file is None:
        return "is missing"
    if file.stat().st_size != size:
        return f"has {file.stat().st_size} bytes instead of {size}"
    return None if hash_of(file) == digest else "was altered"


def hash_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
