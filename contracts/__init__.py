"""What the services promise to each other and to partnership systems."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeGuard, TypeVar

from chassis.bare.message import Contract, Event, Request

Promised = TypeVar("Promised", Request, Event)
Built = TypeVar("Built", bound=Contract)

NOT_OF_A_SERVICE = {"words", "countries", "nace", "figures", "held", "operations", "publish", "partners"}


def requests() -> list[type[Request]]:
    """Every request that a service promises to answer, by service and name."""
    return _promised(Request)


def events() -> list[type[Event]]:
    """Every event that a service promises to announce, by service and name."""
    return _promised(Event)


def services() -> list[str]:
    """The services that promise anything: one module or package of contracts each."""
    return sorted(each.name for each in pkgutil.iter_modules(__path__) if each.name not in NOT_OF_A_SERVICE)


def _promised(kind: type[Promised]) -> list[type[Promised]]:
    found = {
        each
        for service in services()
        for each in _contracts_of(service)
        if _builds_on(each, kind) and each.service == service and each.__module__ != kind.__module__
    }
    return sorted(found, key=lambda each: (each.service, each.__name__))


def _contracts_of(service: str) -> Iterator[type[Contract]]:
    """What the service's room names; where it names nothing, every class in it that none builds on."""
    room = importlib.import_module(f"{__name__}.{service}")
    if named := [each for each in vars(room).values() if _is_contract(each)]:
        yield from named
        return
    for module in list(_modules(room)):
        yield from (each for each in vars(module).values() if _is_contract(each) and not each.__subclasses__())


def _is_contract(each: object) -> TypeGuard[type[Contract]]:
    return isinstance(each, type) and _builds_on(each, Contract)


def _builds_on(each: type, kind: type[Built]) -> TypeGuard[type[Built]]:
    # issubclass() asks marshmallow's metaclass, which goes through everything that builds on `kind`, for each class that does not.
    return kind in each.__mro__


def _modules(room: ModuleType) -> Iterator[ModuleType]:
    yield room
    for each in pkgutil.walk_packages(getattr(room, "__path__", []), f"{room.__name__}."):
        yield importlib.import_module(each.name)
