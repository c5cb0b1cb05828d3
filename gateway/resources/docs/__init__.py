"""/docs and /contracts: the API's documentation to read and to try, and the published contracts. No outside address."""

from __future__ import annotations

import falcon.asgi

from gateway.resources.docs.pages import page
from gateway.resources.docs.published import Pages, Published, Redirect
from gateway.resources.docs.stock import assets, published


def add_routes(app: falcon.asgi.App) -> None:
    """Add the documentation's addresses to the application."""
    files = published()
    app.add_route("/docs", Pages(page("docs.html")))
    app.add_route("/docs/events", Pages(page("events.html")))
    app.add_route("/docs/assets/{name}", Published(assets()))
    app.add_route("/contracts", Pages(page("contracts.html", files=sorted(files))))
    for path in ("/docs/", "/docs/events/", "/contracts/"):
        app.add_route(path, Redirect(path.rstrip("/")))
    app.add_route("/contracts/{name}", Published(files))
    app.add_route("/contracts/schemas/{service}/{name}", Published({_below(path): each for path, each in files.items()}))


def _below(path: str) -> str:
    return path.removeprefix("schemas/")
