"""What is promised is done: each request has its door and its route, each event its listeners."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from functools import cache
from typing import Any

import pytest

import contracts
from chassis.bare.message import SERVICES as SERVICES_ONLY
from chassis.bare.message import Event, Request
from chassis.bare.principal import service as acting
from chassis.bare.refusals import InvalidFields, KeyReused, LogInAgain, LogInRequired, NotFound, Refusal, RoleRequired, StaleVersion
from chassis.running.doors import Works, admit
from contracts.publish.schemas import path_of
from gateway.all_routes import all_routes
from tests.contracts import code

GATEWAY = "gateway"
OF_EVERY_DOOR = {InvalidFields, KeyReused, LogInAgain, LogInRequired, NotFound, RoleRequired, StaleVersion}

REQUESTS, EVENTS = contracts.requests(), contracts.events()

each_service = pytest.mark.parametrize("service", code.SERVICES)


@cache
def answering() -> dict[type[Request], list[str]]:
    """The services that answer a request."""
    return _by_contract(code.answered())


@cache
def hearing() -> dict[type[Event], list[str]]:
    """The services that listen to an event."""
    return _by_contract(code.listening())


def _by_contract(doors: list[tuple[str, Any]]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = defaultdict(list)
    for service, door in doors:
        found[door.contract].append(service)
    return found


@cache
def routed() -> Counter[type[Request]]:
    """How many routes lead to a request."""
    return Counter(route.contract for route in all_routes())


def test_requests_are_answered_by_one_door_of_their_service() -> None:
    """Nobody else answers them, and nobody answers them twice."""
    assert {path_of(each): found for each in REQUESTS if (found := answering()[each]) != [each.service]} == {}


def test_requests_have_a_route_unless_only_services_ask_them() -> None:
    """What persons may ask has an address; what services ask each other has none."""
    wanted = {each: 0 if set(each.allowed) <= {SERVICES_ONLY} else 1 for each in REQUESTS}
    assert {path_of(each): routed()[each] for each in REQUESTS if routed()[each] != wanted[each]} == {}


def test_requests_of_persons_name_no_service_that_asks_them() -> None:
    """A service that asks in its own name asks what is for services."""
    assert [path_of(each) for each in REQUESTS if SERVICES_ONLY not in each.allowed and each.asked_by] == []


@pytest.mark.parametrize("request_", [each for each in REQUESTS if SERVICES_ONLY in each.allowed], ids=path_of)
def test_request_of_services_lets_in_those_that_ask_it_and_no_other(request_: type[Request]) -> None:
    """A service that was taken over can ask only what its own code asks."""
    asking = {name for name in (*code.SERVICES, GATEWAY) if name != request_.service and request_ in code.named(name)}
    assert set(request_.asked_by) == asking != set()
    for name in {*code.SERVICES, GATEWAY, "newcomer"} - asking:
        with pytest.raises(NotFound):
            admit(acting(name), request_)
    for name in asking:
        admit(acting(name), request_)


def test_every_door_and_every_route_is_promised() -> None:
    """There is no way in that the contracts do not list."""
    promised = {*contracts.requests(), *contracts.events()}
    ways = [door.contract for _, door in [*code.answered(), *code.listening()]] + [route.contract for route in all_routes()]
    assert [each.__name__ for each in ways if each not in promised] == []


def test_events_are_heard_by_the_services_they_name() -> None:
    """The queues are made from what they name; a service that listens without being named would hear nothing."""
    assert {path_of(each): found for each in EVENTS if Counter(found := hearing()[each]) != Counter(set(each.heard_by))} == {}


@each_service
def test_service_announces_its_own_promised_events_only(service: str) -> None:
    """A fact that no contract lists would reach nobody, and nobody could read it."""
    promised = set(contracts.events())
    assert sorted(each.__name__ for each in _made(service) if each not in promised or each.service != service) == []


def test_events_are_announced_by_somebody() -> None:
    """What is promised also happens."""
    assert [path_of(each) for each in EVENTS if each not in _announced(each.service)] == []


@each_service
def test_long_work_is_ordered_by_own_facts(service: str) -> None:
    """A job's row is written with the fact that orders it, in one transaction."""
    assert [door.opens_on for door in code.doors(service) if isinstance(door, Works) and door.contract.service != service] == []


@each_service
def test_refusals_raised_are_declared(service: str) -> None:
    """A client finds every code it may get in the documentation of some request of that service."""
    declared = OF_EVERY_DOOR.union(*(each.refusals for each in contracts.requests() if each.service == service))
    assert sorted({each.code() for each in _raised(service) if each not in declared}) == []


def _made(service: str) -> set[type[Event]]:
    """Every event class of which the code makes facts."""
    return code.classes(service, Event, lambda node: node.value if isinstance(node, ast.Attribute) and node.attr == "of" else None)


@cache
def _announced(service: str) -> set[type[Event]]:
    """Every event class that the code names, to make facts of it or in a table of what to announce."""
    return code.classes(service, Event, lambda node: node if isinstance(node, (ast.Name, ast.Attribute)) else None)


def _raised(service: str) -> set[type[Refusal]]:
    """Every refusal class that the code raises, or makes to be raised elsewhere."""
    return code.classes(service, Refusal, lambda node: getattr(node, "exc" if isinstance(node, ast.Raise) else "func", None))
