"""Contracts: requests are strict, views and events tolerant, facts exactly what was promised."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from marshmallow import Schema, fields

from chassis.bare.envelope import Envelope
from chassis.bare.fields import Text, Whole
from chassis.bare.message import Command, Contract, Event, Fact, PageQuery, View, page_of
from chassis.bare.refusals import InvalidFields


class PaintDoor(Command):
    """Paint a door."""

    service = "doors"
    colour = Text(20, required=True)
    coats = Whole(1, 3, load_default=1)

    example: ClassVar = {"colour": "green"}


class DoorView(View):
    """A door as it is shown."""

    colour = fields.String(required=True)


class DoorPainted(Event):
    """A door has a new colour."""

    subject_kind = "door"
    colour = fields.String(required=True)


def test_slug_is_the_name_on_the_wire() -> None:
    """One name from class to queue."""
    assert (PaintDoor.slug(), DoorPainted.slug()) == ("paint_door", "door_painted")


def test_request_refuses_a_field_it_does_not_know() -> None:
    """Mass assignment ends here; the unknown field is named."""
    with pytest.raises(InvalidFields) as refused:
        PaintDoor.read({"colour": "green", "price": 0})
    assert set(refused.value.details["fields"]) == {"price"}


def test_request_names_every_field_that_is_wrong() -> None:
    """One round trip tells all."""
    with pytest.raises(InvalidFields) as refused:
        PaintDoor.read({"coats": 9})
    assert set(refused.value.details["fields"]) == {"colour", "coats"}


@pytest.mark.parametrize("content", [None, [], "text", 5, [{}]])
def test_request_that_is_no_object_is_refused(content: object) -> None:
    """A door trusts nobody, not even to send an object."""
    with pytest.raises(InvalidFields):
        PaintDoor.read(content)


def test_view_drops_what_its_reader_does_not_know() -> None:
    """So that a newer service may say more."""
    assert DoorView.read({"colour": "green", "material": "oak"}) == {"colour": "green"}
    assert DoorView.write({"colour": "green", "material": "oak"}) == {"colour": "green"}


def test_event_drops_what_its_listener_does_not_know() -> None:
    """Events grow like views."""
    assert DoorPainted.read({"colour": "green", "by": "hand"}) == {"colour": "green"}


def test_fact_names_its_subject_and_compares_by_content() -> None:
    """A rule's test is one equality; the audience is sorted, without repeats and blanks."""
    door, one, two = uuid4(), uuid4(), uuid4()
    made = DoorPainted.of(door, audience=[two, one, None, two], colour="green")
    assert made == Fact("door_painted", f"door/{door}", {"colour": "green"}, tuple(sorted({str(one), str(two)})))


def test_fact_with_data_that_its_event_does_not_know_is_a_bug() -> None:
    """What would be dropped silently is said loudly."""
    with pytest.raises(TypeError, match="by"):
        DoorPainted.of(uuid4(), colour="green", by="hand")


def test_fact_without_what_its_event_promises_is_a_bug() -> None:
    """A listener relies on it."""
    with pytest.raises(InvalidFields):
        DoorPainted.of(uuid4())


@pytest.mark.parametrize("limit", [0, 101, -1, 2.5, True])
def test_page_has_at_most_a_hundred_items(limit: object) -> None:
    """A list cannot be had at once."""
    with pytest.raises(InvalidFields):
        PageQuery.read({"limit": limit})
    assert PageQuery.read({}) == {"after": None, "limit": 25}


def test_page_of_views_dumps_each_item() -> None:
    """Items pass through their view."""
    page = page_of(DoorView).write({"items": [{"colour": "green", "material": "oak"}], "next": None})
    assert page == {"items": [{"colour": "green"}], "next": None}


def test_envelope_survives_its_own_writing() -> None:
    """What the relay writes is what a listener reads."""
    loaded = Envelope.read(Envelope.example)
    assert Envelope.write(loaded) == Envelope.example


def test_deeply_nested_content_is_refused_and_no_crash() -> None:
    """The gateway limits depth; a door still trusts nobody."""
    deep: dict[str, object] = {}
    for _ in range(5000):
        deep = {"colour": deep}
    with pytest.raises(InvalidFields):
        PaintDoor.read(deep)


class Leg(Contract):
    """Part of a journey."""

    town = fields.String(required=True)


class Journey(Contract):
    """With every way in which a field finds its value."""

    from_ = fields.String(data_key="from", attribute="origin")
    deep = fields.String(attribute="guide.name")
    days = fields.Integer(dump_default=3)
    made = fields.Function(lambda obj: "made")
    legs = fields.List(fields.Nested(Leg))
    many = fields.Nested(Leg, many=True)
    empty = fields.Nested(Leg)
    not_there = fields.String()


def test_written_is_what_the_library_would_write() -> None:
    """It is written faster, and not otherwise; from mappings as from objects, and whatever is not there is left out."""
    plain: dict[str, Any] = {
        "origin": "Vigo",
        "guide": {"name": "Ana"},
        "legs": [{"town": "Gent"}],
        "many": [{"town": "Brno"}],
        "empty": None,
    }
    written = {
        "from": "Vigo",
        "deep": "Ana",
        "days": 3,
        "made": "made",
        "legs": [{"town": "Gent"}],
        "many": [{"town": "Brno"}],
        "empty": None,
    }
    thing = SimpleNamespace(**plain | {"guide": SimpleNamespace(name="Ana"), "legs": [SimpleNamespace(town="Gent")]})
    for value in (plain, thing, plain | {"days": 4}, {}, SimpleNamespace()):
        assert Journey.write(value) == Schema._serialize(Journey(), value)
    assert Journey.write(plain) == Journey.write(thing) == written and list(Journey.write(plain)) == list(written)
    assert Journey(only=["days"]).dump(plain) == {"days": 3}
