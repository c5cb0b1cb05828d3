"""Every service shows how it is doing, and lets administrators put back or drop what it could not apply."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from chassis.bare.message import Request, new_id
from chassis.bare.refusals import (
    Conflict,
    Forbidden,
    InvalidFields,
    KeyReused,
    LogInRequired,
    NotParkedAnyMore,
    NoWayBackThere,
    Unavailable,
)
from chassis.bare.tables import DroppedRow, JobRow
from chassis.running.operating import Workings
from chassis.running.parked import Parked
from chassis.running.parking import NotParked, NoWayBack
from contracts.registry import CreatePartnership
from deploy.local.installation import SERVICES
from tests.builders import A_MONDAY, administrator, auditor, person, support_officer
from tests.room import Room

each_service = pytest.mark.parametrize("service", SERVICES)


class Message:
    """A message as the broker hands it out."""

    def __init__(self, service: str, number: int) -> None:
        self.body = json.dumps({"id": f"event-{number}", "type": "something_happened", "subject": f"thing/{number}"}).encode()
        self.headers = {
            "x-from-queue": f"{service}.on.something_happened",
            "x-reason": "KeyError: 'x'",
            "x-tries": 6,
            "x-since": "2026-11-02T09:00:00+00:00",
        }
        self.properties = {"user_id": service, "message_id": f"event-{number}"}


class StandInParking:
    """Keeps parked messages in a list instead of on a broker."""

    def __init__(self, service: str) -> None:
        self.there = [Parked(service, Message(service, number)) for number in (1, 2)]
        self.back: list[str] = []
        self.no_way_back = False

    def count(self) -> int:
        """How many there are."""
        return len(self.there)

    def each(self) -> Iterator[Parked]:
        """Each of them."""
        yield from list(self.there)

    def find(self, parked_id: str) -> Parked:
        """One."""
        for parked in self.there:
            if parked.id == parked_id:
                return parked
        raise NotParked(parked_id)

    def replay(self, parked_id: str) -> Iterator[Parked]:
        """Put one back."""
        parked = self.find(parked_id)
        if self.no_way_back:
            raise NoWayBack("nobody knows from which queue it came")
        self.back.append(parked.message_id)
        yield from self.drop(parked_id)

    def drop(self, parked_id: str) -> Iterator[Parked]:
        """Take one out."""
        parked = self.find(parked_id)
        yield parked
        self.there.remove(parked)


class Stage:
    """A service in a room with two parked messages."""

    def __init__(self, room: Room, service: str) -> None:
        self.room, self.parking = room, StandInParking(service)
        self.contracts: ModuleType = import_module(f"contracts.{service}.operations")
        self.name = service.capitalize()
        room.frame.parking = lambda: self.parking  # type: ignore[assignment,return-value]
        self.first, self.second = (each.id for each in self.parking.there)

    def ask(self, deed: str, who: Any = None, **fields: Any) -> dict[str, Any]:
        """Ask by what the contract's name begins and ends with (`Read Work`)."""
        contract: type[Request] = getattr(self.contracts, deed.replace(" ", self.name))
        return self.room.ask(contract, who or administrator(), **fields)

    def dropped(self) -> list[DroppedRow]:
        """What was written down."""
        with self.room.frame.sessions() as session:
            return list(session.query(DroppedRow))


@pytest.fixture
def stage(rooms: Callable[[str], Room], service: str) -> Stage:
    """The service with two parked messages."""
    return Stage(rooms(service), service)


@each_service
def test_what_is_parked_is_listed_whole_and_stays(stage: Stage, service: str) -> None:
    """With queue, reason and runs; of many the first, with how many there are."""
    listed = stage.ask("List Parked")
    assert (listed["count"], [each["parked_id"] for each in listed["items"]]) == (2, [stage.first, stage.second])
    one = listed["items"][0]
    assert (one["queue"], one["runs"], one["reason"], one["sender"]) == (f"{service}.on.something_happened", 6, "KeyError: 'x'", service)
    assert json.loads(one["text"])["subject"] == "thing/1"
    fewer = stage.ask("List Parked", limit=1)
    assert (fewer["count"], len(fewer["items"]), stage.parking.count()) == (2, 1, 2)


@each_service
def test_a_message_goes_back_once_however_often_it_is_asked_for(stage: Stage, service: str) -> None:
    """A repeat under the same key answers the same and puts nothing back again."""
    answers = [stage.ask("Replay Parked", who := administrator(), parked_id=stage.first, key="one")]
    answers.append(stage.ask("Replay Parked", who, parked_id=stage.first, key="one"))
    assert answers[0] == answers[1] and answers[0]["parked_id"] == stage.first
    assert (stage.parking.back, stage.parking.count()) == (["event-1"], 1)
    with pytest.raises(KeyReused):
        stage.ask("Replay Parked", who, parked_id=stage.second, key="one")
    with pytest.raises(NotParkedAnyMore):
        stage.ask("Replay Parked", who, parked_id=stage.first)


