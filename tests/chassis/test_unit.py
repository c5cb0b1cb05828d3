"""The unit: all or nothing, and a journal that shows when somebody touched it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import sessionmaker

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Request, real_now
from chassis.bare.refusals import ConcurrentChange, IfMatchRequired, StaleVersion, Unavailable
from chassis.bare.tables import DueRow, JournalRow
from chassis.running.frame import make_engine
from chassis.running.occasions import Call
from chassis.running.unit import open_unit
from tests.builders import person
from tests.chassis.conftest import at_once
from tests.chassis.tiny.contracts import ListThings, MakeThing, RenameThing, ThingMade, ThingNotFound, ThingRenamed, ThingSpoilt
from tests.chassis.tiny.model import Thing
from tests.room import Room

Look = Callable[..., list[Any]]

JOURNAL = select(JournalRow).order_by(JournalRow.position)


def test_state_journal_and_plan_are_committed_together(tiny: Room, look: Look) -> None:
    """No state without its journal row."""
    made = tiny.ask(MakeThing, person(), name="lamp")
    assert [str(thing.id) for thing in look(select(Thing))] == [made["thing_id"]]
    assert [fact.data for fact in tiny.facts("thing_made")] == [{"name": "lamp"}]
    assert [row.kind for row in look(select(DueRow))] == ["reminder"]


@pytest.mark.parametrize(("name", "error"), [("spoilt", ThingSpoilt), ("bug", RuntimeError)])
def test_refusal_and_bug_leave_nothing_at_all(tiny: Room, look: Look, name: str, error: type[Exception]) -> None:
    """Neither thing nor fact nor plan of a unit that did not end well."""
    with pytest.raises(error):
        tiny.ask(MakeThing, person(), name=name)
    assert look(select(Thing)) == look(JOURNAL) == look(select(DueRow)) == []


SWITCH = Lifecycle("switch", "off", move("pull", "off", "on", "person"))


def test_moves_are_counted_with_their_door_when_their_unit_commits(tiny: Room) -> None:
    """Which doors make which moves is seen on a running system; what was rolled back was not made."""
    labels = {"service": "tiny", "subject": "switch", "move": "pull", "state": "off", "role": "person", "door": "call:request"}

    def pull() -> None:
        SWITCH.after("off", "pull", ["person", "guest"])

    with pytest.raises(ThingSpoilt), tiny.unit():
        pull()
        raise ThingSpoilt(thing_id=uuid4())
    assert REGISTRY.get_sample_value("moves_made_total", labels) is None
    with tiny.unit():
        pull()
    assert REGISTRY.get_sample_value("moves_made_total", labels) == 1


def test_facts_of_one_subject_are_numbered_and_chained(tiny: Room, look: Look) -> None:
    """From 1, each with the hash of the one before."""
    who = person()
    made = tiny.ask(MakeThing, who, name="lamp")
    for number, name in enumerate(("torch", "light"), 1):
        tiny.ask(RenameThing, who, if_match=number, thing_id=made["thing_id"], name=name)
    rows = look(JOURNAL)
    assert [row.subject_version for row in rows] == [1, 2, 3]
    assert [row.previous_hash for row in rows] == ["", rows[0].hash, rows[1].hash]


def test_journal_says_who_when_and_why(tiny: Room, look: Look) -> None:
    """Actor, domain time, real time, correlation."""
    who = person()
    tiny.clock.advance(days=100)
    tiny.ask(MakeThing, who, name="lamp")
    (row,) = look(JOURNAL)
    assert (row.actor, row.at, row.published_at) == (who.actor, tiny.clock.now(), None)
    assert abs((row.recorded_at - real_now()).total_seconds()) < 10 and row.correlation_id.startswith("test-")


def test_chain_verifies_and_shows_an_altered_row(tiny: Room, look: Look) -> None:
    """The hash covers all a row says, and reads back as it was written."""
    tiny.ask(MakeThing, person(), name="Großer Lüfter 🌀")
    assert [row.hash == row.computed_hash() for row in look(JOURNAL)] == [True]
    with tiny.engine.begin() as connection:
        connection.execute(text("UPDATE journal SET actor = 'person:somebody else'"))
    assert [row.hash == row.computed_hash() for row in look(JOURNAL)] == [False]


def test_many_facts_of_one_unit_keep_their_order(tiny: Room, look: Look) -> None:
    """Positions follow the announcements, versions count within each subject."""
    one, two = uuid4(), uuid4()
    subjects = [one, two, one, one, two] * 30
    with tiny.unit() as unit:
        unit.announce([ThingRenamed.of(subject, name=str(number)) for number, subject in enumerate(subjects)])
    rows = look(JOURNAL)
    assert [row.data["name"] for row in rows] == [str(number) for number in range(len(subjects))]
    assert [row.subject_version for row in rows if row.subject == f"thing/{one}"] == list(range(1, 91))


def test_two_units_at_once_on_one_subject_count_on(tiny: Room, look: Look) -> None:
    """Neither takes the other's number, whoever commits first."""
    subject, together = uuid4(), threading.Barrier(4)

    def announce() -> None:
        together.wait()
        for _ in range(5):
            with tiny.unit() as unit:
                unit.announce([ThingMade.of(subject, name="one"), ThingRenamed.of(subject, name="two")])

    assert at_once(*[announce] * 4) == [None] * 4
    rows = sorted(look(JOURNAL), key=lambda row: row.subject_version)
    assert [row.subject_version for row in rows] == list(range(1, 41))
    assert [row.previous_hash for row in rows] == ["", *(row.hash for row in rows[:-1])]
    assert [row.position for row in rows] == sorted(row.position for row in rows)


