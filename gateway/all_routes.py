"""All routes of the HTTP API: what the modules in gateway/resources list, each address once."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter

from gateway import resources
from gateway.routes import Route


def all_routes() -> list[Route]:
    """Every route, by path and method; raises ValueError if two have the same method and address, or ask the same contract."""
    routes = [route for module in pkgutil.iter_modules(resources.__path__) for route in _routes_of(module.name)]
    _refuse_twice([f"{each.method} {_address(each)}" for each in routes])
    _refuse_twice([each.contract.slug() for each in routes])
    return sorted(routes, key=lambda each: (each.path, each.method))


def _routes_of(name: str) -> list[Route]:
    module = importlib.import_module(f"{resources.__name__}.{name}")
    return list(getattr(module, "ROUTES", []))


def _address(route: Route) -> str:
    """Paths that differ only in what their parameters are called are one address."""
    return re.sub(r"\{\w+\}", "{}", route.path)


def _refuse_twice(names: list[str]) -> None:
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ValueError(f"more than one route for {', '.join(sorted(twice))}")
