"""Listeners: each event once, however often it comes; and what is too early waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis.bare.refusals import InvalidFields, Unavailable
from chassis.bare.tables import HeardRow, WaitingRow
from chassis.running import background
from tests.builders import person
from tests.chassis.conftest import at_once
from tests.chassis.tiny.contracts import MakeThing, ThingNamed, ThingPoked
from tests.chassis.tiny.model import Poke, Thing
from tests.room import Room

Look = Callable[..., list[Any]]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_event_has_its_effect_once_however_often_it_is_heard(tiny: Room, look: Look, times: int) -> None:
    """At least once on the wire, exactly once in the database."""
    event_id = uuid4()
    for _ in range(times):
        tiny.hear(ThingPoked.of(uuid4(), how="gently"), event_id)
    assert len(look(select(Poke))) == len(look(select(HeardRow))) == 1


def test_event_heard_by_several_at_once_has_its_effect_once(tiny: Room, look: Look) -> None:
    """Two replicas, or a redelivery while the first is at it."""
    event_id = uuid4()
    outcomes = at_once(*[lambda: tiny.hear(ThingPoked.of(uuid4(), how="gently"), event_id)] * 4)
    assert outcomes == [event_id] * 4 and len(look(select(Poke))) == 1


def test_failed_event_is_not_remembered(tiny: Room, look: Look) -> None:
    """It comes again, and then counts."""
    event_id = uuid4()
    for how, error in (("raise", RuntimeError), ("away:/nowhere", Unavailable)):
        with pytest.raises(error):
            tiny.hear(ThingPoked.of(uuid4(), how=how), event_id)
    assert look(select(HeardRow)) == look(select(Poke)) == []
    tiny.hear(ThingPoked.of(uuid4(), how="gently"), event_id)
    assert [poke.what for poke in look(select(Poke))] == ["gently"]


def test_early_event_waits_with_its_reason(tiny: Room, look: Look) -> None:
    """It is neither lost nor failed."""
    event_id = tiny.hear(ThingNamed.of(uuid4(), name="torch"))
    (row,) = tiny.waiting()
    assert (row.event_id, row.reason, row.tries) == (event_id, "there is no such thing yet", 1)
    assert look(select(HeardRow)) == []


def test_waiting_event_is_applied_when_its_time_has_come(tiny: Room, look: Look) -> None:
    """Once, and then it waits no more; another delivery changes nothing."""
    made = tiny.ask(MakeThing, person(), name="lamp")
    early = ThingNamed.of(made["thing_id"], name="torch")
    with tiny.unit() as unit:
        unit.session.delete(unit.session.get(Thing, made["thing_id"]))
    event_id = tiny.hear(early)
    assert tiny.try_waiting() == 0
    with tiny.unit() as unit:
        unit.session.add(Thing(id=made["thing_id"], name="lamp", made_at=unit.now))
    assert tiny.try_waiting() == 1 and tiny.waiting() == []
    tiny.hear(early, event_id)
    assert [thing.name for thing in look(select(Thing))] == ["torch"] and len(tiny.facts("thing_renamed")) == 1


def test_waiting_longer_each_time(tiny: Room) -> None:
    """It must not keep the database busy."""
    tiny.hear(ThingNamed.of(uuid4(), name="torch"))
    pauses = []
    for _ in range(10):
        assert tiny.try_waiting() == 0
        (row,) = tiny.waiting()
        pauses.append((row.next_try_at - row.since).total_seconds())
    assert [row.tries for row in tiny.waiting()] == [11]
    assert pauses == sorted(pauses) and pauses[-1] > 20
    assert background.try_waiting(tiny.frame) == 0


def test_same_early_event_twice_waits_once(tiny: Room) -> None:
    """A redelivery of what already waits."""
    event_id, early = uuid4(), ThingNamed.of(uuid4(), name="torch")
    for _ in range(3):
        tiny.hear(early, event_id)
    assert len(tiny.waiting()) == 1


def test_waiting_event_known_already_is_dropped(tiny: Room, look: Look) -> None:
    """It was applied by another process meanwhile."""
    made = tiny.ask(MakeThing, person(), name="lamp")
    fact, event_id = ThingNamed.of(made["thing_id"], name="torch"), uuid4()
    missing = ThingNamed.of(uuid4(), name="torch")
    tiny.hear(missing, event_id)
    tiny.hear(fact, event_id)
    assert [thing.name for thing in look(select(Thing))] == ["torch"]
    tiny.try_waiting()
    assert look(select(WaitingRow)) == []


def test_waiting_event_tried_by_two_at_once_is_applied_once(tiny: Room) -> None:
    """Two replicas look at the same table."""
    thing_id = uuid4()
    tiny.hear(ThingNamed.of(thing_id, name="torch"))
    with tiny.unit() as unit:
        unit.session.add(Thing(id=thing_id, name="lamp", made_at=unit.now))
    at_once(*[tiny.try_waiting] * 3)
    assert len(tiny.facts("thing_renamed")) == 1 and tiny.waiting() == []


def test_event_that_does_not_fit_its_contract_is_an_error(tiny: Room, look: Look) -> None:
    """Retried and parked on the wire; never half applied."""
    from chassis.bare.message import Fact

    with pytest.raises(InvalidFields):
        tiny.hear(Fact("thing_poked", f"poke/{uuid4()}", {}))
    assert look(select(Poke)) == []
