"""A plugin for pytest (`-p tests.every_move`): at the end it fails for every line of a lifecycle that no door made.

It believes the services' own count of the moves that were committed, and of those only the ones that came by a door which a route, an
event, a date or a job opens: what a test arranges by hand counts nothing. Only a run of all rooms asks for it; a part makes a part.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

from chassis.bare.lifecycle import Lifecycle
from chassis.running.doors import Answers, Dues, Listens, Repeats, Works
from chassis.running.observability import moves_made
from gateway.all_routes import all_routes
from tests.contracts import code

OPENED_BY = {Answers: "call", Listens: "event", Dues: "due", Works: "job", Repeats: "turn"}

BY_COMMAND = {("registry", "partner access", "platform"): "an operator gives, rotates and revokes accesses with `make partner-access`"}
"""Roles whose moves come by no door, and how they are made instead."""


class Step(NamedTuple):
    """One move in one state by one role, of one lifecycle."""

    service: str
    subject: str
    move: str
    state: str
    role: str

    def __str__(self) -> str:
        return f"{self.service}, {self.subject}: {self.move} from {self.state} by {self.role}"


def steps(service: str, lifecycle: Lifecycle) -> set[Step]:
    """All that a table allows."""
    return {
        Step(service, lifecycle.subject, each.name, state, role) for each in lifecycle.moves for state in each.sources for role in each.by
    }


def opened(service: str) -> set[str]:
    """The doors of a service that something opens, as a unit names them: calls only where a route leads to them."""
    routed = {route.contract for route in all_routes()}
    doors = [door for door in code.doors(service) if not isinstance(door, Answers) or door.contract in routed]
    return {f"{OPENED_BY[type(door)]}:{door.opens_on}" for door in doors}


def made_here() -> set[Step]:
    """What was made in this process by doors that something opens."""
    doors = {service: opened(service) for service in code.SERVICES}
    counted = [sample.labels for metric in moves_made.collect() for sample in metric.samples if sample.name == "moves_made_total"]
    return {Step(*(each[label] for label in Step._fields)) for each in counted if each["door"] in doors.get(each["service"], ())}


def never_made(made: Iterable[Step]) -> list[Step]:
    """What the tables allow and nobody did."""
    allowed = {step for service, lifecycle in code.lifecycles() for step in steps(service, lifecycle)}
    return [step for step in sorted(allowed - set(made)) if (step.service, step.subject, step.role) not in BY_COMMAND]


class EveryMove:
    """Gathers what each process of a run made, and fails the run for what is missing."""

    def __init__(self) -> None:
        self.made: set[Step] = set()
        self.missing: list[Step] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist has ended and left word."""
        self.made |= {Step(*each) for each in getattr(node, "workeroutput", {}).get("moves_made", [])}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker tells what it made; whoever has no worker above it judges."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["moves_made"] = [list(each) for each in made_here()]
            return
        self.missing = never_made(self.made | made_here())
        if self.missing and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Name what is missing."""
        if self.missing:
            terminalreporter.section("moves that no door made", red=True)
            for step in self.missing:
                terminalreporter.write_line(str(step))


def pytest_configure(config: pytest.Config) -> None:
    """Take part in the run."""
    config.pluginmanager.register(EveryMove(), "every move")
