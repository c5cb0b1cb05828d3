"""The tiny service's doors."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.bare.message import Heard
from chassis.bare.principal import Principal
from chassis.bare.refusals import Unavailable
from chassis.running.doors import NotYet, answers, due, listens, works
from chassis.running.frame import Frame
from chassis.running.occasions import Due, Job
from chassis.running.unit import Unit, Units
from tests.chassis.tiny import contracts
from tests.chassis.tiny.model import Poke, Thing


def thing(unit: Unit, thing_id: UUID) -> Thing:
    """A thing, locked."""
    return unit.one(select(Thing).where(Thing.id == thing_id).with_for_update(), contracts.ThingNotFound)


def hold_the_loop(seconds: str) -> None:
    """Compute, and let nobody else."""
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        sum(range(1000))


def be_busy_and_kind(seconds: str) -> None:
    """Compute as long, and let everybody in between."""
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        sum(range(100_000))
        time.sleep(0)


def count_and_hold(told: str) -> None:
    """Note the run, then hold the loop: `<seconds>:<file>`."""
    seconds, _, file = told.partition(":")
    count_run(file)
    hold_the_loop(seconds)


def count_and_die(file: str) -> None:
    """Note the run, then end the process the hard way."""
    count_run(file)
    os._exit(9)


def count_run(file: str) -> None:
    """A byte for each run."""
    with Path(file).open("a") as runs:
        runs.write("x")


DEEDS = {"hold": hold_the_loop, "busy": be_busy_and_kind, "long": count_and_hold, "die": count_and_die}


class Tiny:
    """Things with names."""

    name = "tiny"
    unit = Units()

    @staticmethod
    def caught_up(frame: Frame) -> bool:
        """Not while a file in the blob folder says that it is behind."""
        return not (frame.blobs.folder / "behind").exists()

    @answers(contracts.MakeThing)
    def make_thing(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Make it, plan its reminder."""
        with self.unit() as unit:
            made, fact = Thing.make(request["name"], unit.now)
            unit.session.add(made)
            unit.announce(fact)
            unit.plan("reminder", made.id, unit.now + timedelta(days=1), name=made.name)
            unit.session.flush()
            time.sleep(request["seconds"])
            if made.name == "spoilt":
                raise contracts.ThingSpoilt(thing_id=made.id)
            if made.name == "bug":
                raise RuntimeError("secret insides")
            return unit.reply(made)

    @answers(contracts.TouchThing)
    def touch_thing(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Make it."""
        with self.unit() as unit:
            made, _ = Thing.make(request["name"], unit.now)
            unit.session.add(made)
            return unit.reply(made)

    @answers(contracts.RenameThing)
    def rename_thing(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Rename it and take its reminder back."""
        with self.unit() as unit:
            found = thing(unit, request["thing_id"])
            unit.expect(found)
            unit.announce(found.rename(request["name"]))
            unit.unplan("reminder", found.id)
            return unit.reply(found)

    @answers(contracts.ForgetReply)
    def forget_reply(self, who: Principal, request: dict[str, Any]) -> None:
        """Change something, and say nothing."""
        with self.unit() as unit:
            unit.session.add(Poke(what="forgotten"))

    @answers(contracts.ListThings)
    def list_things(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """By name, the newest of a name first."""
        with self.unit() as unit:
            return unit.reply(unit.page(select(Thing), (Thing.name, Thing.made_at.desc(), Thing.id), request))

    @answers(contracts.OrderWork)
    def order_work(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Announce what the worker waits for."""
        with self.unit() as unit:
            made, _ = Thing.make(request["name"], unit.now)
            unit.session.add(made)
            unit.announce(contracts.WorkOrdered.of(made.id, name=request["name"], steps=request["steps"]))
            return unit.reply()

    @listens(contracts.ThingNamed)
    def rename(self, event: Heard) -> None:
        """Rename the thing, when it is here."""
        with self.unit() as unit:
            found = unit.session.get(Thing, event.subject_id)
            if found is None:
                raise NotYet("there is no such thing yet")
            unit.announce(found.rename(event.data["name"]))

    @listens(contracts.ThingPoked)
    def be_poked(self, event: Heard) -> None:
        """Note it, or fail as told."""
        how, _, file = event.data["how"].partition(":")
        with self.unit() as unit:
            unit.session.add(Poke(what=how))
            if how == "raise":
                raise RuntimeError("poked too hard")
            if how == "away" and not Path(file).exists():
                raise Unavailable("somebody is away")
            if how in DEEDS:
                DEEDS[how](file)

    @listens(contracts.ThingMade)
    def note_thing(self, event: Heard) -> None:
        """Note that something was made."""
        with self.unit() as unit:
            unit.session.add(Poke(what=f"heard {event.data['name']}"))

    @due("reminder")
    def remind(self, occasion: Due) -> None:
        """Note it; one for a thing called `failing` fails, one for `lazy` opens no unit."""
        if occasion.arguments["name"] == "lazy":
            return
        with self.unit() as unit:
            unit.session.add(Poke(what=f"reminded {occasion.arguments['name']}"))
            if occasion.arguments["name"] == "failing":
                raise RuntimeError("not today")

    @works(contracts.WorkOrdered)
    def work(self, job: Job) -> None:
        """Work step by step."""
        for step in range(job.data["steps"]):
            job.progress(step + 1, job.data["steps"])
        if job.data["name"] == "fail":
            raise RuntimeError("does not work")
        if job.data["name"] == "away":
            raise Unavailable("somebody is away")
        if job.data["name"] != "idle":
            with self.unit() as unit:
                unit.session.add(Poke(what=f"worked {job.data['name']}"))


for _contract in (
    contracts.ForAnyone, contracts.ForServices, contracts.ForPersons, contracts.ForPorters,
    contracts.ForPortersAndServices, contracts.ForNobody, contracts.SignThing,
):  # fmt: skip

    def _let_in(self: Any, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        with self.unit() as unit:
            return unit.reply()  # type: ignore[no-any-return]

    _let_in.__name__ = _contract.slug()
    setattr(Tiny, _contract.slug(), answers(_contract)(_let_in))
