"""One key, one effect, one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from chassis.bare.message import real_now
from chassis.bare.refusals import KeyReused
from chassis.bare.tables import AnsweredRow
from chassis.running.background import forget_answers
from tests.builders import person
from tests.chassis.conftest import at_once
from tests.chassis.tiny.contracts import ForgetReply, MakeThing, RenameThing, ThingSpoilt, TouchThing
from tests.chassis.tiny.model import Poke, Thing
from tests.room import Room

Look = Callable[..., list[Any]]


def test_same_key_gets_the_same_answer_and_has_one_effect(tiny: Room, look: Look) -> None:
    """The repeat of a lost answer."""
    who = person()
    answers = [tiny.ask(MakeThing, who, key="k", name="lamp") for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert len(look(select(Thing))) == len(tiny.facts()) == 1


def test_first_answer_is_kept_though_the_thing_changed_since(tiny: Room) -> None:
    """A repeat is told what was, not what is."""
    who = person()
    made = tiny.ask(MakeThing, who, key="k", name="lamp")
    tiny.ask(RenameThing, who, if_match=1, thing_id=made["thing_id"], name="torch")
    assert tiny.ask(MakeThing, who, key="k", name="lamp") == made


def test_same_key_with_other_content_is_refused(tiny: Room, look: Look) -> None:
    """That is a mistake of the client's, and it must learn of it."""
    who = person()
    tiny.ask(MakeThing, who, key="k", name="lamp")
    with pytest.raises(KeyReused):
        tiny.ask(MakeThing, who, key="k", name="torch")
    assert len(look(select(Thing))) == 1


def test_same_key_with_another_version_or_request_is_refused(tiny: Room) -> None:
    """If-Match belongs to the content, and so does the request's name."""
    who = person()
    made = tiny.ask(MakeThing, who, key="k", name="lamp")
    with pytest.raises(KeyReused):
        tiny.ask(RenameThing, who, key="k", if_match=1, thing_id=made["thing_id"], name="lamp")
    tiny.ask(RenameThing, who, key="r", if_match=1, thing_id=made["thing_id"], name="lamp")
    with pytest.raises(KeyReused):
        tiny.ask(RenameThing, who, key="r", if_match=2, thing_id=made["thing_id"], name="lamp")


def test_same_key_at_once_has_one_effect(tiny: Room, look: Look) -> None:
    """The second waits for the first's commit and gets its answer."""
    who = person()
    outcomes = at_once(*[lambda: tiny.ask(MakeThing, who, key="k", name="lamp", seconds=0.2)] * 4)
    assert all(outcome == outcomes[0] for outcome in outcomes) and isinstance(outcomes[0], dict)
    assert len(look(select(Thing))) == len(tiny.facts()) == 1


def test_second_acts_when_the_first_of_two_at_once_fails(tiny: Room, look: Look) -> None:
    """Whoever waited does not inherit a failure."""
    who = person()
    outcomes = at_once(*[lambda: tiny.ask(MakeThing, who, key="k", name="spoilt", seconds=0.1)] * 2)
    assert [type(outcome) for outcome in outcomes] == [ThingSpoilt, ThingSpoilt]
    assert look(select(AnsweredRow)) == []


def test_refused_command_leaves_no_key(tiny: Room, look: Look) -> None:
    """It may be corrected and sent again with the same key."""
    who = person()
    with pytest.raises(ThingSpoilt):
        tiny.ask(MakeThing, who, key="k", name="spoilt")
    assert look(select(AnsweredRow)) == []
    assert tiny.ask(MakeThing, who, key="k", name="lamp")["name"] == "lamp"


def test_same_key_of_another_actor_is_another_key(tiny: Room) -> None:
    """Nobody reads another's answer by guessing a key."""
    one, other = (tiny.ask(MakeThing, person(), key="k", name="lamp") for _ in range(2))
    assert one["thing_id"] != other["thing_id"]


def test_command_without_keys_acts_each_time(tiny: Room, look: Look) -> None:
    """A key sent along with it says nothing, and its answer is not kept."""
    who = person()
    one, other = (tiny.ask(TouchThing, who, key="k", name="lamp") for _ in range(2))
    assert one["thing_id"] != other["thing_id"] and look(select(AnsweredRow)) == []


def test_keyed_command_that_ends_without_a_reply_is_a_bug_and_undone(tiny: Room, look: Look) -> None:
    """Its repeat would find nothing to answer."""
    with pytest.raises(TypeError, match="forget_reply"):
        tiny.ask(ForgetReply, person(), key="k")
    assert look(select(Poke)) == look(select(AnsweredRow)) == []


def test_answers_are_forgotten_after_a_month(tiny: Room, look: Look) -> None:
    """Not before."""
    who = person()
    for key in ("old", "young"):
        tiny.ask(MakeThing, who, key=key, name="lamp")
    with tiny.engine.begin() as connection:
        old = update(AnsweredRow).where(AnsweredRow.key == "old")
        connection.execute(old.values(at=real_now() - timedelta(days=31)))
    assert forget_answers(tiny.frame) == 1
    assert [row.key for row in look(select(AnsweredRow))] == ["young"]
