"""What is published of the whole HTTP API: OpenAPI 3.1, made of the routes and their contracts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import contracts.publish
from contracts.publish.shapes import Shapes
from gateway.all_routes import all_routes
from gateway.auth import COOKIE
from gateway.publish import problems
from gateway.publish.answers import DOMAIN_TIME, shared_examples, shared_responses
from gateway.publish.operations import operation
from gateway.routes import Route

ABOUT = """Exchanges of cluster organisations: registration, matching, agreements, payments.

* Ids are UUIDs, times RFC 3339 in UTC, days ISO 8601, amounts whole cents with their currency.
* A POST that makes or moves something carries an `Idempotency-Key`; repeated with the same key it has its effect once and answers
  the same.
* What two people may edit has a `version`, which is also its ETag; a change names the version it was made of in `If-Match`.
* A refusal is a problem (RFC 9457) with a `code` for programs and a sentence for people.
* Lists come in pages: `next` of one is `after` of the following.
* A partnership's system reads its events with HTTP Basic; see the guide for partners.
* Events are in [asyncapi.yaml](/contracts/asyncapi.yaml), to read at [/docs/events](/docs/events).
"""

SERVICES = {
    "identity": "Accounts, sessions, roles, notices, newsletters.",
    "registry": "Organisations, partnerships and registrations; the support office.",
    "matching": "Ranked partners, the catalogue, contacts, conversations, the match.",
    "agreements": "The exchange: commitment to quality, financial agreement, closing report.",
    "payments": "Computed assistance, bank details, evidence, payments.",
}


def document(routes: Iterable[Route] | None = None, version: str = "1.0.0") -> dict[str, Any]:
    """The OpenAPI document of these routes (of all, if none are given); deterministic, so that it can be compared."""
    shapes = Shapes(address="#/components/schemas/", whole=True)
    routes = all_routes() if routes is None else list(routes)
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route, shapes)
    return {
        "openapi": "3.1.0",
        "info": {"title": "ClusterXchange", "version": version, "description": ABOUT},
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/", "description": "Where this document was read."}],
        "tags": [{"name": name, "description": text} for name, text in SERVICES.items()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted({**shapes.named, "Problem": problems.SCHEMA}.items())),
            "responses": shared_responses(),
            "headers": DOMAIN_TIME,
            "examples": shared_examples(routes),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "The `token` that POST /v1/sessions gave."},
                "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Set for browsers at log-in."},
                "system": {"type": "http", "scheme": "basic", "description": "Login and secret of a partnership's system."},
            },
        },
    }


def files() -> contracts.publish.Files:
    """Every file by its path under contracts/published, with its text."""
    return {"openapi.json": contracts.publish.as_json(document()), **contracts.publish.files()}
