"""A process' settings: a wrong one is said in a sentence at start."""

from __future__ import annotations

import pytest

from chassis.bare.config import WrongSetting, read_config

GOOD = {
    "AMQP_URI": "amqp://identity:secret@localhost/services",
    "DATABASE_URL": "postgresql+psycopg2://identity:secret@localhost/identity",
    "KEY_FILE": "/keys/identity.key",
    "TRUST_FOLDER": "/keys/trust",
    "BLOB_FOLDER": "/blobs",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good environment and nothing else of ours."""
    for name in ("ENVIRONMENT", "CLOCK_FILE", "HEALTH_PORT", "MAX_WORKERS", "CALL_TIMEOUT_S"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_good_settings_are_read_and_production_is_the_default() -> None:
    """Development has to be asked for."""
    config = read_config()
    assert (config.environment, config.is_development, config.clock_file) == ("production", False, None)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The sentence says which."""
    monkeypatch.delenv(name)
    with pytest.raises(WrongSetting, match=name):
        read_config()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres", "sqlite", "postgresql+asyncpg"])
def test_another_database_driver_is_refused(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    """A bare postgresql:// would be psycopg 3, which blocks the event loop."""
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://identity@localhost/identity")
    with pytest.raises(WrongSetting, match="psycopg2"):
        read_config()


def test_movable_clock_is_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody moves time where money is paid."""
    monkeypatch.setenv("CLOCK_FILE", "/tmp/clock")
    with pytest.raises(WrongSetting, match="CLOCK_FILE"):
        read_config()


def test_movable_clock_is_taken_in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    """There it makes a tour of five days take seconds."""
    monkeypatch.setenv("CLOCK_FILE", "/tmp/clock")
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert str(read_config().clock_file) == "/tmp/clock"


@pytest.mark.parametrize(("name", "value"), [("MAX_WORKERS", "many"), ("HEALTH_PORT", "x"), ("CALL_TIMEOUT_S", "soon")])
def test_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """With its name."""
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=name):
        read_config()