@each_service
def test_what_is_dropped_is_written_down_with_its_reason(stage: Stage, service: str) -> None:
    """Byte for byte, with who did so; without a reason nothing is dropped."""
    with pytest.raises(InvalidFields):
        stage.ask("Drop Parked", parked_id=stage.first, why="")
    who = administrator()
    body = stage.parking.there[0].body
    stage.ask("Drop Parked", who, parked_id=stage.first, why="Cancelled by hand.", key="one")
    (row,) = stage.dropped()
    assert (row.parked_id, row.why, row.dropped_by, row.body, row.message["queue"]) == (
        stage.first, "Cancelled by hand.", who.actor, body, f"{service}.on.something_happened",
    )  # fmt: skip
    assert [each.id for each in stage.parking.there] == [stage.second]
    with pytest.raises(NotParkedAnyMore):
        stage.ask("Drop Parked", who, parked_id=stage.first, why="Again.")


@each_service
def test_answer_to_putting_back_names_the_message(stage: Stage, service: str) -> None:
    """Whoever asked sees which one it was, also where the first answer was lost."""
    answer = stage.ask("Replay Parked", administrator(), parked_id=stage.first, key="one")
    assert (answer["parked_id"], answer["queue"]) == (stage.first, f"{service}.on.something_happened")


@each_service
def test_what_is_dropped_is_written_down_once(stage: Stage, service: str) -> None:
    """However often whoever drops it has to ask."""
    stage.ask("Drop Parked", administrator(), parked_id=stage.first, why="Cancelled by hand.", key="one")
    assert [row.parked_id for row in stage.dropped()] == [stage.first]


@each_service
def test_a_service_says_how_it_is_doing(stage: Stage, service: str) -> None:
    """Nothing waits in a new one; a failed job and what is parked are counted."""
    state = stage.ask("Read Work", auditor())
    assert (state["service"], state["parked"], state["facts"], state["untold_facts"], state["failed_jobs"]) == (service, 2, 0, 0, 0)
    with stage.room.frame.sessions.begin() as session:
        session.add(JobRow(
            kind="something", event_id=new_id(), subject="thing/1", data={}, audience=[], actor="service:x", subject_version=1, at=A_MONDAY,
            correlation_id="c", state="failed", next_try_at=A_MONDAY, finished_at=A_MONDAY,
        ))  # fmt: skip
    assert stage.ask("Read Work")["failed_jobs"] == 1


@pytest.mark.parametrize("service", ["registry"])
def test_facts_that_are_not_told_yet_are_counted_from_the_oldest(stage: Stage, service: str) -> None:
    """As long as no relay told them."""
    stage.room.ask(CreatePartnership, administrator(), **CreatePartnership.example)
    state = stage.ask("Read Work")
    assert (state["facts"], state["untold_facts"], state["oldest_untold_at"]) == (1, 1, state["last_fact_at"])
    assert state["last_fact_at"] is not None


