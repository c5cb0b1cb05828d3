"""A partnership's credentials try everything they should not; what was tried is the list below, and all of it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import kombu
import pytest
from amqp.exceptions import AccessRefused, NotAllowed, NotFound

from chassis.running import topology
from deploy.local.broker_rights import PARTNERS_HOST, SERVICES_HOST, Broker
from deploy.local.topology import all_events
from services.registry.model.secrets import hashed
from services.registry.partner_queues import Bounds, PartnerQueues

OUR_LOGIN, THEIR_LOGIN = "partner.ours-000000000001", "partner.theirs-000000000002"
OURS, THEIRS = f"{OUR_LOGIN}.0f1e2d3c4b5a6978", f"{THEIR_LOGIN}.8796a5b4c3d2e1f0"
SECRET = "a" * 48


@dataclass
class Partner:
    """A partnership's login, with another partnership's queue beside its own, and one event in each."""

    broker: Broker
    queues: PartnerQueues

    def connect(self, host: str = PARTNERS_HOST, secret: str = SECRET) -> kombu.Connection:
        """A connection to a virtual host."""
        place = urlsplit(self.broker.amqp_uri).netloc.rpartition("@")[2]
        return kombu.Connection(f"amqp://{OUR_LOGIN}:{secret}@{place}/{host}", connect_timeout=5)

    def act(self, deed: Callable[[Any], Any]) -> None:
        """Do something on a channel, and wait for the broker's word on it."""
        with self.connect() as connection:
            channel = connection.channel()
            deed(channel)
            channel.queue_declare(OURS, passive=True)  # an answer that comes after a refusal of what went before


@pytest.fixture(scope="module")
def partner(broker: Broker) -> Iterator[Partner]:
    """Two partnerships on a broker that has the services' topics and queues, too."""
    topology.declare(broker.administrator_uri(SERVICES_HOST), ("identity", "registry"), all_events()[:1])
    queues = PartnerQueues(broker.feed_uri, broker.keeper_uri, Bounds())
    for login, queue in ((OUR_LOGIN, OURS), (THEIR_LOGIN, THEIRS)):
        queues.make(login, queue, hashed(SECRET))
        assert queues.carry(queue, b"{}", "1", "agreement_signed")
    yield Partner(broker, queues)
    for login in (OUR_LOGIN, THEIR_LOGIN):
        queues.remove(login)


def publish(topic: str, key: str) -> Callable[[Any], Any]:
    """Write to a topic."""
    return lambda channel: kombu.Producer(channel, auto_declare=False).publish({}, exchange=topic, routing_key=key)


REFUSED: dict[str, Callable[[Any], Any]] = {
    "get from another's queue": lambda channel: channel.basic_get(THEIRS),
    "consume another's queue": lambda channel: channel.basic_consume(THEIRS, callback=print),
    "purge another's queue": lambda channel: channel.queue_purge(THEIRS),
    "delete another's queue": lambda channel: channel.queue_delete(THEIRS),
    "get what another has parked": lambda channel: channel.basic_get(f"{THEIRS}.parked"),
    "delete the own queue": lambda channel: channel.queue_delete(OURS),
    "get what is parked of the own": lambda channel: channel.basic_get(f"{OURS}.parked"),
    "purge what is parked of the own": lambda channel: channel.queue_purge(f"{OURS}.parked"),
    "delete what is parked of the own": lambda channel: channel.queue_delete(f"{OURS}.parked"),
    "publish to another's queue": publish("", THEIRS),
    "publish to the own queue": publish("", OURS),
    "publish to amq.topic": publish("amq.topic", "x"),
    "publish to amq.direct": publish("amq.direct", OURS),
    "publish to amq.fanout": publish("amq.fanout", ""),
    "declare a queue": lambda channel: channel.queue_declare("mine"),
    "declare a queue with a name like the own": lambda channel: channel.queue_declare(f"{OURS}.more"),
    "declare a queue of the broker's naming": lambda channel: channel.queue_declare("", exclusive=True),
    "declare another's queue": lambda channel: channel.queue_declare(THEIRS, durable=True),
    "browse another's queue and put it back": lambda channel: channel.basic_get(THEIRS, no_ack=False),
    "consume another's queue alone": lambda channel: channel.basic_consume(THEIRS, callback=print, exclusive=True),
    "delete another's queue if it is unused": lambda channel: channel.queue_delete(THEIRS, if_unused=True),
    "delete what another has parked": lambda channel: channel.queue_delete(f"{THEIRS}.parked"),
    "purge what another has parked": lambda channel: channel.queue_purge(f"{THEIRS}.parked"),
    "publish to what another has parked": publish("", f"{THEIRS}.parked"),
    "publish to amq.headers": publish("amq.headers", ""),
    "publish with another as the sender": lambda channel: kombu.Producer(channel, auto_declare=False).publish(
        {}, exchange="", routing_key=THEIRS, user_id=THEIR_LOGIN
    ),
    "publish in a transaction": lambda channel: _in_a_transaction(channel),
    "declare the own queue with other bounds": lambda channel: channel.queue_declare(OURS, durable=True, arguments={"x-max-length": 1}),
    "declare a topic": lambda channel: channel.exchange_declare("mine", "fanout"),
    "declare a topic of the broker's": lambda channel: channel.exchange_declare("amq.topic", "topic", durable=True),
    "declare a topic that lies behind another": lambda channel: channel.exchange_declare(
        "mine", "fanout", arguments={"alternate-exchange": "amq.topic"}
    ),
    "delete a topic": lambda channel: channel.exchange_delete("amq.topic"),
    "unbind the own queue": lambda channel: channel.queue_unbind(OURS, "amq.topic", "#"),
    "bind what is parked of the own": lambda channel: channel.queue_bind(f"{OURS}.parked", "amq.topic", "#"),
    "unbind a topic from a topic": lambda channel: channel.exchange_unbind("amq.fanout", "amq.topic", "#"),
    "bind the own queue": lambda channel: channel.queue_bind(OURS, "amq.topic", "#"),
    "bind another's queue": lambda channel: channel.queue_bind(THEIRS, "amq.topic", "#"),
    "unbind another's queue": lambda channel: channel.queue_unbind(THEIRS, "amq.topic", "#"),
    "bind a topic to a topic": lambda channel: channel.exchange_bind("amq.fanout", "amq.topic", "#"),
    "read the broker's log": lambda channel: channel.queue_bind(OURS, "amq.rabbitmq.log", "#"),
    "trace messages": lambda channel: channel.queue_bind(OURS, "amq.rabbitmq.trace", "#"),
}


