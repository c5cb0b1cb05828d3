"""Several replicas hear the facts of one exchange at the same moment, in whatever order: each is applied once, the end is the same."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.bare.refusals import ConcurrentChange, Unavailable
from chassis.bare.tables import HeardRow
from contracts.agreements.events import ExchangeEnded, ExchangeOpened, ExchangeReady, ExchangeStarted
from services.matching.model import Match
from tests.chassis.conftest import at_once
from tests.matching.conftest import MatchingRoom

COURSE = (ExchangeOpened, ExchangeReady, ExchangeStarted, ExchangeEnded)


@pytest.mark.parametrize("seed", range(4))
def test_an_exchange_heard_of_by_all_at_once_ends_where_it_ended(matching: MatchingRoom, seed: int) -> None:
    """Four facts, each delivered to two replicas, all at once; what came too early waits, what failed by a race is delivered again."""
    exchange = matching.matched()["exchange_id"]
    facts = [event.of(exchange, **event.read(event.example) | {"exchange_id": exchange}) for event in COURSE]
    deliveries = [(fact, uuid4(), version) for version, fact in enumerate(facts, 2)] * 2
    random.Random(seed).shuffle(deliveries)

    def deliver(delivery: Any) -> None:
        fact, event_id, version = delivery
        for _ in range(20):
            try:
                matching.room.hear(fact, event_id, version)
                return
            except (ConcurrentChange, Unavailable):
                continue

    failures = at_once(*[lambda delivery=delivery: deliver(delivery) for delivery in deliveries])  # type: ignore[misc]
    assert failures == [None] * len(deliveries)
    for _ in range(len(facts)):
        matching.room.try_waiting()
    assert matching.room.waiting() == []
    with matching.room.unit() as unit:
        match = unit.session.get_one(Match, exchange)
        assert (match.state, match.started_at is not None) == ("ended", True)
        ids = [event_id for _, event_id, _ in deliveries]
        assert unit.session.scalar(select(func.count()).select_from(HeardRow).where(HeardRow.event_id.in_(ids))) == len(facts)
