"""Every move of every lifecycle is made in life: by a door that a route, an event, a date or a job opens."""

from __future__ import annotations

import pytest

from chassis.bare.lifecycle import Lifecycle
from chassis.running.doors import Answers
from gateway.all_routes import all_routes
from tests.contracts import code


def lifecycles() -> list[tuple[str, Lifecycle]]:
    """Every lifecycle with its service."""
    found = {
        id(each): (service, each)
        for service in code.SERVICES
        for module in code.modules(service)
        for each in vars(module).values()
        if isinstance(each, Lifecycle)
    }
    return list(found.values())


@pytest.mark.parametrize(("service", "lifecycle"), [pytest.param(*each, id=f"{each[0]}-{each[1].subject}") for each in lifecycles()])
def test_every_move_is_made_by_a_door_that_something_opens(service: str, lifecycle: Lifecycle) -> None:
    """A move that nothing makes is dead, and its states may be out of reach."""
    made = code.reached(service, opened(service))
    assert [name for name in lifecycle.names() if name not in made] == []


def opened(service: str) -> set[str]:
    """The methods behind the doors of a service that something opens."""
    routed = {route.contract for route in all_routes()}
    return {door.method_name for door in code.doors(service) if not isinstance(door, Answers) or door.contract in routed}
