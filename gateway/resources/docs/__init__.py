"""/docs and /contracts: the API's documentation to read and to try, and the published contracts. No outside address."""

from __future__ import annotations

from functools import cache
from typing import Any

import falcon.asgi

from gateway.resources.docs.pages import page
from gateway.resources.docs.published import Pages, Published, Redirect
from gateway.resources.docs.stock import assets, published


def add_routes(app: falcon.asgi.App) -> None:
    """Add the documentation's addresses to the application."""
    for path, resource in _resources().items():
        app.add_route(path, resource)


@cache
def _resources() -> dict[str, Any]:
    """What answers at which address; made once in a process, since nothing of it changes while it runs."""
    files = published()
    return {
        "/docs": Pages(page("docs.html")),
        "/docs/events": Pages(page("events.html")),
        "/docs/assets/{name}": Published(assets()),
        "/contracts": Pages(page("contracts.html", files=sorted(files))),
        **{path: Redirect(path.rstrip("/")) for path in ("/docs/", "/docs/events/", "/contracts/")},
        "/contracts/{name}": Published(files),
        "/contracts/schemas/{service}/{name}": Published({_below(path): each for path, each in files.items()}),
    }


def _below(path: str) -> str:
    return path.removeprefix("schemas/")
