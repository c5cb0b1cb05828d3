"""A wrong setting is said in one sentence with its name."""

from pathlib import Path

import pytest

from deploy.local.settings import read_settings
from deploy.local.unusable import Unusable


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"PORT": "http"}, "PORT is 'http'"),
        ({"PORT": "70000"}, "PORT is '70000'"),
        ({"AMQP_URI": "localhost:5672"}, "AMQP_URI does not look like amqp://"),
        ({"AMQP_URI": "amqp://guest@host:port/"}, "AMQP_URI is not an address"),
        ({"AMQP_MANAGEMENT_URI": "http://host"}, "AMQP_MANAGEMENT_URI is set without AMQP_URI"),
        ({"AMQP_URI": "amqp://host", "AMQP_MANAGEMENT_URI": "amqp://host"}, "AMQP_MANAGEMENT_URI does not look like http://"),
        ({"CALL_QUEUES": "mirrored"}, "CALL_QUEUES is 'mirrored'"),
        ({"DATABASE_URL": "mysql://host/db"}, "DATABASE_URL does not look like postgresql://"),
        ({"DATABASE_URL": "postgresql+psycopg://host/db"}, "DATABASE_URL does not look like postgresql://"),
    ],
)
def test_wrong_setting_is_named(said: dict[str, str], sentence: str) -> None:
    """Whoever typed it has to know which and what instead."""
    with pytest.raises(Unusable) as refused:
        read_settings(said)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_database_address_is_given_the_driver_that_eventlet_can_wait_for() -> None:
    """A bare postgresql:// would mean psycopg 3 to SQLAlchemy, which blocks the loop."""
    settings = read_settings({"DATABASE_URL": "postgres://me:secret@host"})
    assert settings.database_url == "postgresql+psycopg2://me:secret@host/postgres"


def test_demonstration_data_go_into_a_foreign_server_only_when_asked() -> None:
    """Made-up people have no business in a broker or database that is not ours."""
    assert read_settings({}).wants_demonstration
    assert not read_settings({"DATABASE_URL": "postgresql://host/db"}).wants_demonstration
    assert read_settings({"AMQP_URI": "amqp://host", "DEMO": "1"}).wants_demonstration


def test_state_folder_can_be_elsewhere() -> None:
    """STATE names another folder."""
    assert read_settings({"STATE": "/somewhere/else"}).state == Path("/somewhere/else")
