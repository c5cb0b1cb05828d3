"""Who may tell a listener something: the announcing service's own login, as the broker has checked it, and nobody else by whatever way.

Every service can write into every queue: replies need the default topic, and delays hand back to the queue that the key names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from amqp.exceptions import PreconditionFailed
from sqlalchemy import Engine, func, select, text

from chassis.bare.protocol import EVENT_TYPE
from chassis.running import topology
from chassis.running.parked import Parked
from chassis.running.parking import NoWayBack, Parking
from deploy.local.broker_rights import Broker
from tests.chassis import wires
from tests.chassis.conftest import TABLES
from tests.chassis.tiny.model import Poke

pytestmark = pytest.mark.slow

LISTENER = "tiny.on.thing_poked"


@pytest.fixture(scope="module")
def elsewhere(broker: Broker) -> str:
    """The announcing service's address of the broker, with the tiny service's queues, empty."""
    broker.prepare(["tiny"], asking=["tiny"])
    wires.declare(broker.administrator_uri())
    wires.empty(broker.administrator_uri(), "tiny.parked", LISTENER, "tiny.on.thing_made")
    return wires.elsewhere(broker)


@pytest.fixture(scope="module")
def process(elsewhere: str, broker: Broker, tiny_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[wires.Process]:
    """The tiny service."""
    with tiny_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(table.name for table in TABLES)} RESTART IDENTITY"))
    with wires.process(tmp_path_factory.mktemp("process"), tiny_engine, broker.uri("tiny")) as running:
        yield running


@pytest.fixture
def parking(broker: Broker) -> Parking:
    """The tiny service's parking."""
    return Parking(broker.uri, ["tiny"], topology.announcers(wires.EVENTS))


@pytest.fixture
def count(tiny_engine: Engine) -> Callable[[str], int]:
    """How often something was done."""

    def rows(what: str) -> int:
        with tiny_engine.connect() as connection:
            return connection.scalar(select(func.count()).where(Poke.what == what)) or 0

    return rows


FORGED: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    # login, topic, key, what else is said; `identity` stands for a service that was taken over
    "into the queue": ("identity", "", LISTENER, {}),
    "into the queue, nameless": ("identity", "", LISTENER, {"user_id": None}),
    "round a delay": ("identity", "retry.1", LISTENER, {}),
    "round a delay, nameless": ("identity", "retry.1", LISTENER, {"user_id": None}),
    "as if it had been tried before": ("identity", "", LISTENER, {"headers": {"x-tries": 1, "x-crashes": 2, "x-from-queue": LISTENER}}),
    "by the announcer, nameless": ("elsewhere", "elsewhere.events", "thing_poked", {"user_id": None}),
}


@pytest.mark.parametrize("way", FORGED)
def test_event_of_a_stranger_is_parked_unapplied_and_stays_there(
    process: wires.Process, broker: Broker, elsewhere: str, parking: Parking, count: Callable[[str], int], way: str
) -> None:
    """With its reason and whose it was; nobody's hand can have it applied, and the true ones before and after it are."""
    login, topic, key, about = FORGED[way]
    wires.send(elsewhere, "elsewhere.events", "thing_poked", wires.poked(data={"how": f"before {way}"}), content_type=EVENT_TYPE)
    wires.send(broker.uri(login), topic, key, wires.poked(data={"how": f"forged {way}"}), content_type=EVENT_TYPE, **about)
    wires.send(elsewhere, "elsewhere.events", "thing_poked", wires.poked(data={"how": f"after {way}"}), content_type=EVENT_TYPE)
    (parked,) = wires.wait_for(lambda: list(parking.each()), 15)
    said = "nobody" if "user_id" in about else login
    assert said in parked.reason and "only elsewhere announces this" in parked.reason
    assert (parked.queue, parked.runs, parked.message.headers["x-refused-sender"]) == (LISTENER, 0, said)
    for what in (parked.id, None):
        with pytest.raises(NoWayBack, match="it can only be dropped"):
            list(parking.replay(what))
    wires.wait_for(lambda: count(f"before {way}") and count(f"after {way}"), 15)
    assert count(f"forged {way}") == 0
    assert len(list(parking.drop(parked.id))) == 1 and not list(parking.each())