def test_two_units_with_the_same_two_subjects_do_not_wait_for_each_other(tiny: Room) -> None:
    """Locks are taken in one order, whatever the order of the facts."""
    one, two = uuid4(), uuid4()

    def announce(*subjects: Any) -> None:
        for _ in range(20):
            with tiny.unit() as unit:
                unit.announce([ThingMade.of(subject, name="thing") for subject in subjects])

    assert at_once(lambda: announce(one, two), lambda: announce(two, one)) == [None, None]


def test_version_that_was_read_is_taken(tiny: Room) -> None:
    """If-Match names it; the answer brings the next."""
    who = person()
    made = tiny.ask(MakeThing, who, name="lamp")
    assert tiny.ask(RenameThing, who, if_match=1, thing_id=made["thing_id"], name="torch")["version"] == 2


@pytest.mark.parametrize("version", [0, 2])
def test_version_that_is_not_the_present_one_is_refused(tiny: Room, version: int) -> None:
    """Nobody overwrites what they have not seen; the present version is named."""
    who = person()
    made = tiny.ask(MakeThing, who, name="lamp")
    with pytest.raises(StaleVersion) as refused:
        tiny.ask(RenameThing, who, if_match=version, thing_id=made["thing_id"], name="torch")
    assert refused.value.details == {"version": 1}
    assert tiny.facts("thing_renamed") == []


def test_change_that_names_no_version_is_refused(tiny: Room) -> None:
    """Whoever does not say what was read might overwrite anything."""
    who = person()
    made = tiny.ask(MakeThing, who, name="lamp")
    with pytest.raises(IfMatchRequired):
        tiny.ask(RenameThing, who, thing_id=made["thing_id"], name="torch")


