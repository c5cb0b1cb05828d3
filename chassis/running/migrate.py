"""Bring a service's database to its newest shape: `python -m chassis.running.migrate services.<name>`.

Two branches: the chassis' own tables, the same for every service, and the service's. `--make "message"` writes a new step for the
service from the difference between its model and the database (`--make-chassis` for the chassis'); `--check` fails if there is one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine
from sqlalchemy.exc import OperationalError

from chassis.bare.config import WrongSetting, read_config
from chassis.bare.tables import Table
from chassis.running.rooms import metadata_of

HERE = Path(__file__).parent / "migrations"
ROOT = Path(__file__).parents[2]


def upgrade(engine: Engine, room: str) -> None:
    """Apply whatever steps are missing; a second process that tries at the same time waits its turn."""
    with engine.begin() as connection:
        # Two starts at once must not both create the first table.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7201102)")
        command.upgrade(_alembic(connection, room), "heads")


def differences(engine: Engine, room: str) -> list[Any]:
    """What the model has and the migrated database has not, or the other way round."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, _together(room)))


def known_steps(room: str) -> set[str]:
    """Every step that this code knows of, the chassis' and the service's."""
    return {step.revision for step in ScriptDirectory.from_config(_folders(room)).walk_revisions()}


def make(engine: Engine, room: str, message: str, *, chassis: bool = False) -> None:
    """Write a new step from the difference between model and database."""
    branch = "chassis" if chassis else room.rpartition(".")[2]
    folder = HERE / "versions" if chassis else _versions(room)
    metadata = Table.metadata if chassis else _together(room)
    with engine.begin() as connection:
        config = _alembic(connection, room, metadata)
        first = not any(folder.glob("[0-9]*.py"))
        number = f"{branch}_{len(list(folder.glob('[0-9]*.py'))) + 1:04d}"
        config.set_main_option("file_template", f"{number[-4:]}_%%(slug)s")
        where: dict[str, Any] = {"head": "base", "branch_label": branch} if first else {"head": f"{branch}@head"}
        command.revision(config, message, autogenerate=True, rev_id=number, version_path=str(folder), **where)


def _together(room: str) -> MetaData:
    both = MetaData()
    for metadata in (Table.metadata, metadata_of(room)):
        for table in metadata.tables.values():
            table.to_metadata(both)
    return both


def _folders(room: str) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("version_locations", f"{HERE / 'versions'};{_versions(room)}")
    config.set_main_option("version_path_separator", ";")
    config.set_main_option("path_separator", ";")
    return config


def _alembic(connection: Connection, room: str, metadata: MetaData | None = None) -> AlembicConfig:
    config = _folders(room)
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata if metadata is not None else _together(room)
    config.attributes["include_name"] = _only(config.attributes["metadata"])
    return config


def _only(metadata: MetaData) -> Callable[..., bool]:
    """Leave alone what belongs to the other branch: without this, one branch's step would drop the other's tables."""

    def include(name: str | None, kind: str, parents: dict[str, Any]) -> bool:
        return kind != "table" or name in metadata.tables

    return include


def _versions(room: str) -> Path:
    return ROOT.joinpath(*room.split(".")) / "migrations"


def main() -> None:
    """Read the command line and the environment, and do it; a database that cannot be reached is said in a line."""
    parser = argparse.ArgumentParser(description="Bring a service's database to its newest shape.")
    parser.add_argument("room")
    parser.add_argument("--make", metavar="MESSAGE")
    parser.add_argument("--make-chassis", metavar="MESSAGE")
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    try:
        _do(asked, create_engine(read_config().database_url))
    except WrongSetting as error:
        sys.exit(str(error))
    except OperationalError as error:
        sys.exit(f"The database cannot be reached: {str(error.orig).strip().splitlines()[0]}")


def _do(asked: argparse.Namespace, engine: Engine) -> None:
    if asked.make or asked.make_chassis:
        make(engine, asked.room, asked.make or asked.make_chassis, chassis=bool(asked.make_chassis))
        return
    if asked.check:
        if found := differences(engine, asked.room):
            sys.exit(f"{asked.room}: the model and the migrations differ: {found}")
        return
    upgrade(engine, asked.room)


if __name__ == "__main__":
    main()
