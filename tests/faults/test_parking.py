"""The parking as an operator meets it: looked at, put back, dropped with a reason. No service runs meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from chassis.bare.protocol import EVENT_TYPE
from chassis.running.operating import own_parking
from chassis.running.parked import Parked
from chassis.running.parking import LookedAt, NotParked, NoWayBack, Parking
from chassis.running.topology import announcers
from deploy.local import parked as command
from deploy.local.broker_rights import Broker
from deploy.local.unusable import Unusable
from tests.chassis import wires
from tests.chassis.tiny.service import Tiny

LISTENER = "tiny.on.thing_poked"


@pytest.fixture
def uri(broker: Broker) -> str:
    """The broker, with the tiny service's queues, empty."""
    broker.prepare(["tiny"], asking=["tiny"])
    wires.declare(broker.administrator_uri())
    wires.empty(broker.administrator_uri(), "tiny.parked", LISTENER)
    return broker.administrator_uri()


@pytest.fixture
def parking(uri: str, broker: Broker) -> Parking:
    """The tiny service's parking."""
    return Parking(broker.uri, ["tiny"], announcers(wires.EVENTS))


@pytest.fixture
def two(broker: Broker, parking: Parking) -> list[Parked]:
    """Two parked events."""
    for how in ("first", "second"):
        headers = {"x-reason": f"RuntimeError: {how}", "x-from-queue": LISTENER, "x-tries": 6, "x-since": "2026-11-02T09:00:00+00:00"}
        wires.send(
            broker.uri("tiny"),
            "",
            "tiny.parked",
            wires.poked(data={"how": how}),
            content_type=EVENT_TYPE,
            headers=headers | {"x-own": "kept"},
            type="thing_poked",
        )
    return wires.wait_for(lambda: found if len(found := list(parking.each())) == 2 else None)


def test_looking_takes_nothing_out_however_often(parking: Parking, two: list[Parked]) -> None:
    """And shows the same ids each time."""
    for _ in range(30):
        assert {each.id for each in parking.each()} == {each.id for each in two}
    assert parking.find(two[1].id).body == two[1].body


def test_looks_at_once_each_see_all(parking: Parking, two: list[Parked], broker: Broker) -> None:
    """A look holds what it looks at; another waits for its end, and does not take for gone what is only looked at."""
    others = own_parking(Tiny, broker.uri("tiny"))

    def look(number: int) -> set[str]:
        return {each.id for each in others().each()} if number % 2 else {parking.find(each.id).id for each in two}

    with ThreadPoolExecutor(6) as lookers:
        seen = list(lookers.map(look, range(60)))
    assert all(each == {each.id for each in two} for each in seen) and others().count() == 2


