"""The services' code as the checks read it: modules, doors, lifecycles, and classes that are named."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

import services
from chassis.bare.lifecycle import Lifecycle
from chassis.running.doors import Answers, Listens
from chassis.running.rooms import service_class

Kind = TypeVar("Kind")

SERVICES = ("identity", "registry", "matching", "agreements", "payments")


def modules(service: str) -> list[ModuleType]:
    """Every module of a service but its migrations."""
    return _modules_of(f"{services.__name__}.{service}")


@cache
def _modules_of(package: str) -> list[ModuleType]:
    room = importlib.import_module(package)
    names = [each.name for each in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")]
    return [room, *(importlib.import_module(name) for name in names if ".migrations" not in name and not name.endswith(".conf"))]


@cache
def tree(module: ModuleType) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(inspect.getsource(module))


@cache
def named(room: str) -> set[type]:
    """Every class that a module of a service, or of the gateway, has a name for."""
    found = modules(room) if room in SERVICES else _modules_of(room)
    return {each for module in found for each in vars(module).values() if inspect.isclass(each)}


@cache
def doors(service: str) -> list[Any]:
    """The doors of a service class: Answers, Listens, Dues, Works."""
    made = service_class(f"{services.__name__}.{service}")
    methods = [getattr(made, name) for name in dir(made) if not name.startswith("__")]
    return [door for method in methods for door in getattr(method, "doors", [])]


@cache
def answered() -> list[tuple[str, Answers]]:
    """Every door for calls, with its service."""
    return [(service, door) for service in SERVICES for door in doors(service) if isinstance(door, Answers)]


@cache
def listening() -> list[tuple[str, Listens]]:
    """Every door for events, with its service."""
    return [(service, door) for service in SERVICES for door in doors(service) if isinstance(door, Listens)]


@cache
def lifecycles() -> list[tuple[str, Lifecycle]]:
    """Every lifecycle with its service."""
    found = {
        id(each): (service, each)
        for service in SERVICES
        for module in modules(service)
        for each in vars(module).values()
        if isinstance(each, Lifecycle)
    }
    return list(found.values())


def classes(service: str, kind: type[Kind], pick: Callable[[ast.AST], ast.AST | None]) -> set[type[Kind]]:
    """The classes of a kind among the expressions that `pick` takes from the code that runs in a service.

    Commands by hand (`python -m services...`) speak to the operator and to no client.
    """
    picked = [_resolved(module, pick(node)) for module, node in _nodes(service)]
    return {each for each in picked if isinstance(each, type) and issubclass(each, kind)}


@cache
def _nodes(service: str) -> list[tuple[ModuleType, ast.AST]]:
    """Every expression that runs in a service, with its module."""
    running = [module for module in modules(service) if '__name__ == "__main__"' not in inspect.getsource(module)]
    return [(module, node) for module in running for node in ast.walk(tree(module))]


def _resolved(module: ModuleType, node: ast.AST | None) -> Any:
    """What a name like `Refusal` or `no.Refusal` stands for in a module, or None if it is no such thing."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute):
        return getattr(_resolved(module, node.value), node.attr, None)
    return None
