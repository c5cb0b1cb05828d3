"""Other engines on one core, filled from the same table, asked the same: the rows of their best candidates."""

from __future__ import annotations

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
import polars
import psycopg2

from deploy.local.database import private_database
from services.matching.ranking import Candidate
from tests.matching_load.table import CANDIDATES, Expressions

Table = dict[str, np.ndarray]


class Engine(ABC):
    """One that is measured beside the index."""

    name: str

    @abstractmethod
    def prepare(self, one: Candidate) -> str | tuple[polars.Expr, polars.Expr]:
        """A visitor's search, ready to be asked."""

    @abstractmethod
    def ask(self, search: object) -> list[int]:
        """The rows of the crowd that it finds best."""


class Duck(Engine):
    """DuckDB in this process."""

    name = "duckdb"

    def __init__(self, table: Table) -> None:
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.register("frame", table)
        self._connection.execute("CREATE TABLE partner AS SELECT * FROM frame")

    def prepare(self, one: Candidate) -> str:
        """The statement."""
        found = Expressions(one, lambda a, b: f"(({a}) // ({b}))", lambda each: f"bit_count({each})")
        return f"SELECT id FROM partner WHERE {found.rules()} ORDER BY {found.score()} DESC, id LIMIT {CANDIDATES}"

    def ask(self, search: object) -> list[int]:
        """The best candidates."""
        return [row for (row,) in self._connection.execute(str(search)).fetchall()]


class Polars(Engine):
    """polars in this process; its number of threads is set before it is imported."""

    name = "polars"

    def __init__(self, table: Table) -> None:
        self._frame = polars.DataFrame(table)

    def prepare(self, one: Candidate) -> tuple[polars.Expr, polars.Expr]:
        """Rules and score as expressions."""
        found = Expressions(one, lambda a, b: f"DIV(({a}), ({b}))", lambda each: f"BIT_COUNT({each})")
        return polars.sql_expr(found.rules()), polars.sql_expr(found.score())

    def ask(self, search: object) -> list[int]:
        """The best candidates."""
        rules, score = search  # type: ignore[misc]
        passing = self._frame.lazy().filter(rules).select("id", score=score)
        best = passing.top_k(CANDIDATES, by=["score", "id"], reverse=[False, True])
        return best.collect().sort("score", "id", descending=[True, False])["id"].to_list()


class Postgres(Engine):
    """PostgreSQL, a server of its own; what it has to ask it with is warm."""

    name = "postgresql"

    def __init__(self, connection: psycopg2.extensions.connection, table: Table) -> None:
        self._cursor = connection.cursor()
        self._cursor.execute("SET max_parallel_workers_per_gather = 0; SET work_mem = '256MB'; SET jit = off")
        self._cursor.execute(f"CREATE UNLOGGED TABLE partner ({', '.join(f'{name} bigint NOT NULL' for name in map(_quoted, table))})")
        self._copy(table)
        self._cursor.execute("CREATE INDEX ON partner (country); CREATE INDEX ON partner (organisation)")
        connection.commit()
        connection.autocommit = True
        self._cursor.execute("VACUUM ANALYZE partner")

    def prepare(self, one: Candidate) -> str:
        """The statement."""
        found = Expressions(one, lambda a, b: f"(({a}) / ({b}))", lambda each: f"bit_count(({each})::bit(64))")
        return f"SELECT id FROM partner WHERE {found.rules()} ORDER BY {found.score()} DESC, id LIMIT {CANDIDATES}"

    def ask(self, search: object) -> list[int]:
        """The best candidates."""
        self._cursor.execute(str(search))
        return [row for (row,) in self._cursor.fetchall()]

    def _copy(self, table: Table) -> None:
        rows = np.stack(list(table.values()), axis=1)
        for start in range(0, len(rows), 50_000):
            told = io.StringIO()
            csv.writer(told).writerows(rows[start : start + 50_000].tolist())
            told.seek(0)
            self._cursor.copy_expert("COPY partner FROM STDIN WITH (FORMAT csv)", told)


def _quoted(name: str) -> str:
    return f'"{name}"'


@contextmanager
def engines(table: Table, folder: Path) -> Iterator[list[Engine]]:
    """All of them, filled."""
    with private_database(folder) as database:
        connection = psycopg2.connect(database.plain_url())
        try:
            yield [Polars(table), Duck(table), Postgres(connection, table)]
        finally:
            connection.close()
