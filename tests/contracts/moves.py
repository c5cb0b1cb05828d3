"""Which moves of which lifecycles the code behind a door makes, read from the code alone.

From the body of a door's method it follows calls and functions handed on, as far as annotations tell whose they are; a move is made where
a lifecycle is asked for what comes after it. A name given as a word (`self._move("pause", by)`, `getattr(match, move)`) is followed to
where it is used. What nobody calls makes nothing, whatever its name.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import FunctionType, UnionType
from typing import Any

from sqlalchemy import inspect as mapped
from sqlalchemy.exc import NoInspectionAvailable

from chassis.bare.lifecycle import Lifecycle

Made = set[tuple[Lifecycle, str]]
Types = frozenset[Any]
"""What a value can be: classes, and containers of them such as `list[Contact]`."""
UNKNOWN: Types = frozenset()
SAME, ELEMENT = ("sorted", "list", "reversed", "tuple", "iter"), ("next", "min", "max")
"""Built-in functions that give what they get, and those that give one of it."""


@dataclass(frozen=True)
class Place:
    """A function of a service, the class on which it is called, and the words it was given for its parameters."""

    function: FunctionType
    owner: type | None = None
    given: frozenset[tuple[str, str]] = frozenset()


def made_by(service_class: type, method_name: str) -> Made:
    """All moves that a method of a service class can make."""
    made: Made = set()
    waiting, known = [_place(getattr(service_class, method_name), service_class)], set()
    while waiting:
        place = waiting.pop()
        if place is not None and place not in known:
            known.add(place)
            reading = Reading(place)
            made |= set(reading.made())
            waiting += reading.places()
    return made


def _place(found: Any, owner: type | None) -> Place | None:
    """A function of ours behind whatever was found, a property's included."""
    plain = inspect.unwrap(getattr(getattr(found, "fget", found), "__func__", getattr(found, "fget", found)))
    ours = isinstance(plain, FunctionType) and plain.__module__.startswith("services.")
    return Place(plain, owner if "." in plain.__qualname__ else None) if ours else None


