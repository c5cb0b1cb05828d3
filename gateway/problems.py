"""Refusals as HTTP: a status, and a problem document (RFC 9457) with a code for programs and a sentence that says what to do."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from falcon import HTTPError as FalconError
from falcon.asgi import Request, Response

from chassis.bare.refusals import Forbidden, Invalid, Refusal, Unavailable

STATUS = {"not_found": 404, "forbidden": 403, "conflict": 409, "invalid": 422}

STATUS_OF_CODE = {
    "log_in_required": 401,
    "log_in_failed": 401,
    "partner_log_in_failed": 401,
    "session_ended": 401,
    "too_many_attempts": 429,
    "too_many_requests": 429,
    "too_many_streams": 429,
    "stale_version": 412,
    "idempotency_key_required": 400,
    "if_match_required": 428,
    "malformed_body": 400,
    "cut_off": 400,
    "body_too_large": 413,
    "media_type_not_supported": 415,
    "file_refused": 422,
}

RETRY_AFTER_S = {"exchange_not_found": 1}
"""After a match is agreed its exchange appears a moment later; whoever was told of it may ask again."""

REFUSED = {
    400: ("malformed_request", "This is not HTTP as it should be ({said}). Correct it and send it again."),
    408: ("request_timeout", "The request did not come in time; send it again without pauses."),
    414: ("uri_too_long", "The address is too long; send fewer or shorter parameters."),
    431: ("headers_too_large", "The headers are too large, or too many; send fewer."),
    500: ("internal_error", "Something failed on our side and was logged. Quote the correlation id to the support office."),
    503: ("unavailable", "Too many connections are open just now. Nothing was lost; try again."),
}
"""Code and sentence of what is refused before there is a request: by the connection."""

SPREAD_S = 3

PROBLEM = "application/problem+json"

log = structlog.get_logger()


class IdempotencyKeyRequired(Invalid):
    """Send an Idempotency-Key header (1 to 200 visible characters, a fresh UUID is best) so that a repeat cannot act twice."""


class MalformedBody(Invalid):
    """The body cannot be read: {reason} Correct it and send it again."""


class BodyTooLarge(Invalid):
    """The body is larger than {most} bytes; send less at once."""


class MediaTypeNotSupported(Invalid):
    """This address takes {wanted}. Send that."""


class FileRefused(Invalid):
    """The file cannot be accepted: {reason} Send another one."""


class OriginRefused(Forbidden):
    """This request comes from another site; use the pages of this one, or a bearer token."""


def spread(seconds: int) -> int:
    """A time to come again, up to three seconds later than asked: all who were refused together should not come back together."""
    return seconds + secrets.randbelow(SPREAD_S + 1)


def status_of(refusal: type[Refusal] | dict[str, Any]) -> int:
    """The HTTP status of a refusal class or message."""
    kind, code = (refusal["kind"], refusal["code"]) if isinstance(refusal, dict) else (refusal.kind, refusal.code())
    return STATUS_OF_CODE.get(code, STATUS[kind])


def problem(status: int, code: str, sentence: str, correlation_id: str, **more: Any) -> dict[str, Any]:
    """A problem document."""
    return {
        "type": f"urn:clusterxchange:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": sentence,
        "code": code,
        "correlation_id": correlation_id,
    } | more


def write_refusal(resp: Response, message: dict[str, Any], correlation_id: str) -> None:
    """Answer with a refusal as it came over RPC."""
    details = dict(message.get("details") or {})
    status, code = status_of(message), message["code"]
    more: dict[str, Any] = {"fields": details.pop("fields")} if "fields" in details else {}
    if details:
        more["details"] = details
    write(resp, status, problem(status, code, message["sentence"], correlation_id, **more))
    retry = details.get("retry_after") if status == 429 else RETRY_AFTER_S.get(code)
    if retry:
        resp.set_header("Retry-After", str(retry))
    if status == 401:
        resp.set_header("WWW-Authenticate", "Bearer")


def write(resp: Response, status: int, document: dict[str, Any]) -> None:
    """Answer with a problem document."""
    resp.status, resp.content_type, resp.media = status, PROBLEM, document


async def on_refusal(req: Request, resp: Response, error: Refusal, params: Any) -> None:
    """A refusal raised in the gateway itself."""
    write_refusal(resp, error.as_message(), req.context.correlation_id)


async def on_unavailable(req: Request, resp: Response, error: Unavailable, params: Any) -> None:
    """A service or the broker did not answer: come again."""
    more = {"details": {"service": error.service}} if error.service else {}
    document = problem(503, error.code, f"{error} Nothing was lost; try again.", req.context.correlation_id, **more)
    write(resp, 503, document)
    resp.set_header("Retry-After", str(spread(error.retry_after)))


async def on_http_error(req: Request, resp: Response, error: FalconError, params: Any) -> None:
    """Falcon's own refusals (no such address, method not allowed) in our form."""
    code = error.title.lower().replace(" ", "_")[4:] if error.title[:3].isdigit() else error.title.lower().replace(" ", "_")
    sentence = error.description or SENTENCES.get(error.status_code, error.title)
    write(resp, error.status_code, problem(error.status_code, code, sentence, getattr(req.context, "correlation_id", "")))
    resp.set_headers(error.headers or {})


async def on_error(req: Request, resp: Response, error: Exception, params: Any) -> None:
    """A bug: logged once, and answered without anything of our insides."""
    log.exception("request failed", method=req.method, path=req.path)
    sentence = "Something failed on our side and was logged. Quote the correlation id to the support office."
    write(resp, 500, problem(500, "internal_error", sentence, getattr(req.context, "correlation_id", "")))


SENTENCES = {
    404: "There is nothing at this address; see /docs for all addresses.",
    405: "This address does not take that method; see the Allow header.",
}
