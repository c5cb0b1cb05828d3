"""Contracts keep to the house's words, declare their rule, and tell nothing personal in events."""

from __future__ import annotations

import re

import pytest
from marshmallow import fields

import contracts
from chassis.bare.message import ANYONE, SIGNED_IN, Contract, Event, Request
from chassis.bare.message import SERVICES as SERVICES_ONLY
from contracts.publish.schemas import all_contracts, path_of
from tests.contracts import code

ROLES = {"representative", "registrations", "agreements", "finance", "support_officer", "administrator", "auditor", "partner_system"}
PERSONAL = re.compile(
    r"^(.*_)?(first_name|last_name|full_name|e_?mail|mail_address|i?ban|account|phone|street|house_number|birth.*|password)$"
)

each_contract = pytest.mark.parametrize("contract", all_contracts(), ids=path_of)
each_request = pytest.mark.parametrize("request_", contracts.requests(), ids=path_of)
each_event = pytest.mark.parametrize("event", contracts.events(), ids=path_of)


@each_request
def test_request_declares_who_may_ask(request_: type[Request]) -> None:
    """Nothing is open by having been forgotten; only known roles are named, and anyone stands alone."""
    known = ROLES | {ANYONE, SIGNED_IN, SERVICES_ONLY}
    assert request_.allowed, "an empty `allowed` refuses everybody"
    assert set(request_.allowed) <= known
    assert ANYONE not in request_.allowed or len(request_.allowed) == 1


@each_request
def test_refusals_have_a_sentence(request_: type[Request]) -> None:
    """A code alone tells a person nothing."""
    assert [each.code() for each in request_.refusals if not vars(each).get("__doc__")] == []


@each_contract
def test_fields_are_named_in_snake_case(contract: type[Contract]) -> None:
    """On the wire as in code."""
    assert [name for name in names(contract) if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)] == []


@each_event
def test_event_carries_nothing_personal(event: type[Event]) -> None:
    """Who needs a person's data asks for them."""
    assert [name for name in names(event) if PERSONAL.match(name)] == []


@each_event
def test_event_names_its_service_subject_and_listeners(event: type[Event]) -> None:
    """The topology is made of these."""
    assert event.service in code.SERVICES
    assert event.subject_kind
    assert set(event.heard_by) <= set(code.SERVICES)


def names(contract: type[Contract]) -> set[str]:
    """The names on the wire, of nested contracts too."""
    return {name for key, field in contract._declared_fields.items() for name in {field.data_key or key, *_below(field)}}


def _below(field: fields.Field) -> set[str]:
    inner = field.inner if isinstance(field, fields.List) else field
    return names(type(inner.schema)) if isinstance(inner, fields.Nested) else set()  # type: ignore[arg-type]
