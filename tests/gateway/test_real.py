"""The gateway as gunicorn serves it, over real HTTP: without a broker, and when there is one again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from contracts.identity.sessions import LogIn
from deploy.local.broker_rights import Broker
from gateway.middleware import SAFE_HEADERS
from tests.chassis.wires import wait_for
from tests.gateway.forwarder import Forwarder
from tests.gateway.served import served

pytestmark = pytest.mark.slow


@pytest.fixture
def site(tmp_path: Path, broker: Broker, way: Forwarder) -> Iterator[httpx.Client]:
    """A real gateway; it is stopped in order afterwards."""
    broker.prepare(["gateway"])
    uri = broker.uri("gateway").replace(str(httpx.URL(broker.amqp_uri).port), str(way.port))
    with served(tmp_path, uri) as site:
        yield site.client


def test_gateway_without_a_broker_says_come_again_and_recovers_by_itself(site: httpx.Client, way: Forwarder) -> None:
    """503 with Retry-After at once, alive but not ready; ready again as soon as the broker can be reached, and again not without."""
    began = time.monotonic()
    answer = site.post("/v1/sessions", json=LogIn.example)
    assert time.monotonic() - began < 5
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable") and int(answer.headers["Retry-After"]) > 0
    assert {name: answer.headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS
    assert (site.get("/health/live").status_code, site.get("/health/ready").status_code) == (200, 503)
    for _ in range(2):
        way.join()
        wait_for(lambda: site.get("/health/ready").status_code == 200)
        way.cut()
        wait_for(lambda: site.get("/health/ready").status_code == 503)


def test_address_method_and_body_are_checked_over_real_http(site: httpx.Client) -> None:
    """As in the other tests, through gunicorn's own parsing."""
    assert site.get("/v1/nothing").status_code == 404
    assert site.put("/v1/me").status_code == 405
    assert site.get("/v1/me").status_code == 401
    assert site.post("/v1/sessions", content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert site.post("/v1/sessions", content=b" " * 2_000_000, headers={"Content-Type": "application/json"}).status_code == 413
