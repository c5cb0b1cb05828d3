"""Every event that a page shows says so, and to whom; the others are listed here, and why."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import fields

import contracts
from chassis.bare.hints import hint_of
from chassis.bare.message import Event
from contracts.identity.live import ListenLive
from contracts.identity.roles import OFFICE_ROLES, PLACED_ROLES
from contracts.publish.schemas import path_of
from gateway.all_routes import all_routes

SILENT = {
    "account_created": "nobody is logged in yet",
    "account_confirmed": "nobody is logged in yet",
    "person_erased": "the account's sessions ended when erasure was asked",
    "mails_queued": "work of the service itself",
    "organisation_founded": "the role that follows is told as `me`",
    "representative_joined": "the role that follows is told as `me`",
    "partnership_created": "reference data",
    "partnership_changed": "reference data",
    "profile_changed": "the catalogue is asked anew at every look",
    "conversation_opened": "the contact accepted, or the match agreed, tells it in the same unit",
    "ranking_chosen": "the list is asked anew at every look",
    "batch_fetched": "names no partnership; the file is the same as before",
    "rate_added": "reference data",
    "figure_added": "reference data",
    "assistance_method_added": "reference data",
    "eligibility_rule_added": "reference data",
}

each_event = pytest.mark.parametrize("event", contracts.events(), ids=path_of)


def field_at(event: type[Event], path: str) -> Any:
    """The field that a path names; raises KeyError."""
    declared: Any = event._declared_fields
    *before, last = path.split(".")
    for name in before:
        declared = declared[name].schema.fields
    return declared[last]


@each_event
def test_event_tells_pages_or_is_listed_with_the_reason_why_not(event: type[Event]) -> None:
    """Rules' rows are reference data of every service."""
    assert bool(event.tells) != (event.slug() in SILENT or event.slug().endswith(("figure_added", "method_added")))
    assert bool(event.tells) == bool(event.concerns)


@each_event
def test_whom_an_event_concerns_is_a_role_at_an_id_that_it_carries(event: type[Event]) -> None:
    """A role that is held at places is never told everywhere, nor the other way round."""
    for concern in event.concerns:
        role, _, path = concern.partition("@")
        assert role in (OFFICE_ROLES if not path else ("person", *PLACED_ROLES)), concern
        found = field_at(event, path) if path else None
        assert found is None or isinstance(getattr(found, "inner", found), fields.UUID), concern


@each_event
def test_word_is_an_address_of_the_api_and_names_an_id(event: type[Event]) -> None:
    """With the example's ids it is a word that the documentation lists."""
    hint = hint_of(event, event.write(event.read(event.example))) if event.tells else None
    addresses = {route.path.split("/")[2] for route in all_routes()}
    for word in hint.words if hint else ():
        name = word.partition(":")[0]
        assert name in addresses, word
        assert f"`{name}" in ListenLive.description(), word


@each_event
def test_money_and_reasons_of_one_side_are_not_told_to_the_other(event: type[Event]) -> None:
    """What payments announces stays with the visitor, its paying officer and the offices."""
    if event.service == "payments":
        assert [each for each in event.concerns if "host" in each or each.startswith(("agreements", "registrations"))] == []
