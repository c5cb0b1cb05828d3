"""The private database and the state folder it belongs to."""

import shutil
from pathlib import Path

import psycopg2
import pytest

from deploy.local.database import private_database

pytestmark = pytest.mark.slow


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    """What a statement answers."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_data_are_there_at_the_next_start(tmp_path: Path) -> None:
    """As long as their state folder is."""
    with private_database(tmp_path, keep=True) as database:
        ask(database.plain_url(), "CREATE TABLE kept AS SELECT 7 AS number")
    with private_database(tmp_path) as database:
        assert ask(database.plain_url(), "SELECT number FROM kept") == [(7,)]


def test_database_whose_state_folder_was_thrown_away_is_made_anew(tmp_path: Path) -> None:
    """As root the data lie elsewhere and outlive the folder; its passwords do not, and a clone at the same place starts all the same."""
    state = tmp_path / "state"
    with private_database(state, keep=True) as database:
        ask(database.plain_url(), "CREATE TABLE left_behind (number integer)")
    shutil.rmtree(state)
    with private_database(state) as database:
        assert ask(database.plain_url(), "SELECT to_regclass('left_behind')") == [(None,)]
