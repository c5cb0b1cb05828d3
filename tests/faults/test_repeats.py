"""An exchange of which everything is delivered twice or five times, out of order and an hour late, ends like one that nothing disturbed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest
from rich.console import Console
from sqlalchemy import create_engine

from deploy.local.audit.place import Place, place_of
from deploy.local.audit.promises import audit
from deploy.local.exchange.__main__ import tour
from deploy.local.exchange.telling import Teller
from deploy.local.installation import SERVICES
from deploy.local.system import Running
from tests.faults.between import Between
from tests.faults.conftest import fresh_system
from tests.faults.crash_points.books import Books, books
from tests.faults.facts import facts_by_exchange
from tests.faults.likeness import left_behind, unlike

pytestmark = pytest.mark.slow

QUIET_S = 180.0


def test_exchange_delivered_many_times_late_and_out_of_order_ends_like_an_undisturbed_one(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command twice or five times at once, every event to each listener with pauses of its own; and all of it an hour later."""
    seed = int(os.environ.get("SEED") or Random().randrange(10**6))
    with capsys.disabled(), fresh_system(tmp_path_factory.mktemp("repeats")) as (running, _, _):
        print(f"\nseed {seed} (SEED={seed} repeats in this order again)")
        place, start = place_of(running.here), _books(running)
        _play(running, place)
        middle, undisturbed = _books(running), facts_by_exchange(place)
        with standing_between(running, seed) as between:
            _play(running, place)
            running.clock(timedelta(hours=1))
            between.late([*between.commands, *between.events])
            _check(place)
        end, both = _books(running), facts_by_exchange(place)
    print(
        f"{len(between.commands)} commands and {len(between.events)} events, delivered {between.copies} times, and once more an hour later"
    )
    assert len(between.commands) > 50 and len(between.events) > 40
    assert between.copies >= 2 * (len(between.commands) + len(between.events))
    differing = unlike(left_behind(start, middle), left_behind(middle, end))
    assert differing == [], "\n".join(differing)
    (alone,), (disturbed,) = undisturbed.values(), [facts for id, facts in both.items() if id not in undisturbed]
    assert disturbed == alone


@contextmanager
def standing_between(running: Running, seed: int) -> Iterator[Between]:
    """Somebody between topics and queues for the length of the block, who passes the rest on before leaving."""
    between = Between(running.here, seed)
    between.start()
    try:
        yield between
    finally:
        between.leave()


def _play(running: Running, place: Place) -> None:
    """One exchange to its payment; and nothing is on its way any more."""
    assert tour(running.here, 1, 8, Teller(Console(width=120), every_request=False)) == 1
    _check(place)


def _check(place: Place) -> None:
    """The auditor finds every promise kept, and nothing waits."""
    verdicts = list(audit(place, patience_s=QUIET_S))
    assert [detail for verdict in verdicts for detail in verdict.details] == []
    assert sum(verdict.counts["waiting"] for verdict in verdicts) == 0


def _books(running: Running) -> dict[str, Books]:
    found = {}
    for service in SERVICES:
        engine = create_engine(running.here.database.url(service))
        found[service] = books(engine)
        engine.dispose()
    return found
