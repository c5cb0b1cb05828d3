"""What a route may answer: its view or file, and every refusal under its status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chassis.bare.refusals import Refusal
from contracts.publish.shapes import Shapes, name_of
from gateway.presence import WITHOUT, ServiceMissing
from gateway.problems import PROBLEM as PROBLEM_TYPE
from gateway.problems import REFUSED, problem
from gateway.publish.problems import BUG, CORRELATION_ID, example, refusals_of, sentence
from gateway.routes import Route

OF_CONNECTIONS = {"408": "RequestTimeout", "414": "UriTooLong", "431": "HeadersTooLarge"}
"""What may be answered to a request before anybody looks at what it asks."""

PHRASES = {200: "Done.", 201: "Made.", 202: "Taken on.", 204: "Done; nothing to show."}

WORDS_SENT = ": open\nretry: 3000\n\ndata: notices\n\ndata: exchanges:5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51\n\n"

UNAVAILABLE = """Come again after the seconds of `Retry-After`; repeat a command with the same key.

* `unavailable`: something does not answer just now, or too much is asked at once.
* `service_missing`: a service is not running; `details.service` names it, and the sentence says what is missing."""

TO_PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}
RETRY = {"Retry-After": {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}}}
DOMAIN_TIME = {
    "DomainTime": {
        "description": "The time that all rules go by, with every answer; in development it may be ahead of clocks elsewhere.",
        "schema": {"type": "string", "format": "date-time"},
    }
}
ALWAYS = {"X-Domain-Time": {"$ref": "#/components/headers/DomainTime"}}
ETAG = {"ETag": {"description": "The `version`, for If-Match.", "schema": {"type": "string"}}}
ATTACHMENT = {"Content-Disposition": {"description": "The file's name.", "schema": {"type": "string"}}}


def responses(route: Route, shapes: Shapes) -> dict[str, Any]:
    """All responses of a route, by status."""
    refused = {str(status): _refused(found) for status, found in refusals_of(route).items()}
    shared = {"503": {"$ref": "#/components/responses/Unavailable"}, "500": {"$ref": "#/components/responses/Failed"}}
    shared |= {status: {"$ref": f"#/components/responses/{name}"} for status, name in OF_CONNECTIONS.items()}
    return {str(route.success): _success(route, shapes), **dict(sorted({**refused, **shared}.items()))}


def shared_responses() -> dict[str, Any]:
    """What every route may answer."""
    busy = problem(503, "unavailable", "The service does not answer just now. Nothing was lost; try again.", CORRELATION_ID)
    gone = problem(503, ServiceMissing.code, f"{WITHOUT['matching']} Nothing was lost; try again.", CORRELATION_ID)
    gone["details"] = {"service": "matching"}
    examples = {each["code"]: {"summary": each["detail"], "value": each} for each in (busy, gone)}
    unavailable = {"description": UNAVAILABLE, "headers": RETRY, "content": {PROBLEM_TYPE: TO_PROBLEM | {"examples": examples}}}
    failed = problem(500, "internal_error", BUG, CORRELATION_ID)
    unread = {name: _shared(problem(int(status), *REFUSED[int(status)], CORRELATION_ID)) for status, name in OF_CONNECTIONS.items()}
    return {"Unavailable": unavailable, "Failed": _shared(failed), **unread}


def shared_examples(routes: Iterable[Route]) -> dict[str, Any]:
    """Every refusal of these routes as a problem, under the name of its class."""
    refusals = {each for route in routes for found in refusals_of(route).values() for each in found}
    made = {name_of(each): example(each) for each in refusals}
    return {name: {"summary": shown["detail"], "value": shown} for name, shown in sorted(made.items())}


def _success(route: Route, shapes: Shapes) -> dict[str, Any]:
    view, made = route.contract.answers, {"description": PHRASES[route.success]}
    if route.is_download:
        content = {each: {"schema": _file(each)} for each in route.contract.file_types}
        return made | {"headers": ALWAYS | ATTACHMENT, "content": content}
    if route.is_stream:
        return made | {"headers": ALWAYS, "content": {"text/event-stream": {"schema": {"type": "string"}, "example": WORDS_SENT}}}
    if route.success == 204:
        return made | {"headers": ALWAYS}
    headers = {"headers": ALWAYS | (ETAG if "version" in view._declared_fields else {})}
    return made | headers | {"content": {"application/json": {"schema": shapes.reference(view), "example": view.example}}}


def _file(media_type: str) -> dict[str, Any]:
    # What is JSON is read as that by whoever holds an answer against its schema, and is no string of bytes to them.
    return {} if media_type == "application/json" else {"type": "string", "format": "binary"}


def _refused(refusals: list[type[Refusal]]) -> dict[str, Any]:
    """A response with the problems that may stand in it, by code."""
    examples = {each.code(): {"$ref": f"#/components/examples/{name_of(each)}"} for each in refusals}
    description = "\n".join(f"* `{each.code()}`: {sentence(each)}" for each in refusals)
    return {"description": description, "content": {PROBLEM_TYPE: TO_PROBLEM | {"examples": examples}}}


def _shared(shown: dict[str, Any]) -> dict[str, Any]:
    return {"description": shown["detail"], "content": {PROBLEM_TYPE: TO_PROBLEM | {"example": shown}}}
