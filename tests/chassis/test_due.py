"""Due work: at its date, once, whoever is free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from chassis.bare.message import real_now
from chassis.bare.tables import DueRow
from chassis.running import background
from tests.builders import person
from tests.chassis.conftest import at_once
from tests.chassis.tiny.contracts import MakeThing, RenameThing
from tests.chassis.tiny.model import Poke
from tests.room import Room

Look = Callable[..., list[Any]]


def done(look: Look) -> list[str]:
    """What was noted."""
    return sorted(poke.what for poke in look(select(Poke)))


def test_work_is_done_at_its_date_and_not_before(tiny: Room, look: Look) -> None:
    """By domain time."""
    tiny.ask(MakeThing, person(), name="lamp")
    tiny.clock.advance(hours=23, minutes=59)
    assert tiny.run_due() == 0
    tiny.clock.advance(minutes=1)
    assert tiny.run_due() == 1 and done(look) == ["reminded lamp"]
    (row,) = look(select(DueRow))
    assert (row.outcome, row.done_at) == ("done", tiny.clock.now())


def test_work_is_done_once_by_runners_at_once(tiny: Room, look: Look) -> None:
    """Each row by whoever is free."""
    for number in range(20):
        tiny.ask(MakeThing, person(), name=f"{number:02}")
    tiny.clock.advance(days=2)
    counts = at_once(*[lambda: background.do_due(tiny.frame)] * 4)
    assert done(look) == [f"reminded {number:02}" for number in range(20)] and sum(counts) == 20


def test_work_taken_back_is_not_done(tiny: Room, look: Look) -> None:
    """Its row says so."""
    who = person()
    made = tiny.ask(MakeThing, who, name="lamp")
    tiny.ask(RenameThing, who, if_match=1, thing_id=made["thing_id"], name="torch")
    tiny.clock.advance(days=2)
    assert tiny.run_due() == 0 and done(look) == []
    assert [row.outcome for row in look(select(DueRow))] == ["taken back"]


def test_taking_back_leaves_what_was_done(tiny: Room, look: Look) -> None:
    """What happened stays."""
    who = person()
    made = tiny.ask(MakeThing, who, name="lamp")
    tiny.clock.advance(days=2)
    tiny.run_due()
    tiny.ask(RenameThing, who, if_match=1, thing_id=made["thing_id"], name="torch")
    assert [row.outcome for row in look(select(DueRow))] == ["done"]


def test_taking_back_does_not_wait_for_work_that_has_begun(tiny: Room, look: Look) -> None:
    """That work waits for the very subject: the two would stand in each other's way until one is thrown out."""
    who = person()
    made = tiny.ask(MakeThing, who, name="lamp")
    with tiny.engine.begin() as begun:
        begun.execute(select(DueRow.id).with_for_update())
        tiny.ask(RenameThing, who, if_match=1, thing_id=made["thing_id"], name="torch")
    assert [row.outcome for row in look(select(DueRow))] == [None]


def test_failed_work_is_tried_later_and_slows_nobody(tiny: Room, look: Look) -> None:
    """The others are done; the failed one leaves nothing behind and waits longer each time."""
    for name in ("failing", "lamp"):
        tiny.ask(MakeThing, person(), name=name)
    tiny.clock.advance(days=2)
    assert tiny.run_due() == 1 and done(look) == ["reminded lamp"]
    for tries in (1, 2, 3):
        (row,) = look(select(DueRow).where(DueRow.done_at.is_(None)))
        assert row.tries == tries and 2 ** (tries - 1) - 1 < (row.next_try_at - real_now()).total_seconds() <= 2 ** (tries - 1)
        assert tiny.run_due() == 0
        with tiny.engine.begin() as connection:
            connection.execute(update(DueRow).values(next_try_at=real_now()))
        tiny.run_due()


def test_door_that_opens_no_unit_is_an_error_and_no_endless_loop(tiny: Room, look: Look) -> None:
    """Its row would stay open and be taken again at once, for ever."""
    tiny.ask(MakeThing, person(), name="lazy")
    tiny.clock.advance(days=2)
    assert tiny.run_due() == 0
    assert [(row.done_at, row.tries) for row in look(select(DueRow))] == [(None, 1)]


def test_work_of_a_kind_without_a_door_waits_for_one(tiny: Room, look: Look) -> None:
    """A newer version planned it; it must not be lost by an older."""
    with tiny.unit() as unit:
        unit.plan("nothing we know", person().person, unit.now)
    assert tiny.run_due() == 0
    assert [(row.done_at, row.tries) for row in look(select(DueRow))] == [(None, 1)]