@pytest.mark.parametrize("deed", ["Replay Parked", "Drop Parked"])
@pytest.mark.parametrize("service", ["payments"])
def test_a_deed_that_broke_off_is_finished_by_its_repeat(stage: Stage, deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was written down, and the broker went away before the message left; it does not go back a second time."""
    reasons = {"why": "By hand."} if deed.startswith("Drop") else {}
    who = administrator()
    with monkeypatch.context() as patch, pytest.raises(Unavailable):
        patch.setattr(stage.parking, "drop", lambda parked_id: broken_after(stage.parking.find(parked_id)))
        stage.ask(deed, who, parked_id=stage.first, key="one", **reasons)
    assert stage.parking.count() == 2 and len(stage.dropped()) == len(reasons)
    assert stage.ask(deed, who, parked_id=stage.first, key="one", **reasons)["parked_id"] == stage.first
    assert stage.parking.count() == 1 and len(stage.dropped()) == len(reasons)
    assert stage.parking.back == ([] if reasons else ["event-1"])


@pytest.mark.parametrize("deed", ["Replay Parked", "Drop Parked"])
@pytest.mark.parametrize("service", ["payments"])
def test_what_was_parked_again_stays_when_an_earlier_deed_is_repeated(stage: Stage, deed: str) -> None:
    """It is the same message, but not what was left over: it failed anew."""
    reasons = {"why": "By hand."} if deed.startswith("Drop") else {}
    again, who = stage.parking.find(stage.first), administrator()
    answer = stage.ask(deed, who, parked_id=stage.first, key="one", **reasons)
    again.message.headers["x-since"] = "2026-11-02T09:00:01+00:00"
    stage.parking.there.append(again)
    assert stage.ask(deed, who, parked_id=stage.first, key="one", **reasons) == answer
    assert stage.parking.find(stage.first) is again and stage.parking.back == ([] if reasons else ["event-1"])


@pytest.mark.parametrize("deed", ["Replay Parked", "Drop Parked"])
@pytest.mark.parametrize("service", ["registry", "identity"])
def test_two_at_once_under_one_key_get_one_answer(stage: Stage, deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits while the other has the parking finds the message gone, and the other's answer written down."""
    reasons = {"why": "By hand."} if deed.startswith("Drop") else {}
    who, turn, both_asked = administrator(), threading.Lock(), threading.Barrier(2, timeout=30)

    @contextmanager
    def one_at_a_time(workings: Workings) -> Iterator[Any]:
        with suppress(threading.BrokenBarrierError):
            both_asked.wait()
        both_asked.abort()  # later looks of the two need not meet
        with turn, parking(workings) as mine:
            yield mine

    parking = Workings._parking
    monkeypatch.setattr(Workings, "_parking", one_at_a_time)
    with ThreadPoolExecutor(2) as two:
        asked = [two.submit(stage.ask, deed, who, parked_id=stage.first, key="one", **reasons) for _ in range(2)]
        one, other = (each.result() for each in asked)
    assert one == other and one["parked_id"] == stage.first
    assert (stage.parking.count(), stage.parking.back) == (1, [] if reasons else ["event-1"])
    assert len(stage.dropped()) == len(reasons)


def broken_after(parked: Parked) -> Iterator[Parked]:
    """The broker goes away before the message leaves."""
    yield parked
    raise OSError("connection reset")


STRANGE = {"nothing": "thing\0", "half a character": "thing\ud800", "no text": ["thing\0"]}


@pytest.mark.parametrize("subject", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("deed", ["Replay Parked", "Drop Parked"])
@pytest.mark.parametrize("service", ["registry"])
def test_what_no_database_keeps_is_put_back_and_dropped_as_anything_else(stage: Stage, deed: str, subject: Any) -> None:
    """It is shown as its escape; what is written down of a dropped one is still every byte."""
    message = Message("registry", 3)
    message.body = json.dumps({"id": f"event-{subject}", "subject": subject}).encode()
    message.headers["x-reason"] = "ValueError: \0\ud800"
    message.properties = {"user_id": "registry"}
    stage.parking.there.append(Parked("registry", message))
    shown = stage.ask("List Parked")["items"][2]
    assert (shown["reason"], shown["subject"].isprintable()) == (r"ValueError: \x00\ud800", True)
    reasons = {"why": "Nobody wants it."} if deed.startswith("Drop") else {}
    answer = stage.ask(deed, administrator(), parked_id=shown["parked_id"], key="one", **reasons)
    assert answer == shown and stage.parking.count() == 2
    assert [row.body for row in stage.dropped()] == ([message.body] if reasons else [])


@pytest.mark.parametrize("service", ["agreements"])
def test_what_is_dropped_is_held_until_it_is_written_down(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else somebody might put it back meanwhile, and it would be written down as dropped."""
    seen: list[str] = []
    held = stage.parking.drop

    def drop(parked_id: str) -> Iterator[Parked]:
        for parked in held(parked_id):
            yield parked
            seen.extend(row.parked_id for row in stage.dropped())

    monkeypatch.setattr(stage.parking, "drop", drop)
    stage.ask("Drop Parked", parked_id=stage.first, why="By hand.")
    assert seen == [stage.first]


@pytest.mark.parametrize("service", ["matching"])
def test_what_has_no_way_back_stays_parked(stage: Stage, service: str) -> None:
    """The refusal says why."""
    stage.parking.no_way_back = True
    with pytest.raises(NoWayBackThere, match="nobody knows from which queue"):
        stage.ask("Replay Parked", parked_id=stage.first)
    assert issubclass(NoWayBackThere, Conflict) and stage.parking.count() == 2


@pytest.mark.parametrize("service", ["identity"])
def test_operations_are_the_administrators(stage: Stage, service: str) -> None:
    """The auditor sees how the services are doing, and nobody else anything."""
    for deed, fields in (
        ("List Parked", {}),
        ("Replay Parked", {"parked_id": stage.first}),
        ("Drop Parked", {"parked_id": stage.first, "why": "x"}),
    ):
        for who in (person(), support_officer(), auditor()):
            with pytest.raises(Forbidden):
                stage.ask(deed, who, **fields)
    for who in (person(), support_officer()):
        with pytest.raises(Forbidden):
            stage.ask("Read Work", who)
    with pytest.raises(LogInRequired):
        stage.room.ask(stage.contracts.ReadIdentityWork)
    assert stage.parking.count() == 2
