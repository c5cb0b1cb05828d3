"""What every test may ask for: a private database, and rooms on it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import eventlet.patcher
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text

from chassis.running.frame import make_engine
from chassis.running.migrate import upgrade
from chassis.running.rooms import service_class
from deploy.local.broker import private_broker
from deploy.local.broker_rights import Broker
from deploy.local.database import private_database
from deploy.local.database_logins import Database
from tests.room import Room

# Beside other work a single example may take seconds: that says nothing of what is tested.
settings.register_profile("beside other work", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("beside other work")

SERVICES = ("identity", "registry", "matching", "agreements", "payments")


SLOW_MEANS = {"database", "broker"}
"""Fixtures that start something; a test that asks for one of them, however indirectly, is not for `make check`."""


OWN_LOOP = "tests.faults.crash_points.plugin"
"""Whoever runs with this plugin wants eventlet's threads."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server as slow, so that nobody has to remember it."""
    for item in items:
        if SLOW_MEANS & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run where an import has put eventlet's threads in the place of real ones: tests that share work would wait forever."""
    if eventlet.patcher.is_monkey_patched("thread") and not session.config.pluginmanager.hasplugin(OWN_LOOP):
        raise pytest.UsageError("Something that the tests import imports chassis.running.serve, which is for a process of its own.")


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A private PostgreSQL with a database and a login per service."""
    with private_database(tmp_path_factory.mktemp("database")) as database:
        database.prepare(SERVICES)
        yield database


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A private RabbitMQ with its virtual hosts."""
    with private_broker(tmp_path_factory.mktemp("broker")) as broker:
        broker.prepare(SERVICES)
        yield broker


@pytest.fixture(scope="session")
def migrated(database: Database) -> Callable[[str], str]:
    """Migrates a service's database once, and leaves it alone after that: it is the template of every test's copy."""
    done: set[str] = set()

    def migrate(service: str) -> str:
        if service not in done:
            engine = make_engine(database.url(service))
            upgrade(engine, f"services.{service}")
            engine.dispose()
            done.add(service)
        return service

    return migrate


@pytest.fixture
def rooms(database: Database, migrated: Callable[[str], str], tmp_path: Path) -> Iterator[Callable[[str], Room]]:
    """Makes rooms, each on a fresh copy of its service's migrated database."""
    numbers, opened = itertools.count(1), []
    administrator = create_engine(database.administrator_url, isolation_level="AUTOCOMMIT")

    def make(service: str) -> Room:
        copy = f"{migrated(service)}_{next(numbers)}"
        _run(administrator, f'CREATE DATABASE "{copy}" TEMPLATE "{service}" OWNER "{service}"')
        url = database.url(service).rpartition("/")[0] + f"/{copy}"
        engine = make_engine(url, pool_size=5)
        opened.append((engine, copy))
        return Room(service_class(f"services.{service}"), engine, tmp_path / copy)

    yield make
    for engine, copy in opened:
        engine.dispose()
        _run(administrator, f'DROP DATABASE "{copy}" WITH (FORCE)')
    administrator.dispose()


def _run(engine: Any, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))
