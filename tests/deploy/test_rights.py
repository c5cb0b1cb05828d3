"""Each service has its own database and its own queues, and is refused the others'."""

from collections.abc import Callable, Iterator
from typing import Any

import kombu
import psycopg2
import pytest
from amqp.exceptions import AccessRefused, NotAllowed
from psycopg2.errors import InsufficientPrivilege

from deploy.local.broker import private_broker
from deploy.local.broker_rights import PARTNERS_HOST, Broker
from deploy.local.database_logins import Database
from deploy.local.installation import LOGINS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A private broker with every login, and queues and topics of two services."""
    with private_broker(tmp_path_factory.mktemp("broker")) as broker:
        broker.prepare(LOGINS)
        broker.prepare(LOGINS)  # a second start
        with kombu.Connection(broker.administrator_uri()) as connection:
            channel = connection.channel()
            for topic in ("rpc", "retry.1", "retry.99"):
                kombu.Exchange(topic, "direct", durable=True, channel=channel).declare()
            for service in ("identity", "registry"):
                for queue in ("rpc", "parked", "on.something"):
                    kombu.Queue(f"{service}.{queue}", durable=True, channel=channel).declare()
                kombu.Exchange(f"{service}.events", "topic", durable=True, channel=channel).declare()
            channel.queue_bind("identity.rpc", "rpc", "identity")
        yield broker


def as_login(broker: Broker, login: str, deed: Callable[[Any], Any]) -> None:
    """Do something on a channel of that login, and wait for the broker's word on it."""
    with kombu.Connection(broker.uri(login)) as connection:
        channel = connection.channel()
        deed(channel)
        channel.queue_declare("identity.rpc", passive=True)  # an answer that comes after a refusal of what went before


def consume(queue: str) -> Callable[[Any], Any]:
    """Read from a queue."""
    return lambda channel: channel.basic_consume(queue, callback=print)


def publish(topic: str) -> Callable[[Any], Any]:
    """Write to a topic."""
    return lambda channel: kombu.Producer(channel, auto_declare=False).publish({}, exchange=topic, routing_key="x")


def retry(number: int) -> Callable[[Any], Any]:
    """Send something back to an own queue after a delay."""
    return publish(f"retry.{number}")


ALLOWED = {
    "read its calls": ("identity", consume("identity.rpc")),
    "read an event": ("identity", consume("identity.on.something")),
    "read what it parked": ("identity", consume("identity.parked")),
    "announce": ("identity", publish("identity.events")),
    "answer": ("identity", publish("")),
    "try again later": ("identity", retry(1)),
    "ask another service": ("identity", publish("rpc")),
    "ask, as the gateway": ("gateway", publish("rpc")),
}
REFUSED = {
    "read another's calls": ("identity", consume("registry.rpc")),
    "read another's events": ("identity", consume("registry.on.something")),
    "read what another parked": ("identity", consume("registry.parked")),
    "take from another's events": ("identity", lambda channel: channel.basic_get("registry.on.something")),
    "empty another's events": ("identity", lambda channel: channel.queue_purge("registry.on.something")),
    "announce in another's name": ("identity", publish("registry.events")),
    "ask, though it never asks": ("registry", publish("rpc")),
    "use a topic of the broker's own": ("identity", publish("amq.topic")),
    "use an unknown delay": ("identity", retry(99)),
    "declare a queue": ("identity", lambda channel: channel.queue_declare("identity.more")),
    "declare a topic": ("identity", lambda channel: channel.exchange_declare("identity.more", "topic")),
    "delete its own queue": ("identity", lambda channel: channel.queue_delete("identity.rpc")),
    "listen to another's topic": ("identity", lambda channel: channel.queue_bind("identity.rpc", "registry.events", "#")),
    "listen to its own topic anew": ("identity", lambda channel: channel.queue_bind("identity.rpc", "identity.events", "#")),
    "read calls, as the gateway": ("gateway", consume("identity.rpc")),
    "read events, as the gateway": ("gateway", consume("identity.on.something")),
    "announce, as the gateway": ("gateway", publish("identity.events")),
    "write into queues, as the gateway": ("gateway", publish("")),
    "empty a queue, as the gateway": ("gateway", lambda channel: channel.queue_purge("identity.rpc")),
}


@pytest.mark.parametrize(("login", "deed"), ALLOWED.values(), ids=ALLOWED)
def test_login_may_use_its_own(broker: Broker, login: str, deed: Callable[[Any], Any]) -> None:
    """Otherwise the refusals below would prove nothing."""
    as_login(broker, login, deed)