def test_only_one_of_two_changes_at_once_wins(tiny: Room) -> None:
    """Both read version 1; the second is told."""
    who = person()
    thing_id = tiny.ask(MakeThing, who, name="lamp")["thing_id"]
    outcomes = at_once(*[lambda: tiny.ask(RenameThing, who, if_match=1, thing_id=thing_id, name="torch")] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["StaleVersion", "dict"]


def test_change_without_a_lock_that_lost_is_a_concurrent_change(tiny: Room) -> None:
    """The version column refuses it in the database, and that is a refusal rather than an error."""
    made = tiny.ask(MakeThing, person(), name="lamp")
    with pytest.raises(ConcurrentChange), tiny.unit() as unit:
        found = unit.session.get(Thing, made["thing_id"])
        with tiny.engine.begin() as other:
            other.execute(text("UPDATE thing SET version = 9"))
        found.name = "torch"


def test_missing_row_is_the_refusal_that_was_named(tiny: Room) -> None:
    """`unit.one` raises it."""
    with pytest.raises(ThingNotFound):
        tiny.ask(RenameThing, person(), if_match=1, thing_id=uuid4(), name="torch")


def test_history_is_the_journal_of_a_subject(tiny: Room) -> None:
    """In order, and of nothing else."""
    who = person()
    made = tiny.ask(MakeThing, who, name="lamp")
    tiny.ask(MakeThing, who, name="other")
    tiny.ask(RenameThing, who, if_match=1, thing_id=made["thing_id"], name="torch")
    with tiny.unit() as unit:
        assert [row.type for row in unit.history(f"thing/{made['thing_id']}")] == ["thing_made", "thing_renamed"]


def test_database_away_is_unavailable(tiny: Room) -> None:
    """Not a bug, and the caller may come again."""
    tiny.frame.sessions = sessionmaker(make_engine("postgresql+psycopg2://tiny@127.0.0.1:1/tiny"))
    with pytest.raises(Unavailable):
        tiny.ask(MakeThing, person(), name="lamp")


def test_database_without_room_is_unavailable_for_changes_and_says_so(tiny: Room) -> None:
    """Whoever reads the logs knows what to do."""

    class Full(Exception):
        pgcode = "53100"

    with pytest.raises(Unavailable, match="no room for changes"), tiny.unit():
        raise OperationalError("INSERT", {}, Full())


def test_connection_that_breaks_in_a_unit_is_unavailable(tiny: Room) -> None:
    """The database was restarted under it; the next unit finds a fresh connection."""
    with pytest.raises(Unavailable), tiny.unit() as unit:
        pid = unit.session.scalar(text("SELECT pg_backend_pid()"))
        with tiny.engine.begin() as other:
            other.execute(text(f"SELECT pg_terminate_backend({pid})"))
        unit.session.execute(text("SELECT 1"))
    assert tiny.ask(MakeThing, person(), name="lamp")


def test_pool_without_a_free_connection_is_unavailable(tiny: Room) -> None:
    """Too much at once is no bug either."""
    narrow = make_engine(tiny.engine.url.render_as_string(hide_password=False), pool_size=1)
    narrow.pool._max_overflow, narrow.pool._timeout = 0, 0.1  # type: ignore[attr-defined]
    tiny.frame.sessions = sessionmaker(narrow)
    with narrow.connect(), pytest.raises(Unavailable):
        tiny.ask(MakeThing, person(), name="lamp")
    narrow.dispose()


def test_looking_changes_nothing(tiny: Room, look: Look) -> None:
    """`unit(reading=True)` is for what must be known before slow work; what would change something is a bug, and is not done."""
    from chassis.running.occasions import Occasion
    from chassis.running.unit import look as reading

    with pytest.raises(TypeError), reading(tiny.frame, Occasion(tiny.frame.itself, "test")) as unit:
        unit.session.add(Thing.make("lamp", unit.now)[0])
        unit.session.flush()
    assert look(select(Thing)) == []


def asks(contract: type[Request]) -> Call:
    """A call of that kind."""
    return Call(person(), "test", {}, contract=contract)


def test_query_has_no_transaction_and_changes_nothing(tiny: Room, look: Look) -> None:
    """Each of its statements sees what is committed by then; one that would change or lock something is a bug."""
    made = tiny.ask(MakeThing, person(), name="lamp")
    with open_unit(tiny.frame, asks(ListThings)) as unit:
        assert unit.session.scalar(select(func.now())) != unit.session.scalar(select(func.now()))
        tiny.ask(MakeThing, person(), name="chair")
        assert len(unit.session.scalars(select(Thing)).all()) == 2
    changes = (
        lambda unit: unit.session.add(Thing.make("table", unit.now)[0]) or unit.session.flush(),
        lambda unit: unit.session.execute(select(Thing).with_for_update()),
        lambda unit: unit.session.execute(delete(Thing)),
        lambda unit: unit.session.execute(text("DELETE FROM thing")),
        lambda unit: unit.announce(ThingMade.of(made["thing_id"], name="x")),
    )
    for change in changes:
        with pytest.raises(TypeError), open_unit(tiny.frame, asks(ListThings)) as unit:
            change(unit)
    assert sorted(thing.name for thing in look(select(Thing))) == ["chair", "lamp"] and len(tiny.facts("thing_made")) == 2


def test_query_that_is_traced_announces_that_somebody_read(tiny: Room) -> None:
    """In one transaction with what it reads, as any unit."""
    with open_unit(tiny.frame, asks(ListThings), traced=True) as unit:
        assert unit.session.scalar(select(func.now())) == unit.session.scalar(select(func.now()))
        unit.announce(ThingMade.of(uuid4(), name="seen"))
    assert [fact.data["name"] for fact in tiny.facts("thing_made")] == ["seen"]


def test_commit_wakes_whoever_waits_and_a_failure_does_not(tiny: Room) -> None:
    """The relay need not look all the time, nor after units in which nothing was announced."""
    woken: list[int] = []
    tiny.frame.after_commit.append(lambda: woken.append(1))
    tiny.ask(MakeThing, person(), name="lamp")
    tiny.ask(ListThings)
    with pytest.raises(ThingSpoilt):
        tiny.ask(MakeThing, person(), name="spoilt")
    assert woken == [1]


def test_only_a_call_is_replied_to(tiny: Room) -> None:
    """A listener that replies is a bug."""
    from chassis.running.occasions import Occasion

    with pytest.raises(TypeError), open_unit(tiny.frame, Occasion(tiny.frame.itself, "test")) as unit:
        unit.reply()