class Reading:
    """One function, read once: what its names stand for, what it calls, what it moves."""

    def __init__(self, place: Place) -> None:
        self._place, self._known = place, vars(sys.modules[place.function.__module__])
        self._given = dict(place.given)
        self._nodes = list(ast.walk(_tree(place.function)))
        self._types: dict[str, Types] = self._of_parameters()
        for _ in range(3):
            # What a name is may follow from one that is assigned later in this order.
            for name, types in self._assigned():
                self._types[name] = self._types.get(name, UNKNOWN) | types

    def made(self) -> Iterator[tuple[Lifecycle, str]]:
        """The moves that it makes itself."""
        for node in self._nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "after":
                lifecycle, word = self._object(node.func.value), self._word(node.args[1])
                if isinstance(lifecycle, Lifecycle) and word:
                    yield lifecycle, word

    def places(self) -> list[Place]:
        """Where it leads: what it calls with the words it gives, what it hands on, and properties it reads."""
        calls = [node for node in self._nodes if isinstance(node, ast.Call)]
        called = {id(node.func) for node in calls}
        found = [Place(each.function, each.owner, self._words(each, node)) for node in calls for each in self._behind(node.func)]
        found += [each for node in calls for each in self._by_word(node)]
        return found + [each for node in self._nodes if id(node) not in called for each in self._behind(node)]

    def _behind(self, node: ast.AST) -> list[Place]:
        """The functions that an expression stands for."""
        if isinstance(node, ast.Attribute) and (owners := self._classes(node.value)):
            return _places((getattr(owner, node.attr, None), owner) for owner in owners)
        found = self._object(node)
        if isinstance(found, type):
            return []
        owner = self._object(node.value) if isinstance(node, ast.Attribute) else None
        return _places([(found, owner if isinstance(owner, type) else None)])

    def _by_word(self, node: ast.Call) -> list[Place]:
        """What `getattr(match, move)` stands for, when the move is known."""
        if not (isinstance(node.func, ast.Name) and node.func.id == "getattr" and (word := self._word(node.args[1]))):
            return []
        return _places((getattr(owner, word, None), owner) for owner in self._classes(node.args[0]))

    def _words(self, place: Place, node: ast.Call) -> frozenset[tuple[str, str]]:
        names = [name for name in inspect.signature(place.function).parameters if name not in ("self", "cls")]
        if place.owner is not None and isinstance(inspect.getattr_static(place.owner, place.function.__name__, None), staticmethod):
            names = list(inspect.signature(place.function).parameters)
        given = [*zip(names, node.args, strict=False), *((each.arg, each.value) for each in node.keywords if each.arg)]
        return frozenset((name, word) for name, value in given if (word := self._word(value)))

    def _word(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        return self._given.get(node.id) if isinstance(node, ast.Name) else None

    def _object(self, node: ast.AST) -> Any:
        """What a name, or a name of a module or class, stands for in this module; None for a value that is only known at run time."""
        if isinstance(node, ast.Name):
            return None if node.id in self._types else self._known.get(node.id)
        if isinstance(node, ast.Attribute):
            return getattr(self._object(node.value), node.attr, None)
        return None

    def _classes(self, node: ast.AST) -> list[type]:
        return [each for each in self._type(node) if isinstance(each, type) and not typing.get_origin(each)]

    def _type(self, node: ast.AST | None) -> Types:
        """What an expression can be, as far as annotations tell."""
        match node:
            case ast.Name(id=name):
                return self._types.get(name, UNKNOWN)
            case ast.IfExp(body=one, orelse=other):
                return self._type(one) | self._type(other)
            case ast.BoolOp(values=values):
                return UNKNOWN.union(*(self._type(each) for each in values))
            case ast.NamedExpr(value=value):
                return self._type(value)
            case ast.Subscript(value=value):
                return _elements(self._type(value))
            case ast.Attribute(value=value, attr=name):
                return UNKNOWN.union(*(_attribute(owner, name) for owner in self._classes(value)))
            case ast.ListComp(elt=each) | ast.GeneratorExp(elt=each) | ast.SetComp(elt=each):
                return frozenset(list[kind] for kind in self._classes(each))  # type: ignore[valid-type]
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in SAME:
                return self._type(first)
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in ELEMENT:
                return _elements(self._type(first))
            case ast.Call(func=called):
                made = self._object(called)
                return frozenset([made]) if isinstance(made, type) else UNKNOWN.union(*(_returned(each) for each in self._behind(called)))
        return UNKNOWN

    def _of_parameters(self) -> dict[str, Types]:
        names = inspect.signature(self._place.function).parameters
        found = {name: _annotated(self._place.function, name) for name in names}
        return found | {name: frozenset([self._place.owner]) for name in ("self", "cls") if name in names and self._place.owner}

    def _assigned(self) -> Iterator[tuple[str, Types]]:
        for node in self._nodes:
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        yield from self._told(target, value)
                case ast.NamedExpr(target=target, value=value):
                    yield from self._told(target, value)
                case ast.For(target=ast.Name(id=name), iter=many) | ast.comprehension(target=ast.Name(id=name), iter=many):
                    yield name, _elements(self._type(many))

    def _told(self, target: ast.expr, value: ast.expr) -> Iterator[tuple[str, Types]]:
        if isinstance(target, ast.Name):
            yield target.id, self._type(value)
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, given in zip(target.elts, value.elts, strict=False):
                yield from self._told(one, given)
        elif isinstance(target, ast.Tuple):
            for each in self._type(value):
                for one, kind in zip(target.elts, typing.get_args(each), strict=False):
                    if isinstance(one, ast.Name):
                        yield one.id, _parts(kind)


@cache
def _tree(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _places(found: Iterable[tuple[Any, type | None]]) -> list[Place]:
    return [place for each, owner in found if (place := _place(each, owner))]


@cache
def _attribute(owner: type, name: str) -> Types:
    """What an attribute of a class is: a relationship's class, or what a property returns."""
    try:
        related = mapped(owner).relationships.get(name)
    except NoInspectionAvailable:
        related = None
    if related is not None:
        kind = related.mapper.class_
        return frozenset([list[kind] if related.uselist else kind])  # type: ignore[valid-type]
    place = _place(getattr(owner, name, None), owner)
    return _returned(place) if place and isinstance(getattr(owner, name), property) else UNKNOWN


def _returned(place: Place) -> Types:
    return _annotated(place.function, "return")


@cache
def _annotated(function: FunctionType, name: str) -> Types:
    """An annotation as types; names that only type checkers import are looked up in the service's model."""
    said = function.__annotations__.get(name)
    if not isinstance(said, str):
        return _parts(said)
    try:
        return _parts(eval(said, {**_model(function.__module__.split(".")[1]), **vars(sys.modules[function.__module__])}))
    except (NameError, TypeError, AttributeError):
        return UNKNOWN


@cache
def _model(service: str) -> dict[str, type]:
    found = [module for name, module in sys.modules.items() if name.startswith(f"services.{service}.model")]
    return {name: each for module in found for name, each in vars(module).items() if isinstance(each, type)}


def _parts(kind: Any) -> Types:
    if isinstance(kind, UnionType) or typing.get_origin(kind) is typing.Union:
        return UNKNOWN.union(*(_parts(each) for each in typing.get_args(kind)))
    return UNKNOWN if kind in (None, type(None)) else frozenset([kind])


def _elements(types: Types) -> Types:
    return UNKNOWN.union(*(_parts(part) for each in types for part in typing.get_args(each)))
