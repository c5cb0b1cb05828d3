"""Who is let in at all: the table of doors and principals."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chassis.bare.principal import Principal, anonymous, service
from chassis.bare.refusals import InvalidFields, LogInAgain, LogInRequired, NotFound, Refusal, RoleRequired
from tests.builders import person
from tests.chassis.tiny.contracts import (
    ForAnyone,
    ForNobody,
    ForPersons,
    ForPorters,
    ForPortersAndServices,
    ForServices,
    MakeThing,
    SignThing,
)
from tests.room import Room

WHO = {
    "anonymous": anonymous(),
    "service": service("registry"),
    "other service": service("identity"),
    "person": person(),
    "porter": person(("porter", uuid4())),
    "keeper": person(("keeper", None)),
    "stale": person(("porter", None), fresh=False),
}

IN = None
STRANGERS = dict.fromkeys(("anonymous", "service", "other service"), LogInRequired)
TABLE = {
    ForAnyone: dict.fromkeys(WHO, IN),
    ForServices: dict.fromkeys(WHO, NotFound) | {"service": IN},
    ForPersons: dict.fromkeys(WHO, IN) | STRANGERS,
    ForPorters: dict.fromkeys(WHO, IN) | STRANGERS | {"person": RoleRequired},
    ForPortersAndServices: dict.fromkeys(WHO, IN) | STRANGERS | {"service": IN, "person": RoleRequired, "keeper": RoleRequired},
    ForNobody: dict.fromkeys(WHO, NotFound),
    SignThing: dict.fromkeys(WHO, IN) | STRANGERS | {"stale": LogInAgain},
}


@pytest.mark.parametrize(("contract", "who"), [(contract, who) for contract, line in TABLE.items() for who in line])
def test_door_lets_in_exactly_whom_its_contract_allows(tiny: Room, contract: type, who: str) -> None:
    """Deny by default: a contract that says nothing lets nobody in, and what is for one service is not there for anybody else."""
    outcome: type[Refusal] | None = IN
    try:
        tiny.ask(contract, WHO[who])
    except Refusal as refused:
        outcome = type(refused)
    assert outcome is TABLE[contract][who]


def test_stranger_is_refused_before_the_content_is_looked_at(tiny: Room) -> None:
    """What a request must look like is nothing to whoever may not ask."""
    with pytest.raises(LogInRequired):
        tiny.ask(MakeThing, anonymous(), nonsense=True)


@pytest.mark.parametrize("fields", [{}, {"name": ""}, {"name": "lamp", "price": 1}, {"name": "a\x00b"}])
def test_door_loads_by_its_contract_again(tiny: Room, fields: dict[str, object]) -> None:
    """A door trusts nobody, the gateway neither."""
    with pytest.raises(InvalidFields):
        tiny.ask(MakeThing, person(), **fields)


def test_role_required_names_the_roles(tiny: Room) -> None:
    """So that people know whom to ask."""
    with pytest.raises(RoleRequired, match="keeper, porter"):
        tiny.ask(ForPorters, person())


def test_late_call_has_no_effect(tiny: Room) -> None:
    """Nobody waits for it any more."""
    from chassis.bare.refusals import Unavailable
    from chassis.running.doors import Answers
    from chassis.running.occasions import Call

    call = Call(person(), "test", {"name": "lamp"}, key="k", deadline=1.0)
    with pytest.raises(Unavailable):
        tiny.frame.carry_out(tiny.frame.doors(Answers)["make_thing"], call)
    assert tiny.facts() == []


def test_principal_of_a_kind_nobody_knows_is_a_stranger(tiny: Room) -> None:
    """Only the three kinds are anybody."""
    with pytest.raises(LogInRequired):
        tiny.ask(ForPersons, Principal("robot", "1"))
