"""`make backup TO=folder`: a copy of a running installation, of one moment, that `make restore` makes a working system of.

| in the folder   | what                                                                                          |
|-----------------|-----------------------------------------------------------------------------------------------|
| databases/      | one dump per service (pg_dump's custom form), all of one moment                                |
| blobs/          | the files of people, by their hash                                                             |
| state/          | passwords, signing keys, the key of bank details, the domain clock, wishes of `make scale`     |
| erased          | whom the system has erased, so that nobody of them comes back                                  |
| manifest.json   | every file with its hash, the time, the databases' steps; manifest.sha256 seals it             |

It holds keys and passwords in the clear: keep it as safe as the installation itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2

from deploy.local import manifest
from deploy.local.database import binaries
from deploy.local.database_logins import Database
from deploy.local.files import private_folder
from deploy.local.installation import SERVICES, Installation
from deploy.local.lock import running_installation
from deploy.local.people.partnerships import SIGN_INS, TOUR_SIGN_INS
from deploy.local.program import inherited
from deploy.local.settings import read_settings
from deploy.local.standstill import one_moment
from deploy.local.unusable import Unusable, plainly

Say = Callable[[str], None]

DATABASES, BLOBS, STATE, ERASED = "databases", "blobs", "state", "erased"
KEPT = (
    "passwords.json", "keys", "trust", "clock", "replicas.json", SIGN_INS, TOUR_SIGN_INS,
    "demonstration-loaded", "demonstration-parts.jsonl", "demonstration-progress.json", "demonstration-sign-ins.txt",
)  # fmt: skip
"""What of a state folder makes it this installation; ports, logs, queues and mails are made anew."""
STEPS = "SELECT array_agg(version_num ORDER BY version_num) FROM alembic_version"


def back_up(here: Installation, to: Path, say: Say) -> None:
    """Write a backup of what runs; `to` is there only once it is whole. Raises Unusable."""
    if to.exists():
        raise Unusable(f"{to} is there already; name a folder with TO that does not exist yet.")
    os.umask(0o077)
    private_folder(to.parent)
    with _unfinished(to) as folder:
        about = _dump(here.database, folder / DATABASES, say)
        say("files of people")
        _copy_blobs(here.blobs, folder / BLOBS)
        _copy_state(here.state, folder / STATE)
        # The last of all: whoever was erased meanwhile stands in it.
        if here.erased.exists():
            shutil.copyfile(here.erased, folder / ERASED)
        say("hashes")
        manifest.write(folder, about)
        os.sync()
        folder.rename(to)


@contextmanager
def _unfinished(to: Path) -> Iterator[Path]:
    """A folder beside the one wanted, gone afterwards unless it was renamed."""
    folder = Path(tempfile.mkdtemp(dir=to.parent, prefix=f".{to.name}.unfinished-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _dump(database: Database, folder: Path, say: Say) -> dict[str, Any]:
    """Dump the five databases as they stand at one moment; returns what the manifest says of them."""
    folder.mkdir()
    addresses = {service: database.plain_url(service) for service in SERVICES}
    with one_moment(addresses) as snapshots:
        made_at, steps = datetime.now(UTC), {service: _steps(address) for service, address in addresses.items()}
        for service, snapshot in snapshots.items():
            say(f"database of {service}")
            _dump_one(database, service, snapshot, folder / f"{service}.dump")
    return {"made_at": made_at.isoformat(timespec="seconds"), "steps": steps}


def _dump_one(database: Database, service: str, snapshot: str, file: Path) -> None:
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}")
    run_tool("pg_dump", (*options, f"--dbname={database.plain_url_without_password(service)}"), database.password(service))


def run_tool(name: str, arguments: tuple[str, ...], password: str) -> None:
    """Run one of PostgreSQL's programs to its end; raises Unusable with what it said."""
    # The password in its environment, not on a command line that everyone on the machine can read.
    environment = {**inherited(), "PGPASSWORD": password}
    ended = subprocess.run((str(binaries() / name), *arguments), env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ended.returncode != 0:
        said = [line for line in ended.stderr.splitlines() if line.strip()] or ["nothing"]
        raise Unusable(f"{name} failed; it said: {said[0].strip()}")


def _steps(address: str) -> list[str]:
    connection = psycopg2.connect(address, connect_timeout=10)
    try:
        with connection.cursor() as cursor:
            cursor.execute(STEPS)
            return list(cursor.fetchone()[0])
    finally:
        connection.close()


def _copy_blobs(blobs: Path, folder: Path) -> None:
    """All files that were kept, after the dumps, which therefore name none that is not here; what is still coming in is left out."""
    folder.mkdir()
    for file in sorted(blobs.glob("??/*")):
        (folder / file.parent.name).mkdir(exist_ok=True)
        try:
            shutil.copyfile(file, folder / file.parent.name / file.name)
        except FileNotFoundError:
            continue  # erased meanwhile


def _copy_state(state: Path, folder: Path) -> None:
    folder.mkdir()
    for name in KEPT:
        if (state / name).is_dir():
            shutil.copytree(state / name, folder / name)
        elif (state / name).exists():
            shutil.copyfile(state / name, folder / name)


def progress() -> Say:
    """Say each step with the seconds since the start."""
    began = time.monotonic()
    return lambda step: print(f"  {time.monotonic() - began:5.1f} s  {step}", flush=True)


def main() -> None:
    """Back up what runs in STATE into TO, and say how large it is."""
    if not (asked := os.environ.get("TO")):
        raise Unusable("TO is missing; say for example `make backup TO=/backups/monday`.")
    to = Path(asked).expanduser().absolute()
    back_up(running_installation(read_settings()), to, progress())
    size = sum(file.stat().st_size for file in to.rglob("*") if file.is_file())
    print(f"backed up into {to} ({size / 2**20:.1f} MB); it holds keys and passwords: keep it safe")


if __name__ == "__main__":
    plainly(main)
