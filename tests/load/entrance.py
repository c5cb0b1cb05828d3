"""The product's gateway with one address more, which leads to the service without a database."""

from __future__ import annotations

import falcon.asgi

from gateway import app as gateway
from gateway.all_routes import all_routes
from gateway.routes import Route
from gateway.settings import read_settings
from tests.load.speaker.contracts import Say

SAY = "/load/said"


def make_app() -> falcon.asgi.App:
    """The whole gateway; `Say` goes the one way that all routes go."""
    gateway.all_routes = lambda: [*all_routes(), Route("GET", SAY, Say)]
    return gateway.make_app(read_settings())


def __getattr__(name: str) -> falcon.asgi.App:
    """Make `app` at gunicorn's first look, so that importing this module needs no settings."""
    if name == "app":
        return make_app()
    raise AttributeError(name)
