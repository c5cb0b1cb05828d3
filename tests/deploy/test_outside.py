"""A broker and a database of somebody else: used under least-privileged logins, which are made where we may."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import kombu
import pytest

from deploy.local.broker import private_broker
from deploy.local.broker_rights import Broker
from deploy.local.database import private_database
from deploy.local.database_logins import Database
from deploy.local.settings import Settings, read_settings
from deploy.local.system import system
from deploy.local.unusable import Unusable
from tests.deploy.run_stand_ins import ROOMS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Database]]:
    """Servers that are not ours."""
    folder = tmp_path_factory.mktemp("theirs")
    with private_broker(folder) as broker, private_database(folder) as database:
        yield broker, database


@pytest.fixture
def settings(servers: tuple[Broker, Database], tmp_path: Path) -> Settings:
    """Both named, with the management."""
    broker, database = servers
    said = {"AMQP_URI": broker.amqp_uri, "AMQP_MANAGEMENT_URI": str(broker.management_uri), "DATABASE_URL": database.plain_url()}
    return read_settings({"STATE": str(tmp_path / ".state"), **said})


def test_without_management_the_logins_to_make_are_shown(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    """Logins cannot be made over AMQP: the operator is told the commands, and nothing stays running."""
    without = replace(settings, amqp_management_uri=None)
    with pytest.raises(Unusable, match="does not let in identity"), system(settings.state, without, ROOMS):
        pass
    shown = capfd.readouterr().out
    assert "rabbitmqctl add_user gateway " in shown
    assert r"rabbitmqctl set_permissions -p services identity '^identity\.looking$'" in shown


def test_system_runs_on_servers_of_others(settings: Settings) -> None:
    """With their management, logins and rights are made, and the system starts no server of its own."""
    with system(settings.state, settings, ROOMS) as running:
        assert httpx.get(f"{running.url}/health/ready").is_success
        assert {process.name for process in running.processes}.isdisjoint({"broker", "database", "epmd"})
        with kombu.Connection(running.environment("identity")["AMQP_URI"]) as connection:
            connection.connect()


def test_management_that_refuses_is_said_in_a_line(settings: Settings) -> None:
    """A wrong password there is not a traceback."""
    wrong = replace(settings, amqp_management_uri=str(settings.amqp_management_uri).replace("administrator:", "administrator:x"))
    with pytest.raises(Unusable, match="refuses the login of AMQP_MANAGEMENT_URI"), system(settings.state, wrong, ROOMS):
        pass
