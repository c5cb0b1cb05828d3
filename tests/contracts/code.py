"""The services' code as the checks read it: modules, functions, doors, and what can be reached from a door."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

import services
from chassis.running.doors import Answers, Listens
from chassis.running.rooms import service_class

Kind = TypeVar("Kind")

SERVICES = ("identity", "registry", "matching", "agreements", "payments")


@cache
def modules(service: str) -> list[ModuleType]:
    """Every module of a service but its migrations."""
    room = importlib.import_module(f"{services.__name__}.{service}")
    names = [each.name for each in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")]
    return [room, *(importlib.import_module(name) for name in names if ".migrations" not in name)]


@cache
def tree(module: ModuleType) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(inspect.getsource(module))


def doors(service: str) -> list[Any]:
    """The doors of a service class: Answers, Listens, Dues, Works."""
    made = service_class(f"{services.__name__}.{service}")
    methods = [getattr(made, name) for name in dir(made) if not name.startswith("__")]
    return [door for method in methods for door in getattr(method, "doors", [])]


def answered() -> list[tuple[str, Answers]]:
    """Every door for calls, with its service."""
    return [(service, door) for service in SERVICES for door in doors(service) if isinstance(door, Answers)]


def listening() -> list[tuple[str, Listens]]:
    """Every door for events, with its service."""
    return [(service, door) for service in SERVICES for door in doors(service) if isinstance(door, Listens)]


def reached(service: str, names: set[str]) -> set[str]:
    """Every name that these functions of a service use, directly or through other functions of it.

    By name alone, so rather too much than too little: attributes, plain names, and words given in calls (`_move(match, "end")`).
    """
    functions, found, waiting = _functions(service), set(names), set(names)
    while waiting:
        used = {name for function in functions.get(waiting.pop(), []) for name in _names_in(function)}
        waiting |= used - found
        found |= used
    return found


@cache
def _functions(service: str) -> dict[str, list[ast.AST]]:
    """What stands behind a name: functions, methods, and tables of what to call for what."""
    found: dict[str, list[ast.AST]] = {}
    for module in modules(service):
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
        for node in tree(module).body:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value and not _is_lifecycle(node.value):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    found.setdefault(getattr(target, "id", ""), []).append(node.value)
    return found


def _is_lifecycle(node: ast.expr) -> bool:
    """The table of moves names them all and makes none."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Lifecycle"


def _names_in(function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Call):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            yield from (each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str))
        elif isinstance(node, ast.Dict):
            yield from (each.value for each in node.values if isinstance(each, ast.Constant) and isinstance(each.value, str))


def classes(service: str, kind: type[Kind], pick: Callable[[ast.AST], ast.AST | None]) -> set[type[Kind]]:
    """The classes of a kind among the expressions that `pick` takes from the code that runs in a service.

    Commands by hand (`python -m services...`) speak to the operator and to no client.
    """
    running = [module for module in modules(service) if '__name__ == "__main__"' not in inspect.getsource(module)]
    picked = [_resolved(module, pick(node)) for module in running for node in ast.walk(tree(module))]
    return {each for each in picked if isinstance(each, type) and issubclass(each, kind)}


def _resolved(module: ModuleType, node: ast.AST | None) -> Any:
    """What a name like `Refusal` or `no.Refusal` stands for in a module, or None if it is no such thing."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute):
        return getattr(_resolved(module, node.value), node.attr, None)
    return None
