"""Migrations: the steps lead exactly to what the models say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chassis.running.frame import make_engine
from chassis.running.migrate import differences, upgrade
from deploy.local.database_logins import Database
from tests.conftest import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_migrated_database_is_what_the_model_says(database: Database, migrated: Callable[[str], str], service: str) -> None:
    """No column too many, none missing, no length forgotten; and migrating again changes nothing."""
    engine = make_engine(database.url(migrated(service)))
    upgrade(engine, f"services.{service}")
    assert differences(engine, f"services.{service}") == []
    engine.dispose()
