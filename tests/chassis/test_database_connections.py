"""The pool of connections to the database: dead ones are replaced unseen, living ones are not asked each time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from chassis.running.frame import make_engine
from deploy.local.database_logins import Database
from tests.chassis.wires import wait_for


@pytest.fixture
def pool(database: Database, tiny_engine: Engine) -> Iterator[Engine]:
    """An engine as a process makes it, with nothing open yet."""
    engine = make_engine(database.url("tiny"), pool_size=3)
    yield engine
    engine.dispose()


@pytest.fixture
def end_all(database: Database, pool: Engine) -> Iterator[Callable[[list[int]], None]]:
    """Ends these connections from the server's side, and returns when they are gone."""
    administrator = create_engine(database.administrator_url, isolation_level="AUTOCOMMIT")

    def end(backends: list[int]) -> None:
        with administrator.connect() as connection:
            for backend in backends:
                connection.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
            left = text("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(:backends)")
            wait_for(lambda: connection.scalar(left, {"backends": backends}) == 0)

    yield end
    administrator.dispose()


def opened(pool: Engine, number: int) -> list[int]:
    """The server's processes behind so many connections, all in use at once and given back."""
    connections = [pool.connect() for _ in range(number)]
    backends = [connection.scalar(text("SELECT pg_backend_pid()")) for connection in connections]
    for connection in connections:
        connection.close()
    return backends


def count_pings(pool: Engine, patch: pytest.MonkeyPatch) -> list[Any]:
    """Every question whether a connection lives."""
    asked, ping = [], pool.dialect.do_ping
    patch.setattr(pool.dialect, "do_ping", lambda connection: asked.append(connection) or ping(connection))
    return asked


def test_connections_that_the_server_ended_are_replaced_unseen(pool: Engine, end_all: Callable[[list[int]], None]) -> None:
    """As after a restart: whoever comes next, on whichever of them, gets an answer."""
    before = opened(pool, 3)
    end_all(before)
    assert not set(opened(pool, 3)) & set(before)


def test_living_connection_is_not_asked_whether_it_lives(pool: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """That would be a round trip to the database for every unit."""
    asked, first = count_pings(pool, monkeypatch), opened(pool, 1)
    assert opened(pool, 1) == first and asked == []


def test_connection_with_a_mere_notice_on_it_is_kept(pool: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something to read is no proof of an end: then it is asked, and goes on."""
    asked, listening, telling = count_pings(pool, monkeypatch), pool.connect(), pool.connect()
    backend = listening.scalar(text("SELECT pg_backend_pid()"))
    listening.execute(text("LISTEN something"))
    listening.commit()
    listening.close()

    def kept_when_told() -> bool:
        telling.execute(text("NOTIFY something"))
        telling.commit()
        time.sleep(0.2)  # one that comes together with an answer is read with it
        return opened(pool, 1) == [backend] and bool(asked)

    wait_for(kept_when_told)
    telling.close()
