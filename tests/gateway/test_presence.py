"""A service that nobody runs is known, said at once and by name; one that is back is found again within a moment."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from aiormq.exceptions import ChannelNotFoundEntity

from chassis.bare.refusals import Unavailable
from chassis.running import topology
from contracts.matching import ListCatalogue
from deploy.local.broker_rights import Broker as RealBroker
from gateway import presence
from gateway.admission import Admission
from gateway.presence import WITHOUT, Presence, ServiceMissing
from gateway.publish import SERVICES
from gateway.rpc import Rpc
from tests.builders import support_officer
from tests.gateway.forwarder import Forwarder
from tests.gateway.front import Front


class Broker:
    """Stands in for the broker: how many consumers each queue has, or what it raises; and how often it was asked."""

    def __init__(self, **consumers: Any) -> None:
        self.consumers, self.asked, self.opened, self.is_closed = consumers, 0, 0, False

    async def open(self) -> Any:
        """A channel."""
        self.opened += 1
        self.is_closed = False
        return self

    async def queue_declare(self, queue: str, *, passive: bool, timeout: float) -> Any:
        """Only looks."""
        assert passive
        self.asked += 1
        await asyncio.sleep(0)
        found = self.consumers[queue.removesuffix(".rpc")]
        if isinstance(found, Exception):
            self.is_closed = True
            raise found
        return SimpleNamespace(consumer_count=found)


def test_a_service_without_a_process_is_missing_and_named() -> None:
    """The others are there."""

    async def ask() -> None:
        there = Presence(Broker(matching=0, identity=2).open)
        await there.demand("identity")
        with pytest.raises(ServiceMissing) as missing:
            await there.demand("matching")
        assert missing.value.service == "matching" and "the matching service is not running" in str(missing.value)

    asyncio.run(ask())


def test_the_broker_is_asked_once_for_all_who_ask_at_the_same_time_and_again_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was seen holds for a moment; who is gone is looked for sooner."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(presence.time, "monotonic", lambda: clock.now)
    broker = Broker(matching=1)

    async def ask() -> None:
        there = Presence(broker.open)
        await asyncio.gather(*[there.demand("matching") for _ in range(50)])
        assert (broker.asked, broker.opened) == (1, 1)
        broker.consumers["matching"] = 0
        clock.now += presence.HOLDS_S - 0.01
        await there.demand("matching")
        clock.now += 0.02
        with pytest.raises(ServiceMissing):
            await there.demand("matching")
        broker.consumers["matching"] = 3
        clock.now += presence.HOLDS_GONE_S + 0.01
        await there.demand("matching")
        assert await there.processes("matching") == 3 and broker.asked == 3

    asyncio.run(ask())


def test_what_cannot_be_known_lets_calls_pass_and_a_broken_channel_is_replaced() -> None:
    """The call itself finds out what is wrong."""
    broker = Broker(matching=ConnectionError("gone"), identity=ChannelNotFoundEntity("no such queue"), payments=1)

    async def ask() -> None:
        there = Presence(broker.open)
        assert await there.processes("matching") is None
        await there.demand("matching")
        assert await there.processes("identity") == 0
        assert await there.processes("payments") == 1 and broker.opened == 3

    asyncio.run(ask())


@pytest.mark.slow
def test_a_look_that_is_not_answered_in_time_is_not_known_and_the_next_one_is(
    broker: RealBroker, way: Forwarder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The channel is neither open nor closed then, and would fail whoever asks on it."""
    monkeypatch.setattr(presence, "LOOK_S", 0.5)
    monkeypatch.setattr(presence, "HOLDS_GONE_S", 0)
    broker.prepare(["gateway", "identity"])
    topology.declare(broker.administrator_uri(), ["identity"], [])
    way.join()
    rpc = Rpc(broker.uri("gateway").replace(str(httpx.URL(broker.amqp_uri).port), str(way.port)), 5, Admission(8, 2, 1000))

    async def look() -> None:
        assert await rpc.processes(["identity"]) == {"identity": 0}
        way.hold()
        assert [await rpc.processes(["identity"]) for _ in range(3)] == [{"identity": None}] * 3
        way.let_go()
        assert await rpc.processes(["identity"]) == {"identity": 0}
        await rpc.close()

    asyncio.run(look())


def test_one_who_goes_away_does_not_break_the_look_off_for_others() -> None:
    """A look cut off would close the channel."""
    broker = Broker(matching=1)

    async def ask() -> None:
        there = Presence(broker.open)
        hasty = asyncio.create_task(there.demand("matching"))
        patient = asyncio.create_task(there.demand("matching"))
        await asyncio.sleep(0)
        hasty.cancel()
        await patient
        assert broker.asked == 1 and not broker.is_closed

    asyncio.run(ask())


def test_a_missing_service_is_a_problem_with_its_name_and_a_time_to_come_again(front: Front) -> None:
    """503, a code of its own, the service among the details, and a sentence that says what is missing."""
    front.log_in("secret", support_officer())
    front.services.answers[ListCatalogue] = ServiceMissing("matching")
    answer = front.ask("GET", "/v1/catalogue", session="secret")
    assert answer.status_code == 503 and answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["details"]) == ("service_missing", {"service": "matching"})
    assert problem["detail"].startswith("Ranked lists, the catalogue") and int(answer.headers["Retry-After"]) >= presence.RETRY_AFTER_S


def test_a_service_that_does_not_answer_in_time_is_named_too(front: Front) -> None:
    """Under the code that it always had."""
    front.log_in("secret", support_officer())
    front.services.answers[ListCatalogue] = Unavailable("The matching service does not answer just now.", service="matching")
    problem = front.ask("GET", "/v1/catalogue", session="secret").json()
    assert (problem["code"], problem["details"]) == ("unavailable", {"service": "matching"})


def test_ready_lists_the_processes_of_every_service(front: Front) -> None:
    """Ready goes by the broker alone."""
    answer = front.ask("GET", "/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "broker": True, "services": dict.fromkeys(sorted(SERVICES), 1)}


def test_there_are_words_for_every_service() -> None:
    """Whoever misses it hears what is missing."""
    assert set(WITHOUT) == set(SERVICES)