def _in_a_transaction(channel: Any) -> None:
    channel.tx_select()
    kombu.Producer(channel, auto_declare=False).publish({}, exchange="", routing_key=THEIRS)
    channel.tx_commit()


def _ask(channel: Any) -> None:
    channel.basic_consume("amq.rabbitmq.reply-to", callback=print, no_ack=True)
    kombu.Producer(channel, auto_declare=False).publish({}, exchange="rpc", routing_key="registry", reply_to="amq.rabbitmq.reply-to")


@pytest.mark.parametrize("deed", REFUSED)
def test_login_is_refused(partner: Partner, deed: str) -> None:
    """Each of these, by the broker itself, for want of the right."""
    with pytest.raises(AccessRefused):
        partner.act(REFUSED[deed])


def test_calls_cannot_even_be_addressed(partner: Partner) -> None:
    """The topic of calls is on the services' host; on this one there is nothing to ask through."""
    with pytest.raises(AccessRefused):
        partner.act(_ask)


@pytest.mark.parametrize(
    "name", [THEIR_LOGIN, f"{THEIR_LOGIN}.parked", f"{THEIR_LOGIN}.{'0' * 16}", "partner.theirs", "theirs", "partner.#"]
)
def test_what_can_be_known_of_another_names_no_queue(partner: Partner, name: str) -> None:
    """RabbitMQ asks for no right when somebody asks how full a queue is: hence nobody can guess its name."""
    with pytest.raises(NotFound):
        partner.act(lambda channel: channel.queue_declare(name, passive=True))


def test_login_reads_its_own_queue(partner: Partner) -> None:
    """Else the refusals would prove nothing."""
    partner.act(lambda channel: channel.basic_get(OURS))
    partner.act(lambda channel: channel.basic_cancel(channel.basic_consume(OURS, callback=print)))


def test_other_queues_are_as_full_as_before(partner: Partner) -> None:
    """Nothing of what was tried had an effect; runs after the others of this file."""
    assert partner.queues.depth(THEIRS).waiting == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("host", [SERVICES_HOST, "/", "%2F"])
def test_login_is_let_into_no_other_host(partner: Partner, host: str) -> None:
    """Where calls and internal events are."""
    with pytest.raises((NotAllowed, AccessRefused)):
        partner.connect(host).connect()


def test_wrong_secret_is_let_in_nowhere(partner: Partner) -> None:
    """The hash that is kept is no secret either."""
    for wrong in ("wrong", "", hashed(SECRET).replace("/", "%2F").replace("+", "%2B")):
        with pytest.raises(AccessRefused):
            partner.connect(secret=wrong).connect()


MANAGEMENT = [
    ("GET", "whoami"), ("GET", "overview"), ("GET", "users"), ("GET", "definitions"), ("GET", f"queues/{PARTNERS_HOST}"),
    ("GET", f"queues/{PARTNERS_HOST}/{OURS}"), ("PUT", f"users/{OUR_LOGIN}"), ("PUT", "users/mine"), ("DELETE", f"users/{THEIR_LOGIN}"),
    ("PUT", f"permissions/{PARTNERS_HOST}/{OUR_LOGIN}"), ("DELETE", f"queues/{PARTNERS_HOST}/{THEIRS}"), ("GET", "connections"),
    ("POST", f"exchanges/{PARTNERS_HOST}/amq.default/publish"), ("POST", f"queues/{PARTNERS_HOST}/{THEIRS}/get"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), MANAGEMENT)
def test_login_is_refused_the_management(partner: Partner, method: str, path: str) -> None:
    """It has no tag that the management lets in."""
    address = urlsplit(partner.broker.management_uri or "")
    url = f"http://{address.netloc.rpartition('@')[2]}/api/{path}"
    assert httpx.request(method, url, auth=(OUR_LOGIN, SECRET), json={}).status_code == 401


def test_number_of_connections_is_bounded(partner: Partner) -> None:
    """One system does not take all places."""
    opened = [partner.connect() for _ in range(12)]
    with pytest.raises(NotAllowed):
        for each in opened:
            each.connect()
    for each in opened:
        each.release()


@pytest.mark.parametrize("deed", [
    lambda channel: channel.basic_get(OURS),
    lambda channel: channel.queue_purge(OURS),
    lambda channel: channel.queue_declare("partner.mine", durable=True),
    lambda channel: channel.queue_delete(OURS),
    publish("amq.topic", "x"),
])  # fmt: skip
def test_login_that_carries_events_can_do_nothing_else(partner: Partner, deed: Callable[[Any], Any]) -> None:
    """It puts events into queues, and reads, makes and deletes none."""
    with pytest.raises(AccessRefused), kombu.Connection(partner.broker.feed_uri) as connection:
        channel = connection.channel()
        deed(channel)
        channel.queue_declare(OURS, passive=True)
