"""The topology: every queue with what makes it safe, declared again without harm."""

from __future__ import annotations

from typing import Any

import httpx
import kombu
import pytest

from chassis.running import topology
from chassis.running.wire import Undeliverable, Wire
from deploy.local.broker_rights import Broker
from tests.chassis import wires


@pytest.fixture(scope="module")
def queues(broker: Broker) -> dict[str, dict[str, Any]]:
    """What the broker itself says of the queues, after declaring them twice."""
    assert wires.declare(broker.administrator_uri()) == wires.declare(broker.administrator_uri())
    found = httpx.get(f"{broker.management_uri}/api/queues/services", timeout=10).json()
    return {each["name"]: each for each in found}


def test_queue_of_a_listener_counts_crashes_and_parks(queues: dict[str, dict[str, Any]]) -> None:
    """Quorum, a delivery limit, and where its dead letters go."""
    queue = queues["tiny.on.thing_poked"]
    assert (queue["type"], queue["durable"]) == ("quorum", True)
    assert queue["arguments"] == {
        "x-queue-type": "quorum",
        "x-delivery-limit": topology.CRASH_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "tiny.parked",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-max-length": topology.MOST_EVENTS,
    }


@pytest.mark.parametrize("number", range(1, topology.MOST_RETRIES + 1))
def test_delay_hands_back_at_least_once(queues: dict[str, dict[str, Any]], number: int) -> None:
    """Longer each time; what it cannot take it refuses instead of dropping it."""
    queue = queues[f"retry.{number}"]
    assert queue["type"] == "quorum" and queue["arguments"] == {
        "x-queue-type": "quorum",
        "x-message-ttl": int(topology.DELAYS_S[number - 1] * 1000),
        "x-dead-letter-exchange": "",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        "x-max-length": topology.MOST_DELAYED,
    }


def test_parked_events_are_kept_and_calls_are_not(queues: dict[str, dict[str, Any]]) -> None:
    """A parked event waits for a person; a call is for now or never."""
    assert queues["tiny.parked"]["type"] == "quorum" and queues["tiny.rpc"]["type"] == "classic"
    assert queues["tiny.rpc"]["durable"]


def test_every_queue_is_bounded_and_lets_nothing_go_when_full(queues: dict[str, dict[str, Any]]) -> None:
    """Who publishes to a full one is told; the oldest in it stays."""
    ours = {name: queue["arguments"] for name, queue in queues.items() if name.startswith(("tiny.", "retry."))}
    assert len(ours) == 2 + len(wires.EVENTS) + topology.MOST_RETRIES
    assert all(each["x-max-length"] > 0 and each["x-overflow"] == "reject-publish" for each in ours.values())


def test_service_that_is_away_collects_no_more_calls_than_its_queue_holds(broker: Broker, queues: dict[str, dict[str, Any]]) -> None:
    """The next is refused; and what nobody waits for any more makes place."""
    uri = broker.administrator_uri()
    wires.empty(uri, "tiny.rpc")
    wire = Wire(uri, confirm=True)
    for _ in range(topology.MOST_CALLS):
        wire.send(b"{}", "rpc", "tiny", expiration=4)
    with pytest.raises(Undeliverable):
        wire.send(b"{}", "rpc", "tiny", expiration=4)
    wires.wait_for(lambda: not wires.depth(uri, "tiny.rpc"), 20)
    wire.send(b"{}", "rpc", "tiny", expiration=1)
    wire.close()
    wires.empty(uri, "tiny.rpc")


def test_queue_of_an_earlier_version_gets_its_bounds(broker: Broker, queues: dict[str, dict[str, Any]]) -> None:
    """At once, when nothing of worth lies in it; an event in it is worth more than the bounds."""
    uri = broker.administrator_uri()
    earlier = {"tiny.rpc": {}, "tiny.on.thing_poked": {"x-queue-type": "quorum"}, "tiny.on.thing_named": {"x-queue-type": "quorum"}}
    with kombu.Connection(uri) as connection:
        for name, arguments in earlier.items():
            connection.default_channel.queue_delete(name)
            connection.default_channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)
    for name in ("tiny.rpc", "tiny.on.thing_named"):
        wires.send(uri, "", name, b"{}")
    wires.declare(uri)
    found = {each["name"]: each for each in httpx.get(f"{broker.management_uri}/api/queues/services", timeout=10).json()}
    assert {name: found[name]["arguments"].get("x-max-length") for name in earlier} == {
        "tiny.rpc": topology.MOST_CALLS, "tiny.on.thing_poked": topology.MOST_EVENTS, "tiny.on.thing_named": None,
    }  # fmt: skip
    assert wires.bodies(uri, "tiny.on.thing_named") == [{}]
    wires.declare(uri)
    found = {each["name"]: each for each in httpx.get(f"{broker.management_uri}/api/queues/services", timeout=10).json()}
    assert found["tiny.on.thing_named"]["arguments"]["x-max-length"] == topology.MOST_EVENTS


def test_each_listener_hears_its_type_and_nothing_else(broker: Broker, queues: dict[str, dict[str, Any]]) -> None:
    """Bound to the topic of the service that announces it."""
    found = httpx.get(f"{broker.management_uri}/api/queues/services/tiny.on.thing_named/bindings", timeout=10).json()
    assert {(each["source"], each["routing_key"]) for each in found if each["source"]} == {("elsewhere.events", "thing_named")}
