"""Hints: words and whom they concern, made of what an event's data hold."""

from __future__ import annotations

from uuid import uuid4

import pytest
from marshmallow import fields

from chassis.bare.hints import Hint, hears, hint_of
from chassis.bare.message import Event
from chassis.bare.principal import service
from tests.builders import auditor, contact_point, person


class Shown(Event):
    """Something that pages show."""

    service = "nowhere"
    subject_kind = "thing"
    tells = ("things:{thing_id}", "lists")
    concerns = ("owner@by.place", "reader@places", "person@person_id", "auditor")

    thing_id = fields.String()
    by = fields.Dict()
    places = fields.List(fields.String())
    person_id = fields.String(allow_none=True)


DATA = {"thing_id": "t", "by": {"place": "p"}, "places": ["q", "r"], "person_id": None}


def test_hint_has_the_words_with_their_ids_and_everybody_concerned() -> None:
    """Lists count as each of theirs, null as nobody, a role without a field as that role everywhere."""
    hint = hint_of(Shown, DATA)
    assert hint == Hint(("things:t", "lists"), frozenset({"owner@p", "reader@q", "reader@r", "auditor@"}))
    assert hint is not None and Hint.from_message(hint.as_message()) == hint


def test_what_tells_nothing_or_concerns_nobody_has_no_hint() -> None:
    """Also what nobody has a contract of."""

    class Silent(Shown):
        """Pages do not show it."""

        tells = ()

    class Nobodys(Shown):
        """Concerns a person who is not there."""

        concerns = ("person@person_id",)

    assert [hint_of(each, DATA) for each in (Silent, Nobodys, None)] == [None, None, None]


def test_person_hears_for_itself_and_in_every_role_where_it_holds_it() -> None:
    """Who holds a role everywhere hears what that role hears everywhere, and not what it hears at a place."""
    place = uuid4()
    who = contact_point(place, "agreements", "finance")
    assert set(hears(who)) == {f"person@{who.id}", f"agreements@{place}", f"finance@{place}"}
    officer = auditor()
    assert set(hears(officer)) == {f"person@{officer.id}", "auditor@"}
    assert hears(service("registry")) == [] and hears(person()) != []


@pytest.mark.parametrize("broken", [{}, {"words": ["a"]}, {"words": 1, "to": []}])
def test_what_is_no_hint_is_refused(broken: dict[str, object]) -> None:
    """The gateway drops it."""
    with pytest.raises((KeyError, TypeError)):
        Hint.from_message(broken)
