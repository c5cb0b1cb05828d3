"""A plugin for pytest (`-p tests.faults.repeats.plugin`): what a test asks or tells with success is delivered again, five times in all.

At once: four repeats in four threads, right after the first. Late: when the test is over and an hour has passed, all of it once more,
in an order of its own. Neither changes a row, and each repeat of a command has the first one's answer. What somebody asked who was erased
meanwhile does not come again: the erasure waits until the person's last token has run out, so nobody would let it in; and answers to
others say no longer what the person wrote. Of each query only the first of a test comes again: many are asked to see what was done.
The environment says where to report to (REPEATS_REPORT) and which order it is (REPEATS_SEED).
"""

from __future__ import annotations

import json
import operator
import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.bare.message import Command, Fact, Request
from chassis.bare.principal import PERSON, Principal, anonymous
from chassis.bare.refusals import Refusal
from contracts.identity.events import PersonErased
from tests.faults.crash_points.books import Books, books, differences
from tests.faults.crash_points.cases import Door
from tests.faults.repeats.harmless import HARMLESS, ON_RECORD
from tests.room import Room

AT_ONCE = 4

ask, hear = Room.ask, Room.hear


@dataclass
class Delivered:
    """What was delivered once with success: how to do it again, what a repeat answers, which tables it may change, and whose it is."""

    door: Door
    again: Callable[[], Any]
    answer: Any
    may_change: frozenset[str]
    is_keyed: bool
    actor: str = ""


class Repeater:
    """Delivers again, and looks what changed."""

    def __init__(self) -> None:
        self.delivered: dict[Room, list[Delivered]] = defaultdict(list)
        self.heard_erased: dict[Room, set[str]] = defaultdict(set)
        self.looked: set[str] = set()
        self.on_record: list[tuple[Room, Delivered]] = []
        self.test = ""

    def at_once(self, room: Room, one: Delivered) -> None:
        """Four times more, at the same time."""
        before = books(room.engine)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = list(threads.map(lambda _: _outcome(one.again), range(AT_ONCE)))
        self._look(room, before, one.may_change, f"{one.door} at once")
        self._same_answers(one, answers)
        self.delivered[room].append(one)
        self._write({"door": str(one.door), "test": self.test, "again": AT_ONCE})

    def late(self) -> None:
        """Everything once more, an hour later, in another order; before that at once what leaves a trail that the test would have seen."""
        for room, one in self.on_record:
            self.at_once(room, one)
        for room, delivered in self.delivered.items():
            room.clock.advance(hours=1)
            before = books(room.engine)
            erased = self._erased(room)
            comes = [one for one in delivered if one.actor not in erased]
            order = random.Random(f"{os.environ['REPEATS_SEED']}/{self.test}").sample(comes, len(comes))
            for one in order:
                self._same_answers(one, [_outcome(one.again)], forgets=bool(erased))
            may_change = frozenset[str]().union(*(one.may_change for one in order))
            self._look(room, before, may_change, "an hour late and in another order")
            self._write({"door": "", "test": self.test, "again": len(order)})
        self.delivered.clear()
        self.heard_erased.clear()
        self.looked.clear()
        self.on_record.clear()

    def found(self, what: str) -> None:
        """Write down what does not hold."""
        self._write({"test": self.test, "finding": what[:4000]})

    def _erased(self, room: Room) -> set[str]:
        """Who was erased there, as actors: what it heard of, and what it announced itself."""
        return self.heard_erased[room] | {_actor(fact) for fact in room.facts(PersonErased.slug())}

    def _same_answers(self, one: Delivered, answers: list[Any], forgets: bool = False) -> None:
        alike = same_but_for_what_is_forgotten if forgets else operator.eq
        if one.is_keyed and (other := [each for each in answers if not alike(one.answer, each)]):
            self.found(f"{one.door} answers a repeat with {other[0]!r} instead of {one.answer!r}")
        if broken := [each for each in answers if isinstance(each, Exception) and not isinstance(each, Refusal)]:
            self.found(f"{one.door} fails on a repeat: {broken[0]!r}")

    def _look(self, room: Room, before: Books, may_change: frozenset[str], when: str) -> None:
        now = books(room.engine)
        lines = differences(*({name: rows for name, rows in each.items() if name not in may_change} for each in (before, now)))
        if lines:
            self.found("\n    ".join([f"{when}:", *(line[:500] for line in lines[:8])]))

    def _write(self, about: dict[str, Any]) -> None:
        with Path(os.environ["REPEATS_REPORT"]).open("a") as file:
            file.write(json.dumps(about) + "\n")


repeater = Repeater()


def repeated_ask(room: Room, contract: type[Request], who: Principal | None = None, /, **asked: Any) -> Any:
    """Ask; and a command again, and what is asked for the first time in this test."""
    asked["key"] = asked.get("key") or str(uuid4())
    answer = ask(room, contract, who, **asked)
    door = Door(room.frame.name, "call", contract.slug())
    again = partial(ask, room, contract, who, **asked)
    actor = (who or anonymous()).actor
    if issubclass(contract, Command):
        may_change = frozenset[str]() if contract.keyed else HARMLESS[contract.slug()].may_change
        kept = answer | dict.fromkeys(contract.shown_once) if contract.keyed else answer
        repeater.at_once(room, Delivered(door, again, kept, may_change, contract.keyed, actor))
    elif str(door) not in repeater.looked:
        repeater.looked.add(str(door))
        if contract.slug() in ON_RECORD:
            may_change = ON_RECORD[contract.slug()].may_change
            repeater.on_record.append((room, Delivered(door, again, answer, may_change, False, actor)))
        else:
            repeater.at_once(room, Delivered(door, again, answer, frozenset(), False, actor))
    return answer


def repeated_hear(room: Room, fact: Fact, event_id: UUID | None = None, subject_version: int = 1) -> UUID:
    """Tell; and again."""
    heard = hear(room, fact, event_id, subject_version)
    if fact.type == PersonErased.slug():
        repeater.heard_erased[room].add(_actor(fact))
    door = Door(room.frame.name, "event", fact.type)
    repeater.at_once(room, Delivered(door, partial(hear, room, fact, heard, subject_version), heard, frozenset(), True))
    return heard


def same_but_for_what_is_forgotten(first: Any, again: Any) -> bool:
    """Whether two answers are the same, but that a text may have been emptied meanwhile."""
    if isinstance(first, dict) and isinstance(again, dict):
        return first.keys() == again.keys() and all(same_but_for_what_is_forgotten(first[name], again[name]) for name in first)
    if isinstance(first, list) and isinstance(again, list):
        return len(first) == len(again) and all(map(same_but_for_what_is_forgotten, first, again))
    return bool(first == again or (isinstance(first, str) and again == ""))


def _actor(erased: Fact) -> str:
    """The person of whom that fact is, as an actor."""
    return f"{PERSON}:{erased.data['person_id']}"


def _outcome(again: Callable[[], Any]) -> Any:
    try:
        return again()
    except Exception as error:
        return error


@pytest.fixture(autouse=True)
def _repeated(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Deliver again for the length of a test, and late after it."""
    # Before the rooms: they are gone when this ends otherwise.
    if "rooms" in request.fixturenames:
        request.getfixturevalue("rooms")
    monkeypatch.setattr(Room, "ask", repeated_ask)
    monkeypatch.setattr(Room, "hear", repeated_hear)
    repeater.test = request.node.nodeid
    yield
    repeater.late()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Write down a test that failed: its own sentences hold with repeats, too."""
    report = yield
    if report.failed:
        repeater.found(str(report.longreprtext)[-3000:])
    return report