def test_event_that_says_another_source_is_parked(
    process: wires.Process, elsewhere: str, parking: Parking, count: Callable[[str], int]
) -> None:
    """What its listener keeps of it would be untrue."""
    wires.send(
        elsewhere, "elsewhere.events", "thing_poked", wires.poked(source="/identity", data={"how": "of identity"}), content_type=EVENT_TYPE
    )
    (parked,) = wires.wait_for(lambda: list(parking.each()), 15)
    assert "it says that it is of /identity" in parked.reason and parked.was_refused and count("of identity") == 0
    assert list(parking.drop(parked.id))


def test_event_put_into_the_parking_is_not_applied_by_putting_it_back(
    process: wires.Process, broker: Broker, parking: Parking, count: Callable[[str], int]
) -> None:
    """It went past the listener, which would otherwise get it from the service's own hand."""
    headers = {"x-reason": "RuntimeError: x", "x-from-queue": LISTENER, "x-tries": 6, "x-since": "2026-11-02T09:00:00+00:00"}
    wires.send(broker.uri("identity"), "", "tiny.parked", wires.poked(data={"how": "laundered"}), content_type=EVENT_TYPE, headers=headers)
    (parked,) = wires.wait_for(lambda: list(parking.each()), 15)
    with pytest.raises(NoWayBack, match="is of identity, and not of elsewhere"):
        list(parking.replay(parked.id))
    assert count("laundered") == 0 and list(parking.drop(parked.id))


def test_failed_event_is_believed_after_its_delays_and_when_it_is_put_back(
    process: wires.Process, elsewhere: str, parking: Parking, count: Callable[[str], int]
) -> None:
    """Each copy is the listener's own, and so is what an operator puts back: it fails six times more."""
    failed = process.ended("on thing_poked", "failed")
    wires.send(elsewhere, "elsewhere.events", "thing_poked", wires.poked(data={"how": "raise"}), content_type=EVENT_TYPE)

    def parked() -> list[Parked]:
        return list(parking.each())

    (first,) = wires.wait_for(parked, 30)
    assert (first.sender, first.runs, first.was_refused) == ("tiny", 6, False)
    assert list(parking.replay(first.id))
    (again,) = wires.wait_for(parked, 30)
    assert again.reason == first.reason and process.ended("on thing_poked", "failed") - failed == 12
    assert list(parking.drop(again.id))


def test_nobody_can_take_anothers_name(broker: Broker, elsewhere: str) -> None:
    """The broker itself compares the name on a message with the login that publishes it."""
    for topic, key in (("", LISTENER), ("retry.1", LISTENER), ("", "tiny.parked")):
        with pytest.raises(PreconditionFailed):
            wires.send(broker.uri("identity"), topic, key, wires.poked(), content_type=EVENT_TYPE, user_id="elsewhere")


def test_service_whose_login_is_not_its_name_does_not_start(broker: Broker) -> None:
    """Its events would be refused everywhere."""
    told = {
        "PATH": os.environ["PATH"], "AMQP_URI": broker.uri("identity"), "DATABASE_URL": "postgresql+psycopg2://tiny@127.0.0.1:1/tiny", "KEY_FILE": "k",
        "TRUST_FOLDER": "t", "BLOB_FOLDER": "b", "ENVIRONMENT": "development",
    }  # fmt: skip
    command = (sys.executable, "-W", "ignore", "-m", "chassis.running.serve", "tests.chassis.tiny")
    ended = subprocess.run(command, env=told, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1 and "AMQP_URI has the login identity; a service's login on the broker is its name." in ended.stderr
