"""The Falcon application: every route, and what stands around it.

`gunicorn gateway.app:app -c gateway/gunicorn.conf.py` serves it.
"""

from __future__ import annotations

import json
from collections import defaultdict

import falcon.asgi
import falcon.media
from falcon import HTTPError
from marshmallow import fields

from chassis.bare.blobs import Blobs
from chassis.bare.clock import Clock
from chassis.bare.principal import Signer
from chassis.bare.refusals import Refusal, Unavailable
from gateway import problems
from gateway.admission import Admission
from gateway.all_routes import all_routes
from gateway.asking import Address, Asking
from gateway.auth import Auth
from gateway.body import MOST_PARTS
from gateway.entrance import Entrance
from gateway.files import Files
from gateway.hearing import Hearing
from gateway.limits import Limits
from gateway.live import Live
from gateway.middleware import Around
from gateway.resources import development, docs, health, web
from gateway.routes import Route
from gateway.rpc import Rpc
from gateway.settings import Settings, read_settings
from gateway.watching import Watched


def make_app(settings: Settings) -> falcon.asgi.App:
    """The whole gateway."""
    admission = Admission(settings.calls, settings.heavy_calls, settings.body_bytes)
    rpc = Rpc(settings.amqp_uri, settings.call_timeout_s, admission)
    auth = Auth(rpc, Signer("gateway", settings.key_file), settings.public_url, settings.system_rate_limit)
    live = Live(settings.live_streams, settings.live_streams_each)
    app = Entrance(admission, middleware=[Around(Clock(settings.clock_file)), Watched(), Hearing(rpc, live)])
    app.on_leaving = live.leave
    app.resp_options.media_handlers = _media_handlers()
    app.req_options.media_handlers["multipart/form-data"] = _forms()
    app.req_options.keep_blank_qs_values = True
    asking = Asking(rpc, auth, Files(Blobs(settings.blob_folder)), Limits(settings.rate_limit), admission, live)
    add_asking_routes(app, asking, all_routes())
    docs.add_routes(app)
    app.add_route("/health/live", health.Live())
    app.add_route("/health/ready", health.Ready(rpc, sorted({route.contract.service for route in all_routes()})))
    web.add_routes(app)
    if settings.is_development:
        add_development_routes(app, settings)
    app.add_error_handler(Exception, problems.on_error)
    app.add_error_handler(HTTPError, problems.on_http_error)
    app.add_error_handler(Refusal, problems.on_refusal)
    app.add_error_handler(Unavailable, problems.on_unavailable)
    return app


def add_asking_routes(app: falcon.asgi.App, asking: Asking, routes: list[Route]) -> None:
    """One resource per URL, with a responder per method."""
    by_path: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        by_path[falcon_path(route)].append(route)
    for path, same in by_path.items():
        app.add_route(path, Address(asking, same))


def falcon_path(route: Route) -> str:
    """The path as Falcon wants it: ids are UUIDs, and anything else there is simply not found."""
    path = route.path
    for name in route.path_fields:
        if isinstance(route.contract._declared_fields[name], fields.UUID):
            path = path.replace(f"{{{name}}}", f"{{{name}:uuid}}")
        elif isinstance(route.contract._declared_fields[name], fields.Integer):
            path = path.replace(f"{{{name}}}", f"{{{name}:int}}")
    return path


def add_development_routes(app: falcon.asgi.App, settings: Settings) -> None:
    """Captured mails and the movable clock."""
    if settings.mail_folder:
        app.add_route("/dev/mail", development.Mails(settings.mail_folder))
        app.add_route("/dev/mail/{mail_id}", development.OneMail(settings.mail_folder))
    if settings.clock_file:
        app.add_route("/dev/clock", development.DomainClock(settings.clock_file))


def _forms() -> falcon.media.MultipartFormHandler:
    forms = falcon.media.MultipartFormHandler()
    forms.parse_options.max_body_part_count = MOST_PARTS
    return forms


def _media_handlers() -> falcon.media.Handlers:
    handler = falcon.media.JSONHandler(dumps=lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return falcon.media.Handlers({"application/json": handler, problems.PROBLEM: handler})


def __getattr__(name: str) -> falcon.asgi.App:
    """Make `app` at gunicorn's first look, so that importing this module needs no settings."""
    if name == "app":
        return make_app(read_settings())
    raise AttributeError(name)
