"""Each service has its own database and its own queues, and is refused the others'."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import kombu
import psycopg2
import pytest
from amqp.exceptions import AccessRefused, NotAllowed
from psycopg2.errors import InsufficientPrivilege

from chassis.running import topology
from chassis.running.calls import Calls
from chassis.running.rooms import service_class
from deploy.local.broker import private_broker
from deploy.local.broker_rights import PARTNERS_HOST, SERVICES_HOST, Broker
from deploy.local.database_logins import Database
from deploy.local.installation import GATEWAY, LOGINS, SERVICES
from deploy.local.topology import all_events

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A private broker with every login and the whole topology, and a topic that no version declares."""
    with private_broker(tmp_path_factory.mktemp("broker")) as broker:
        broker.prepare(LOGINS)
        broker.prepare(LOGINS)  # a second start
        topology.declare(broker.administrator_uri(), SERVICES, all_events())
        with kombu.Connection(broker.administrator_uri()) as connection:
            kombu.Exchange("retry.99", "direct", durable=True, channel=connection.channel()).declare()
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


def hear_hints(channel: Any, queue: str, topic: str = "live") -> None:
    """Bind a queue of one's own to a topic, and read from it."""
    channel.queue_declare(queue, exclusive=True, auto_delete=True)
    channel.queue_bind(queue, topic, "#")
    channel.basic_consume(queue, callback=print)


def retry(number: int) -> Callable[[Any], Any]:
    """Send something back to an own queue after a delay."""
    return publish(f"retry.{number}")


ALLOWED = {
    "read its calls": ("identity", consume("identity.rpc")),
    "read an event": ("identity", consume("identity.on.exchange_ready")),
    "read what it parked": ("identity", consume("identity.parked")),
    "look at it alone": ("identity", lambda channel: channel.queue_declare("identity.looking", exclusive=True)),
    "announce": ("identity", publish("identity.events")),
    "answer": ("identity", publish("")),
    "try again later": ("identity", retry(1)),
    "ask another service": ("identity", publish("rpc")),
    "ask, as the gateway": ("gateway", publish("rpc")),
    "hint": ("identity", publish("live")),
    "hear hints, as the gateway": ("gateway", lambda channel: hear_hints(channel, "live.c0ffee")),
}
REFUSED = {
    "read another's calls": ("identity", consume("registry.rpc")),
    "read another's events": ("identity", consume("registry.on.exchange_ready")),
    "read what another parked": ("identity", consume("registry.parked")),
    "keep another from looking": ("identity", lambda channel: channel.queue_declare("registry.looking", exclusive=True)),
    "take from another's events": ("identity", lambda channel: channel.basic_get("registry.on.exchange_ready")),
    "empty another's events": ("identity", lambda channel: channel.queue_purge("registry.on.exchange_ready")),
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
    "read events, as the gateway": ("gateway", consume("identity.on.exchange_ready")),
    "announce, as the gateway": ("gateway", publish("identity.events")),
    "write into queues, as the gateway": ("gateway", publish("")),
    "hint, as the gateway": ("gateway", publish("live")),
    "hear hints": ("identity", lambda channel: hear_hints(channel, "live.c0ffee")),
    "hear events as if they were hints, as the gateway": ("gateway", lambda channel: hear_hints(channel, "live.c0ffee", "identity.events")),
    "hear hints under another name, as the gateway": ("gateway", lambda channel: hear_hints(channel, "live.of-mine")),
    "empty a queue, as the gateway": ("gateway", lambda channel: channel.queue_purge("identity.rpc")),
}


def needed(login: str) -> dict[str, set[str]]:
    """What a login does its work with, told from the code: which queues are its own, what it announces, and whether it asks others."""
    if login == GATEWAY:
        return {"read": set(), "write": {"rpc"}, "configure": set()}
    cls = service_class(f"services.{login}")
    asks = any(isinstance(getattr(cls, name), Calls) for name in dir(cls))
    heard = {topology.event_queue(login, event.slug()) for event in all_events() if login in event.heard_by}
    delays = {topology.retry_topic(number) for number in range(1, topology.MOST_RETRIES + 1)}
    return {
        "read": heard | {topology.call_queue(login), topology.parked_queue(login)},
        "write": {"", topology.LIVE_TOPIC, topology.event_topic(login)} | delays | ({"rpc"} if asks else set()),
        "configure": set(),
    }


def names(broker: Broker, what: str) -> list[str]:
    """All queues, or all topics, that there are on the services' host."""
    return [each["name"] for each in httpx.get(f"{broker.management_uri}/api/{what}/{SERVICES_HOST}", timeout=20).json()]


def may(connection: kombu.Connection, deed: Callable[[Any], Any]) -> bool:
    """Whether the broker lets this login do that; on a channel of its own, for a refusal closes it."""
    channel = connection.channel()
    try:
        deed(channel)
        channel.queue_declare("identity.rpc", passive=True)
    except AccessRefused:
        return False
    channel.close()
    return True


