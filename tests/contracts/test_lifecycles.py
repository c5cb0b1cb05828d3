"""Every move of every lifecycle is made by a door that a route, an event, a date or a job opens, and held against its table in a matrix."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

import pytest

from chassis.bare.lifecycle import Lifecycle
from chassis.running.doors import Answers
from chassis.running.observability import moves_made
from chassis.running.rooms import service_class
from gateway.all_routes import all_routes
from tests.contracts import code
from tests.contracts.moves import made_by
from tests.every_move import Step, made_here, never_made, opened, steps
from tests.matrix import Matrix

HERE = Path(__file__).parents[1]
each_lifecycle = pytest.mark.parametrize(
    ("service", "lifecycle"), [pytest.param(*each, id=f"{each[0]}-{each[1].subject}") for each in code.lifecycles()]
)


@each_lifecycle
def test_every_move_is_made_by_a_door_that_something_opens(service: str, lifecycle: Lifecycle) -> None:
    """A move that nothing makes is dead, and its states may be out of reach; whether it is really made, every run of the rooms shows."""
    made = {name for made in made_in(service).values() for table, name in made if table is lifecycle}
    assert [name for name in lifecycle.names() if name not in made] == []


@cache
def made_in(service: str) -> dict[str, set[tuple[Lifecycle, str]]]:
    """What each method of a service can make that something opens: by its name."""
    routed, made = {route.contract for route in all_routes()}, service_class(f"services.{service}")
    names = {door.method_name for door in code.doors(service) if not isinstance(door, Answers) or door.contract in routed}
    return {name: made_by(made, name) for name in names}


@pytest.mark.parametrize(
    ("service", "door", "moves"),
    [
        ("agreements", "read_exchange", set()),
        ("agreements", "cancel_exchange", {"cancel_exchange"}),
        ("agreements", "end_by_itself", {"confirm_departure"}),
        ("agreements", "sign_agreement", {"sign_commitment", "conclude_commitment", "sign_financial_agreement", "become_ready"}),
        ("matching", "note_exchange_ended", {"end", "reopen", "finish", "close"}),
        ("matching", "part", {"withdraw", "close"}),
        ("payments", "export_batch", {"export"}),
        ("payments", "decide_supplement", {"grant", "decline"}),
        ("registry", "accept_joining", {"accept"}),
    ],
)
def test_a_door_makes_what_its_code_makes_and_not_what_it_is_called(service: str, door: str, moves: set[str]) -> None:
    """Neither a door's name, nor a column's, nor a namesake of another class counts."""
    assert {name for _, name in made_in(service)[door]} == moves


@each_lifecycle
def test_every_lifecycle_is_held_against_its_table(service: str, lifecycle: Lifecycle) -> None:
    """Some test of its service has everybody try every move in every state: each role of the table, and somebody who has none."""
    matrices = [each for each in matrices_of(service) if each.lifecycle is lifecycle]
    tried = [roles for each in matrices for roles in each.roles_tried()]
    assert set().union(*tried) == set(lifecycle.roles())
    assert set() in tried


def matrices_of(service: str) -> list[Matrix]:
    """The matrices that the tests of a service run through."""
    names = [f"tests.{service}.{file.stem}" for file in sorted((HERE / service).glob("test_*.py"))]
    values = [value for name in names for value in vars(importlib.import_module(name)).items()]
    return [each for name, value in values if name.startswith("test_") for each in getattr(value, "matrices", ())]


def test_a_run_of_the_rooms_misses_what_no_opened_door_made() -> None:
    """Each line that was not made is named; what a test arranges by hand, under no door of a service, was not made."""
    everything = {step for each in code.lifecycles() for step in steps(*each)}
    missing = Step("payments", "payment", "approve", "proposed", "finance")
    assert never_made(everything) == []
    assert never_made(everything - {missing}) == [missing]
    moves_made.labels(*missing, "call:request").inc()
    assert missing not in made_here()
    assert "call:approve_payment" in opened("payments")
