"""The topology: every queue with what makes it safe, declared again without harm."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from chassis.running import topology
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
    }


def test_parked_events_are_kept_and_calls_are_not(queues: dict[str, dict[str, Any]]) -> None:
    """A parked event waits for a person; a call is for now or never."""
    assert queues["tiny.parked"]["type"] == "quorum" and queues["tiny.rpc"]["type"] == "classic"
    assert queues["tiny.rpc"]["durable"]


def test_each_listener_hears_its_type_and_nothing_else(broker: Broker, queues: dict[str, dict[str, Any]]) -> None:
    """Bound to the topic of the service that announces it."""
    found = httpx.get(f"{broker.management_uri}/api/queues/services/tiny.on.thing_named/bindings", timeout=10).json()
    assert {(each["source"], each["routing_key"]) for each in found if each["source"]} == {("elsewhere.events", "thing_named")}