@pytest.mark.parametrize("login", LOGINS)
def test_login_reads_writes_and_declares_what_it_needs_and_nothing_else(broker: Broker, login: str) -> None:
    """Each login tries every queue and every topic of the whole topology, and the broker's own."""
    queues, topics, wanted = names(broker, "queues"), names(broker, "exchanges"), needed(login)
    assert len(queues) > 50 and {"", "rpc", "amq.topic", "retry.99", *(f"{service}.events" for service in SERVICES)} <= set(topics)
    with kombu.Connection(broker.uri(login)) as connection:
        read = {queue for queue in queues if may(connection, lambda channel, queue=queue: channel.basic_get(queue))}
        emptied = {queue for queue in queues if may(connection, lambda channel, queue=queue: channel.queue_purge(queue))}
        written = {topic for topic in topics if may(connection, publish(topic))}
        deleted = {queue for queue in queues if may(connection, lambda channel, queue=queue: channel.queue_delete(queue))}
        deleted |= {topic for topic in topics if may(connection, lambda channel, topic=topic: channel.exchange_delete(topic))}
    assert read == wanted["read"] and emptied == wanted["read"]
    assert written == wanted["write"]
    assert deleted == wanted["configure"]


@pytest.mark.parametrize("login", LOGINS)
def test_login_can_lead_nothing_anywhere_else(broker: Broker, login: str) -> None:
    """It binds no queue to a topic and no topic to another: not even what it may write to, to what it announces itself."""
    queues, topics = names(broker, "queues"), [topic for topic in names(broker, "exchanges") if topic]
    own = f"{login}.events" if login != GATEWAY else "rpc"
    with kombu.Connection(broker.uri(login)) as connection:
        led = {queue for queue in queues if may(connection, lambda channel, queue=queue: channel.queue_bind(queue, own, "#"))}
        led |= {queue for queue in queues if may(connection, lambda channel, queue=queue: channel.queue_unbind(queue, own, "#"))}
        # A delay's queue has the name of a topic that services may write to.
        led |= {topic for topic in topics if may(connection, lambda channel, topic=topic: channel.queue_bind("retry.1", topic, "#"))}
        led |= {topic for topic in topics if may(connection, lambda channel, topic=topic: channel.exchange_bind(own, topic, "#"))}
        led |= {topic for topic in topics if may(connection, lambda channel, topic=topic: channel.exchange_bind(topic, own, "#"))}
    # Whoever may ask and may hear hints may lead them to where calls go; their key is empty, and no service's calls have it.
    assert led == ({topology.LIVE_TOPIC} if login == GATEWAY else set())


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("name", ["", "more", "{}", "{}.more", "{}.on.more", "{}.events", "{}.rpc", "partner.{}", "amq.gen-more"])
def test_login_declares_nothing_new(broker: Broker, login: str, name: str) -> None:
    """Whatever the name, its own included; the broker's naming, too."""
    named = name.format(login)
    with kombu.Connection(broker.uri(login)) as connection:
        assert not may(connection, lambda channel: channel.queue_declare(named, durable=True, auto_delete=False))
        assert not may(connection, lambda channel: channel.exchange_declare(named or "more", "topic"))


@pytest.mark.parametrize(("login", "deed"), ALLOWED.values(), ids=ALLOWED)
def test_login_may_use_its_own(broker: Broker, login: str, deed: Callable[[Any], Any]) -> None:
    """Otherwise the refusals below would prove nothing."""
    as_login(broker, login, deed)


@pytest.mark.parametrize(("login", "deed"), REFUSED.values(), ids=REFUSED)
def test_login_is_refused_what_is_anothers(broker: Broker, login: str, deed: Callable[[Any], Any]) -> None:
    """And may declare nothing, not even under its own name."""
    with pytest.raises(AccessRefused):
        as_login(broker, login, deed)


@pytest.mark.parametrize("login", LOGINS)
def test_login_is_kept_out_of_the_partners_host(broker: Broker, login: str) -> None:
    """There, only the registry's worker and the partnerships' own logins have business."""
    uri = broker.uri(login).replace("/services", f"/{PARTNERS_HOST}")
    with pytest.raises(NotAllowed), kombu.Connection(uri) as connection:
        connection.connect()


@pytest.mark.parametrize("uri", ["feed_uri", "keeper_uri"])
def test_login_of_the_partners_host_is_kept_out_of_the_services(broker: Broker, uri: str) -> None:
    """Whoever took over that worker could neither call nor announce."""
    login = urlsplit(getattr(broker, uri)).netloc.rpartition("@")[0]
    place = urlsplit(broker.amqp_uri).netloc.rpartition("@")[2]
    with pytest.raises(NotAllowed), kombu.Connection(f"amqp://{login}@{place}/{SERVICES_HOST}") as connection:
        connection.connect()


def test_reply_comes_directly_to_whom_may_read_nothing(broker: Broker) -> None:
    """The broker's pseudo-queue for replies is nobody else's."""
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
