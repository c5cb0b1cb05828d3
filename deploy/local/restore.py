"""`make restore FROM=folder`: make a backup into an installation that `make run` starts; into an empty state folder only.

Whoever was erased since the backup was made is erased again at the first start: the registers beside the state folder, in the backup
and of ERASED=file are taken together. What else happened since is gone, and said at the end.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from chassis.running.migrate import known_steps
from deploy.local import manifest
from deploy.local.backup import BLOBS, DATABASES, ERASED, STATE, Say, progress, run_tool
from deploy.local.database import PrivateServer
from deploy.local.database_logins import Database, first_line
from deploy.local.erased import merge_registers, register_of
from deploy.local.files import demand_room, private_folder
from deploy.local.first_start import RESTORED, RESTORING
from deploy.local.installation import SERVICES
from deploy.local.lock import alone, is_held
from deploy.local.outside import demand_outside
from deploy.local.passwords import Passwords
from deploy.local.ports import Ports
from deploy.local.program import running, wait_until
from deploy.local.renewal import renew
from deploy.local.settings import Settings, read_settings
from deploy.local.unusable import Unusable, plainly

TABLES = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def restore(settings: Settings, source: Path, registers: list[Path], say: Say) -> dict[str, Any]:
    """Fill an empty state folder (and the databases of DATABASE_URL) from a backup; returns its manifest. Raises Unusable.

    What fails leaves state and databases as empty as they were.
    """
    os.umask(0o077)
    say("checking the backup")
    told = manifest.read(source)
    manifest.check(source, told)
    _demand_known_steps(told["steps"])
    _demand_empty(settings)
    private_folder(settings.state)
    demand_room(settings.state)
    with alone(settings.state), _all_or_nothing(settings):
        _copy_state(source, settings.state)
        shutil.copytree(source / BLOBS, settings.state / BLOBS)
        with _database(settings) as database:
            _fill(database, source / DATABASES, say)
            count = renew(database, datetime.fromisoformat(told["made_at"]))
            say(f"{count} facts will be delivered again")
        merge_registers(register_of(settings.state), [source / ERASED, *registers])
        (settings.state / RESTORED).write_text(told["made_at"])
        os.sync()
    return told


def _demand_known_steps(steps: dict[str, list[str]]) -> None:
    for service in SERVICES:
        if unknown := set(steps[service]) - known_steps(f"services.{service}"):
            raise Unusable(f"the backup is of a newer version: the database of {service} has the step {min(unknown)}, unknown here.")


def _demand_empty(settings: Settings) -> None:
    """Nothing is overwritten: neither a state folder in which there is something, nor databases with tables."""
    state = settings.state
    if state.exists() and is_held(state):
        raise Unusable(f"something runs in {state}; stop it, and name an empty folder with STATE.")
    if state.exists() and any(file.name != "runner.lock" for file in state.iterdir()):
        raise Unusable(f"{state} is not empty; name another folder with STATE, or throw it away with `make reset`.")
    if settings.database_url:
        demand_outside(settings)
        filled = [name for name in SERVICES if _has_tables(Database(settings.database_url, Passwords(state)), name)]
        if filled:
            raise Unusable(f"DATABASE_URL has databases with tables ({', '.join(filled)}); drop them first, or name another server.")


def _has_tables(database: Database, name: str) -> bool:
    try:
        connection = psycopg2.connect(database.administrators_plain_url_of(name), connect_timeout=10)
    except psycopg2.OperationalError as reason:
        if "does not exist" in str(reason):
            return False
        raise Unusable(f"the database {name} of DATABASE_URL cannot be looked into: {first_line(reason)}.") from reason
    try:
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            return bool(cursor.fetchone()[0])
    finally:
        connection.close()


@contextmanager
def _all_or_nothing(settings: Settings) -> Iterator[None]:
    """A mark says that it goes on; a failure empties what it had filled, and a sudden end leaves the mark, with which nothing starts."""
    mark = settings.state / RESTORING
    mark.touch()
    try:
        yield
    except BaseException:
        _empty(settings)
        raise
    mark.unlink()


def _empty(settings: Settings) -> None:
    for file in settings.state.iterdir():
        if file.name == "runner.lock":
            continue
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    # The passwords are gone with the rest, and may have been none.
    passwords = Passwords(settings.state)
    if settings.database_url:
        _empty_databases(Database(settings.database_url, passwords))
    else:
        PrivateServer(settings.state, Ports(settings.state), passwords, settings.state).erase()


def _empty_databases(database: Database) -> None:
    connection = psycopg2.connect(database.plain_url(), connect_timeout=10)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for name in SERVICES:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    finally:
        connection.close()


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    """The server that is to hold the data, running."""
    passwords = Passwords(settings.state)
    if settings.database_url:
        yield Database(settings.database_url, passwords)
        return
    logs = private_folder(settings.state / "logs")
    server = PrivateServer(settings.state, Ports(settings.state), passwords, logs)
    # What lies there belonged to a state folder that is gone, and with it the passwords to open it.
    server.erase()
    server.prepare()
    with running(server.program()) as process:
        wait_until(server.answers, "the private database", logs / "database.log", alive=lambda: process.poll() is None)
        yield server.database


def _fill(database: Database, dumps: Path, say: Say) -> None:
    database.prepare(SERVICES)
    for service in SERVICES:
        say(f"database of {service}")
        into = f"--dbname={database.plain_url_without_password(service)}"
        options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        run_tool("pg_restore", (*options, into, str(dumps / f"{service}.dump")), database.password(service))


def _copy_state(source: Path, state: Path) -> None:
    for each in sorted((source / STATE).iterdir()):
        if each.is_dir():
            shutil.copytree(each, state / each.name)
        else:
            shutil.copyfile(each, state / each.name)


def main() -> None:
    """Restore FROM into STATE, and say what people have to do now."""
    if not (asked := os.environ.get("FROM")):
        raise Unusable("FROM is missing; say for example `make restore FROM=/backups/monday`.")
    settings, source = read_settings(), Path(asked).expanduser().absolute()
    named = os.environ.get("ERASED")
    if named and not Path(named).exists():
        raise Unusable(f"ERASED names {named}, which is not there.")
    told = restore(settings, source, [Path(named)] if named else [], progress())
    print(f"restored into {settings.state} as of {told['made_at']}; start it with `make run`")
    print("What happened since is gone. Compare with the bank before the next payment list: a payment exported since is shown as ordered.")


if __name__ == "__main__":
    plainly(main)