@pytest.mark.parametrize(("login", "deed"), REFUSED.values(), ids=REFUSED)
def test_login_is_refused_what_is_anothers(broker: Broker, login: str, deed: Callable[[Any], Any]) -> None:
    """And may declare nothing, not even under its own name."""
    with pytest.raises(AccessRefused):
        as_login(broker, login, deed)


def test_service_is_kept_out_of_the_partners_host(broker: Broker) -> None:
    """There, only the registry's worker and the partnerships' own logins have business."""
    uri = broker.uri("identity").replace("/services", f"/{PARTNERS_HOST}")
    with pytest.raises(NotAllowed), kombu.Connection(uri) as connection:
        connection.connect()


def test_reply_comes_directly_to_whom_may_read_nothing(broker: Broker) -> None:
    """The gateway's only queue is the broker's pseudo-queue for replies."""
    heard: list[Any] = []
    with kombu.Connection(broker.uri("gateway")) as gateway, kombu.Connection(broker.uri("identity")) as identity:
        asking, answering = gateway.channel(), identity.channel()
        asking.basic_consume("amq.rabbitmq.reply-to", callback=lambda message: heard.append(message.body), no_ack=True)
        kombu.Producer(asking, auto_declare=False).publish({}, exchange="rpc", routing_key="identity", reply_to="amq.rabbitmq.reply-to")
        while (request := answering.basic_get("identity.rpc", no_ack=True)) is None or "reply_to" not in request.properties:
            pass
        kombu.Producer(answering, auto_declare=False).publish("answer", routing_key=request.properties["reply_to"])
        gateway.drain_events(timeout=5)
    assert heard == ["answer"]


def test_service_is_refused_anothers_database(database: Database) -> None:
    """Its password opens its own database and no other, the administrator's included."""
    psycopg2.connect(database.plain_url("identity")).close()
    for other in ("registry", "postgres"):
        with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
            psycopg2.connect(database.plain_url("identity").rpartition("/")[0] + f"/{other}")


def test_service_is_refused_anothers_tables_even_inside(database: Database) -> None:
    """A second wall: were the door left open, the tables would still be closed."""
    owner = psycopg2.connect(database.plain_url("registry"))
    with owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE only_registrys (id integer)")
        cursor.execute("GRANT CONNECT ON DATABASE registry TO identity")
    try:
        stranger = psycopg2.connect(database.plain_url("identity").rpartition("/")[0] + "/registry")
        with pytest.raises(InsufficientPrivilege), stranger.cursor() as cursor:
            cursor.execute("SELECT * FROM only_registrys")
        stranger.close()
    finally:
        with owner, owner.cursor() as cursor:
            cursor.execute("REVOKE CONNECT ON DATABASE registry FROM identity")
            cursor.execute("DROP TABLE only_registrys")
        owner.close()


BEYOND = {
    "make a database": "CREATE DATABASE mine",
    "make a login": "CREATE ROLE mine LOGIN",
    "take another's place": "SET ROLE registry",
    "become the administrator": "ALTER ROLE identity SUPERUSER",
    "give itself another's rights": "GRANT registry TO identity",
    "change another's password": "ALTER ROLE registry PASSWORD 'mine'",
    "read the passwords": "SELECT rolpassword FROM pg_authid",
    "read a file": "SELECT pg_read_file('PG_VERSION')",
    "load a file": "COPY (SELECT 1) TO '/tmp/mine'",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "open another database to everybody": "GRANT CONNECT ON DATABASE registry TO PUBLIC",
    "drop another's database": "DROP DATABASE registry",
    "end another's connections": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' OR usename = 'registry'",
    "change a setting of the server": "ALTER SYSTEM SET log_statement = 'all'",
    "bring code of its choice": "CREATE FUNCTION mine() RETURNS int LANGUAGE c AS 'libc.so.6', 'getpid'",
}


@pytest.mark.parametrize("statement", BEYOND.values(), ids=BEYOND)
def test_service_is_refused_what_lies_beyond_its_database(database: Database, statement: str) -> None:
    """Each of these, though it owns its own tables."""
    other = psycopg2.connect(database.plain_url("registry"))
    connection = psycopg2.connect(database.plain_url("identity"))
    connection.autocommit = True
    try:
        with pytest.raises(InsufficientPrivilege), connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
        other.close()


def test_wrong_password_is_refused(database: Database) -> None:
    """The server asks for one, on loopback too."""
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(database.plain_url("identity").replace(database.password("identity"), "wrong"))
