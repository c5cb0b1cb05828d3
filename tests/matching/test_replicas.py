"""Several replicas hear the facts of one exchange at the same moment, in whatever order: each is applied once, the end is the same."""

from __future__ import annotations

import random
import threading
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from chassis.bare.refusals import ConcurrentChange, Unavailable
from chassis.bare.tables import HeardRow
from contracts.agreements.events import ExchangeEnded, ExchangeOpened, ExchangeReady, ExchangeStarted
from contracts.registry.events import ParticipationPaused, ParticipationResumed
from services.matching.model import Match, Participant
from tests.chassis.conftest import at_once
from tests.chassis.wires import wait_for
from tests.matching.conftest import MatchingRoom
from tests.matching.profiles import an_id, host_profile

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


def test_what_is_heard_while_the_acceptance_is_being_applied_elsewhere_counts(matching: MatchingRoom) -> None:
    """Paused, then resumed: the acceptance comes third, and the resumption stands behind it in the same moment."""
    profile = host_profile("late comer")
    ids = {name: profile[name] for name in ("participation_id", "organisation_id", "partnership_id")}
    matching.room.hear(ParticipationPaused.of(an_id("any"), **ids), subject_version=3)
    resumed = ParticipationResumed.of(an_id("any"), **ids)
    hearings = [lambda: matching.accept(profile), lambda: matching.room.hear(resumed, subject_version=5)]
    with matching.room.engine.begin() as held:
        held.execute(text("SELECT FROM standing WHERE participation_id = :id FOR UPDATE"), {"id": ids["participation_id"]})
        under_way = [threading.Thread(target=each) for each in hearings]
        for number, thread in enumerate(under_way, 1):
            thread.start()
            wait_for(lambda number=number: _waiting_for_locks(matching) == number)  # type: ignore[misc]
    for thread in under_way:
        thread.join()
    with matching.room.unit() as unit:
        assert unit.session.get_one(Participant, ids["participation_id"]).state == "accepted"


def _waiting_for_locks(matching: MatchingRoom) -> int:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with matching.room.engine.connect() as connection:
        return int(connection.scalar(text(waiting)) or 0)