def test_a_look_without_an_end_is_told_to_the_next(parking: Parking, two: list[Parked], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for, but not for ever; when whoever looks is gone, the next one sees all."""
    monkeypatch.setattr("chassis.running.parking.ALONE_WITHIN_S", 0.3)
    with closing(parking.each()) as look:
        next(look)
        for deed in (parking.count, lambda: parking.find(two[0].id), lambda: list(parking.replay())):
            with pytest.raises(LookedAt):
                deed()
    assert parking.count() == 2


def test_service_opens_its_own_parking_with_its_own_login(uri: str, broker: Broker, two: list[Parked]) -> None:
    """It counts, looks and puts back what it hears from others; that is all an administrator needs of it."""
    open_own = own_parking(Tiny, broker.uri("tiny"))
    assert open_own().count() == 2 and [each.id for each in open_own().each()] == [each.id for each in two]
    assert [each.id for each in open_own().replay(two[0].id)] == [two[0].id]
    assert len(wires.taken(uri, LISTENER)) == 1 and open_own().count() == 1


def test_replayed_message_is_as_it_was_and_no_longer_parked(uri: str, parking: Parking, two: list[Parked]) -> None:
    """Its counts begin anew; whatever else it carried it still carries."""
    assert [each.id for each in parking.replay(two[0].id)] == [two[0].id]
    (message,) = wires.taken(uri, LISTENER)
    assert message.body == two[0].body.decode() or bytes(message.body) == two[0].body
    assert {name: value for name, value in message.headers.items() if value} == {"x-own": "kept"} and message.properties[
        "type"
    ] == "thing_poked"
    assert message.properties["content_type"] == EVENT_TYPE and message.properties["delivery_mode"] == 2
    assert message.properties["user_id"] == "tiny"
    assert [each.id for each in parking.each()] == [two[1].id]


def test_crash_between_going_back_and_leaving_repeats_the_message(
    uri: str, parking: Parking, two: list[Parked], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in both places then, under one id: nothing is lost, and its listener hears it once."""

    def crash(_parked: Parked) -> None:
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr("chassis.running.parking._take_out", crash)
        list(parking.replay(two[0].id))
    assert {each.id for each in parking.each()} == {each.id for each in two}
    list(parking.replay(two[0].id))
    ids = [body["id"] for body in wires.bodies(uri, LISTENER)]
    assert len(ids) == 2 and set(ids) == {two[0].message_id}


def test_message_without_a_way_back_stays_parked(broker: Broker, parking: Parking) -> None:
    """Its queue is gone, or nobody knows which it was."""
    for number, headers in enumerate(({"x-from-queue": "tiny.on.something_else"}, {})):
        wires.send(broker.uri("tiny"), "", "tiny.parked", b"%d" % number, headers=headers)
    for parked in wires.wait_for(lambda: found if len(found := list(parking.each())) == 2 else None):
        with pytest.raises(NoWayBack):
            list(parking.replay(parked.id))
    assert len(list(parking.each())) == 2


def strange(**changes: Any) -> dict[str, Any]:
    """What somebody parks for the tiny service with its own hand: it looks as what was parked by the service does."""
    headers = {"x-reason": "RuntimeError: x", "x-from-queue": LISTENER, "x-tries": 6, "x-since": "2026-11-02T09:00:00+00:00"}
    return {"headers": headers, "content_type": EVENT_TYPE, "type": "thing_poked"} | changes


def test_what_the_broker_parked_goes_back_as_the_services_own(broker: Broker, uri: str, parking: Parking) -> None:
    """It still bears the name of the service that announced it."""
    wires.send(wires.elsewhere(broker), "", "tiny.parked", wires.poked(), **strange())
    (parked,) = wires.wait_for(lambda: list(parking.each()))
    assert parked.sender == "elsewhere" and list(parking.replay(parked.id))
    (message,) = wires.taken(uri, LISTENER)
    assert message.properties["user_id"] == "tiny" and not list(parking.each())


@pytest.mark.parametrize(
    ("login", "changes"),
    [("identity", {}), ("elsewhere", {"user_id": None}), ("tiny", {"user_id": None}), ("elsewhere", {"headers": {"x-from-queue": "tiny.on.thing_made"}})],
    ids=["another service", "nobody known", "the service, without its name", "an announcer of something else"],
)  # fmt: skip
def test_what_a_stranger_parked_never_goes_back(
    broker: Broker, uri: str, parking: Parking, two: list[Parked], login: str, changes: dict[str, Any]
) -> None:
    """Else the service would be made to believe it by an operator's hand. It can be dropped; and the others go back as ever."""
    wires.elsewhere(broker)
    wires.send(broker.uri(login), "", "tiny.parked", body := wires.poked(), **strange(**changes))
    forged = wires.wait_for(lambda: [each for each in parking.each() if each.body == body])[0]
    for what in (forged.id, None):
        with pytest.raises(NoWayBack, match="it can only be dropped"):
            list(parking.replay(what))
    assert {each["id"] for each in wires.bodies(uri, LISTENER)} == {each.message_id for each in two}
    assert [each.id for each in parking.each()] == [forged.id] and list(parking.drop(forged.id)) and not list(parking.each())


def test_what_its_listener_did_not_believe_never_goes_back(broker: Broker, uri: str, parking: Parking) -> None:
    """Though the service itself parked it."""
    about = strange()
    wires.send(
        broker.uri("tiny"), "", "tiny.parked", wires.poked(), **about | {"headers": about["headers"] | {"x-refused-sender": "identity"}}
    )
    (parked,) = wires.wait_for(lambda: list(parking.each()))
    assert parked.sender == "identity"
    with pytest.raises(NoWayBack, match="is of identity, and not of elsewhere: it can only be dropped"):
        list(parking.replay(parked.id))
    assert not wires.taken(uri, LISTENER) and len(list(parking.each())) == 1


def test_unknown_id_is_said(parking: Parking, two: list[Parked]) -> None:
    """Whatever was wanted with it."""
    for deed in (parking.find, lambda of: list(parking.replay(of)), lambda of: list(parking.drop(of))):
        with pytest.raises(NotParked):
            deed("nonsense")
    assert len(list(parking.each())) == 2


def test_dropped_message_is_written_down_before_it_is_gone(parking: Parking, two: list[Parked], tmp_path: Path, capsys: Any) -> None:
    """With the reason, and whole."""
    command.drop(parking, two[0].id, "cancelled by hand", tmp_path / "dropped.jsonl")
    (line,) = map(json.loads, (tmp_path / "dropped.jsonl").read_text().splitlines())
    assert (line["id"], line["why"], line["queue"]) == (two[0].id, "cancelled by hand", LISTENER) and line["body"]
    assert [each.id for each in parking.each()] == [two[1].id]


def test_drop_without_a_reason_is_refused(parking: Parking, two: list[Parked], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody would know later why something never happened."""
    with Path(os.devnull).open() as nothing, monkeypatch.context() as patch, pytest.raises(Unusable, match="a reason is missing"):
        patch.setattr(sys, "stdin", nothing)
        command._reason("abc")


def test_command_lists_shows_puts_back_and_says_when_there_is_nothing(parking: Parking, two: list[Parked], capsys: Any) -> None:
    """In words for people."""
    command.tell(parking)
    listed = capsys.readouterr().out
    assert all(
        word in listed for word in (two[0].id, two[1].id, LISTENER, "thing_poked", "RuntimeError: first", "2026-11-02T09:00:00", "2 parked")
    )
    command.show(two[0])
    assert '"how": "first"' in capsys.readouterr().out
    command.replay(parking, None)
    assert "2 put back" in capsys.readouterr().out and not list(parking.each())
    command.tell(parking)
    command.replay(parking, None)
    assert capsys.readouterr().out == "nothing is parked\nnothing is parked\n"


def test_command_without_a_running_system_says_so_in_one_line(tmp_path: Path) -> None:
    """And ends with 1."""
    told = {"PATH": os.environ["PATH"], "STATE": str(tmp_path), "show": "abc"}
    ended = subprocess.run([sys.executable, "-m", "deploy.local.parked"], env=told, capture_output=True, text=True)
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1 and "nothing runs in" in ended.stderr
    ended = subprocess.run([sys.executable, "-m", "deploy.local.parked"], env=told | {"drop": "abc"}, capture_output=True, text=True)
    assert ended.returncode == 1 and "one of" in ended.stderr
