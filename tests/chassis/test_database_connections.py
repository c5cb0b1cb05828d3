"""The pool of connections to the database: dead ones are replaced unseen, living ones are not asked each time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from chassis.running import postgres
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


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What went to the server from now on, message by message."""
    messages: list[str] = []

    class Noting(postgres.Cursor):
        def execute(self, query: Any, vars: Any = None) -> None:
            beginning = self.connection._beginning
            super().execute(query, vars)
            messages.append(f"{beginning}{query}")

    monkeypatch.setattr(postgres, "Cursor", Noting)
    return messages


def test_a_transaction_begins_in_the_message_of_its_first_statement(pool: Engine, sent: list[str]) -> None:
    """And one in which nothing is asked sends nothing at all."""
    opened(pool, 1)
    with pool.begin():
        sent.clear()
    with pool.begin() as connection:
        connection.execute(text("SELECT 1"))
        connection.execute(text("SELECT 2"))
    assert sent == ["BEGIN; SELECT 1", "SELECT 2", "COMMIT"]


def test_what_is_undone_is_undone_from_the_first_statement_on(pool: Engine) -> None:
    """One message is no transaction of its own, however it ends."""
    made = "INSERT INTO thing (id, name, version, made_at) VALUES (gen_random_uuid(), :name, 1, now())"
    with pool.begin() as connection:
        connection.execute(text("TRUNCATE thing"))
    with pytest.raises(ZeroDivisionError), pool.begin() as connection:
        connection.execute(text(made), {"name": "one"})
        raise ZeroDivisionError
    for statement in ("SELECT 1 / 0", "SELECT FROM WHERE"):
        with pytest.raises(DBAPIError), pool.begin() as connection:
            connection.execute(text(made), {"name": "two"})
            connection.execute(text(statement))
        with pytest.raises(DBAPIError), pool.begin() as connection:
            connection.execute(text(statement))
    with pool.begin() as connection:
        connection.execute(text(made), [{"name": "three"}, {"name": "four"}])
        with pytest.raises(ZeroDivisionError), connection.begin_nested():
            connection.execute(text(made), {"name": "five"})
            raise ZeroDivisionError
    with pool.connect() as connection:
        assert sorted(connection.scalars(text("SELECT name FROM thing"))) == ["four", "three"]


def test_a_level_of_isolation_holds_for_one_borrower(pool: Engine, sent: list[str]) -> None:
    """Who borrows the connection next has the usual one; without transactions each statement has a moment of its own."""
    level, moment = text("SHOW transaction_isolation"), text("SELECT now()")
    with pool.connect() as connection:
        steady = connection.execution_options(isolation_level="REPEATABLE READ")
        assert steady.scalar(level) == "repeatable read" and steady.scalar(moment) == steady.scalar(moment)
    with pool.connect() as connection:
        assert connection.scalar(level) == "read committed" and connection.scalar(moment) == connection.scalar(moment)
    with pool.execution_options(isolation_level="AUTOCOMMIT").begin() as connection:
        sent.clear()
        assert connection.scalar(moment) != connection.scalar(moment)
    assert sent == ["SELECT now()"] * 2
    with pool.begin() as connection:
        assert connection.scalar(moment) == connection.scalar(moment)
