"""The tiny service on a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from chassis.bare.tables import Table
from chassis.running.frame import make_engine
from deploy.local.database_logins import Database
from tests.chassis.tiny.model import Base
from tests.chassis.tiny.service import Tiny
from tests.room import Room

TABLES = [*Table.metadata.sorted_tables, *Base.metadata.sorted_tables]


@pytest.fixture(scope="session")
def tiny_engine(database: Database) -> Iterator[Engine]:
    """The tiny service's own database with all its tables."""
    database.prepare(["tiny"])
    engine = make_engine(database.url("tiny"))
    for metadata in (Table.metadata, Base.metadata):
        metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def tiny(tiny_engine: Engine, tmp_path: Path) -> Iterator[Room]:
    """A room with nothing in it."""
    with tiny_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in TABLES)} RESTART IDENTITY"))
    yield Room(Tiny, tiny_engine, tmp_path)


@pytest.fixture
def look(tiny: Room) -> Callable[..., list[Any]]:
    """Look into the room's database: all rows of a statement."""

    def rows(statement: Any) -> list[Any]:
        with Session(tiny.engine, expire_on_commit=False) as session:
            return list(session.scalars(statement))

    return rows


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run several calls in threads of their own; what each gave, or the exception it raised."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
