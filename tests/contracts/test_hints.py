"""Every event that a page shows says so, and to whom; the others are listed here, and why."""

from __future__ import annotations

from typing import Any

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

EVENTS = contracts.events()


def field_at(event: type[Event], path: str) -> Any:
    """The field that a path names; raises KeyError."""
    declared: Any = event._declared_fields
    *before, last = path.split(".")
    for name in before:
        declared = declared[name].schema.fields
    return declared[last]


def test_events_tell_pages_or_are_listed_with_the_reason_why_not() -> None:
    """Rules' rows are reference data of every service."""
    quiet = {each for each in EVENTS if each.slug() in SILENT or each.slug().endswith(("figure_added", "method_added"))}
    assert [path_of(each) for each in EVENTS if bool(each.tells) == (each in quiet)] == []
    assert [path_of(each) for each in EVENTS if bool(each.tells) != bool(each.concerns)] == []


def test_whom_events_concern_is_a_role_at_an_id_that_they_carry() -> None:
    """A role that is held at places is never told everywhere, nor the other way round."""
    assert [f"{path_of(each)}: {concern}" for each in EVENTS for concern in each.concerns if not _is_somebody(each, concern)] == []


def test_words_are_addresses_of_the_api_and_name_an_id() -> None:
    """With the example's ids each is a word that the documentation lists."""
    telling = [each for each in EVENTS if each.tells]
    told = {each: hint_of(each, each.write(each.read(each.example))) for each in telling}
    names = {each: {word.partition(":")[0] for word in hint.words} for each, hint in told.items() if hint}
    assert names.keys() == set(telling)
    known, documented = {route.path.split("/")[2] for route in all_routes()}, ListenLive.description()
    assert {path_of(each): some - known for each, some in names.items() if some - known} == {}
    assert {name for some in names.values() for name in some if f"`{name}" not in documented} == set()


def test_money_and_reasons_of_one_side_are_not_told_to_the_other() -> None:
    """What payments announces stays with the visitor, its paying officer and the offices."""
    concerns = [(each, concern) for each in EVENTS if each.service == "payments" for concern in each.concerns]
    assert concerns
    assert [f"{path_of(each)}: {it}" for each, it in concerns if "host" in it or it.startswith(("agreements", "registrations"))] == []


def _is_somebody(event: type[Event], concern: str) -> bool:
    role, _, path = concern.partition("@")
    if not path:
        return role in OFFICE_ROLES
    found = field_at(event, path)
    return role in ("person", *PLACED_ROLES) and isinstance(getattr(found, "inner", found), fields.UUID)
