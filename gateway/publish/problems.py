"""Refusals as problems (RFC 9457): under which status each comes, and how it is shown."""

from __future__ import annotations

import inspect
from typing import Any

from chassis.bare.message import ANYONE
from chassis.bare.refusals import (
    ConcurrentChange,
    IfMatchRequired,
    InvalidFields,
    KeyReused,
    LogInAgain,
    LogInRequired,
    NotFound,
    Refusal,
    RoleRequired,
    StaleVersion,
    TooManyAttempts,
)
from contracts.registry.partner_access import PARTNER_SYSTEM, PartnerLogInFailed
from gateway.limits import TooManyRequests
from gateway.live import TooManyStreams
from gateway.problems import (
    BodyTooLarge,
    FileRefused,
    IdempotencyKeyRequired,
    MalformedBody,
    MediaTypeNotSupported,
    OriginRefused,
    problem,
    status_of,
)
from gateway.routes import Route

CORRELATION_ID = "c0ffee00-0001"
BUG = "Something failed on our side and was logged. Quote the correlation id to the support office."

SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Why something was not done (RFC 9457): a `code` for programs and, in `detail`, a sentence that says what to do.",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "correlation_id": {"type": "string", "description": "To be quoted to the support office."},
        "fields": {"type": "object", "description": "What is wrong, by field."},
        "details": {"type": "object", "description": "The details named in the sentence."},
    },
    "required": ["type", "title", "status", "detail", "code", "correlation_id"],
}


def refusals_of(route: Route) -> dict[int, list[type[Refusal]]]:
    """Every refusal that a route may give, by status: its contract's own and those that doors give of themselves."""
    by_status: dict[int, list[type[Refusal]]] = {}
    for each in dict.fromkeys([*_of_doors(route), *route.contract.refusals]):
        by_status.setdefault(status_of(each), []).append(each)
    return dict(sorted(by_status.items()))


def sentence(refusal: type[Refusal]) -> str:
    """A refusal's sentence, its details still in braces."""
    return " ".join((inspect.getdoc(refusal) or "").split())


def example(refusal: type[Refusal]) -> dict[str, Any]:
    """A refusal as a client sees it, its details still in braces."""
    return problem(status_of(refusal), refusal.code(), sentence(refusal), CORRELATION_ID)


def _of_doors(route: Route) -> list[type[Refusal]]:
    """What the gateway and every door refuse, whatever is asked."""
    contract = route.contract
    persons = ANYONE not in contract.allowed
    for_systems = PARTNER_SYSTEM in contract.allowed
    names_a_thing = route.path_fields and not any(issubclass(each, NotFound) for each in contract.refusals)
    given: dict[type[Refusal], bool] = {
        InvalidFields: bool(contract._declared_fields),
        LogInRequired: persons,
        RoleRequired: persons,
        LogInAgain: contract.fresh,
        NotFound: bool(names_a_thing),
        **dict.fromkeys((MalformedBody, BodyTooLarge, MediaTypeNotSupported), route.is_command),
        FileRefused: bool(route.uploads),
        TooManyStreams: route.is_stream,
        OriginRefused: route.is_command,
        TooManyRequests: (route.is_command and not persons) or for_systems,
        PartnerLogInFailed: for_systems,
        TooManyAttempts: for_systems,
        IdempotencyKeyRequired: route.needs_key,
        KeyReused: route.needs_key,
        ConcurrentChange: route.is_command,
        IfMatchRequired: route.takes_if_match,
        StaleVersion: route.takes_if_match,
    }
    return [refusal for refusal, is_given in given.items() if is_given]
