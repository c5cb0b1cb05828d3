"""Five databases are looked at in one moment: whatever one of them has heard, another one's snapshot has announced."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from deploy.local.database_logins import Database
from deploy.local.standstill import one_moment
from deploy.local.unusable import Unusable
from tests.deploy.test_database import ask

LOOKS = 25


@pytest.fixture
def addresses(database: Database) -> Iterator[dict[str, str]]:
    """Two databases with a journal, one of which hears what the other announces."""
    made = {name: database.administrators_plain_url_of(f"standstill_{name}") for name in ("announcer", "listener")}
    for name in made:
        ask(database.plain_url(), f"CREATE DATABASE standstill_{name}")
        ask(made[name], "CREATE TABLE journal (id integer PRIMARY KEY); CREATE TABLE heard (id integer PRIMARY KEY)")
    yield made
    for name in made:
        ask(database.plain_url(), f"DROP DATABASE standstill_{name} WITH (FORCE)")


def newest(address: str, table: str, snapshot: str) -> int:
    """The newest row that a snapshot shows."""
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])


def talk(addresses: dict[str, str], over: threading.Event) -> None:
    """Announce in one database and hear in the other at once, as fast as it goes; what is heard has always been announced."""
    with closing(psycopg2.connect(addresses["announcer"])) as announcer, closing(psycopg2.connect(addresses["listener"])) as listener:
        number = 0
        while not over.is_set():
            number += 1
            for connection, table in ((announcer, "journal"), (listener, "heard")):
                with connection, connection.cursor() as cursor:
                    cursor.execute(f"INSERT INTO {table} VALUES (%s)", [number])


def test_nothing_is_heard_that_its_announcer_s_snapshot_lacks(addresses: dict[str, str]) -> None:
    """Many looks while one talks and the other hears; snapshots that are merely taken one after the other do differ here."""
    # The listener is looked at last: the order in which a look at one after the other would see what has not been said yet.
    over = threading.Event()
    talker = threading.Thread(target=talk, args=(addresses, over))
    talker.start()
    try:
        for _ in range(LOOKS):
            with one_moment(addresses) as snapshots:
                said = newest(addresses["announcer"], "journal", snapshots["announcer"])
                heard = newest(addresses["listener"], "heard", snapshots["listener"])
            assert heard <= said
    finally:
        over.set()
        talker.join()
    assert said > 0


def test_database_that_is_being_written_for_long_is_said_in_a_line(addresses: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever announces is let through again between the tries."""
    monkeypatch.setattr("deploy.local.standstill.TRIES", 1)
    with closing(psycopg2.connect(addresses["announcer"])) as writer, writer.cursor() as cursor:
        cursor.execute("INSERT INTO journal VALUES (1)")
        with pytest.raises(Unusable, match="too busy"), one_moment(addresses):
            raise AssertionError("it was held all the same")
