"""Contracts keep to the house's words, declare their rule, and tell nothing personal in events."""

from __future__ import annotations

import re

from marshmallow import fields

import contracts
from chassis.bare.message import ANYONE, SIGNED_IN, Contract
from chassis.bare.message import SERVICES as SERVICES_ONLY
from contracts.publish.schemas import all_contracts, path_of
from tests.contracts import code

ROLES = {"representative", "registrations", "agreements", "finance", "support_officer", "administrator", "auditor", "partner_system"}
PERSONAL = re.compile(
    r"^(.*_)?(first_name|last_name|full_name|e_?mail|mail_address|i?ban|account|phone|street|house_number|birth.*|password)$"
)

CONTRACTS, REQUESTS, EVENTS = all_contracts(), contracts.requests(), contracts.events()


def test_requests_declare_who_may_ask() -> None:
    """Nothing is open by having been forgotten; only known roles are named, and anyone stands alone."""
    known = ROLES | {ANYONE, SIGNED_IN, SERVICES_ONLY}
    assert [path_of(each) for each in REQUESTS if not each.allowed] == [], "an empty `allowed` refuses everybody"
    assert {path_of(each): unknown for each in REQUESTS if (unknown := set(each.allowed) - known)} == {}
    assert [path_of(each) for each in REQUESTS if ANYONE in each.allowed and len(each.allowed) > 1] == []


def test_refusals_have_a_sentence() -> None:
    """A code alone tells a person nothing."""
    assert {each.code() for request in REQUESTS for each in request.refusals if not vars(each).get("__doc__")} == set()


def test_fields_are_named_in_snake_case() -> None:
    """On the wire as in code."""
    snake = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
    assert [f"{path_of(each)}: {name}" for each in CONTRACTS for name in names(each) if not snake.fullmatch(name)] == []


def test_events_carry_nothing_personal() -> None:
    """Who needs a person's data asks for them."""
    assert [f"{path_of(each)}: {name}" for each in EVENTS for name in names(each) if PERSONAL.match(name)] == []


def test_events_name_their_service_subject_and_listeners() -> None:
    """The topology is made of these."""
    assert [path_of(each) for each in EVENTS if each.service not in code.SERVICES or not each.subject_kind] == []
    assert {path_of(each): unknown for each in EVENTS if (unknown := set(each.heard_by) - set(code.SERVICES))} == {}


def names(contract: type[Contract]) -> set[str]:
    """The names on the wire, of nested contracts too."""
    return {name for key, field in contract._declared_fields.items() for name in {field.data_key or key, *_below(field)}}


def _below(field: fields.Field) -> set[str]:
    inner = field.inner if isinstance(field, fields.List) else field
    return names(type(inner.schema)) if isinstance(inner, fields.Nested) else set()  # type: ignore[arg-type]
