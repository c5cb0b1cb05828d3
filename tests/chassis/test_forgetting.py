"""What kept answers say of an erased person is forgotten, and nothing that they say of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis.bare.message import real_now
from chassis.bare.tables import AnsweredRow
from chassis.running.forgetting import forget_answers
from tests.room import Room

Look = Callable[..., list[Any]]

ANNA, OTHER = uuid4(), uuid4()
TELLING = ["Anna Miller", "Anna", "anna@example.org", 'Says "no".\nTwice.', None, ""]
KNOWN = ["Miller", "Cluster manager", None]


def forgotten(tiny: Room, look: Look, reply: Any, actor: str = f"person:{OTHER}", telling: Any = None) -> Any:
    """A kept answer, once Anna is forgotten; None if it is not kept any longer."""
    with tiny.unit() as unit:
        unit.session.add(AnsweredRow(actor=actor, key="k", request="make_thing", content_hash="0" * 64, reply=reply, at=real_now()))
    with tiny.unit() as unit:
        forget_answers(unit, ANNA, telling or TELLING, KNOWN, "(erased)")
    rows = look(select(AnsweredRow.reply))
    return rows[0] if rows else None


def test_what_the_person_was_answered_is_gone(tiny: Room, look: Look) -> None:
    """All of it."""
    assert forgotten(tiny, look, {"name": "lamp"}, f"person:{ANNA}") is None


def test_fields_that_name_the_person_are_emptied_where_the_persons_id_is(tiny: Room, look: Look) -> None:
    """Also a first name alone, and in what lies within; never a part of a text."""
    reply = {
        "person_id": str(ANNA), "first_name": "Anna", "last_name": "Miller", "note": "Miller & Co of Annaberg", "version": 3,
        "reach": {"e_mail": "anna@example.org", "words": ["Anna", "Annabel"]}, 'text': 'Says "no".\nTwice.',
    }  # fmt: skip
    assert forgotten(tiny, look, reply) == reply | {
        "first_name": "(erased)", "last_name": "(erased)", "reach": {"e_mail": "(erased)", "words": ["(erased)", "Annabel"]}, "text": "(erased)",
    }  # fmt: skip


def test_somebody_elses_name_and_text_stay_as_they_are(tiny: Room, look: Look) -> None:
    """The same first name beside, a company of that name, a sentence with the name in it."""
    other = {"person_id": str(OTHER), "first_name": "Anna", "last_name": "Miller", "organisation": "Miller", "town": "Annaberg"}
    text = "Dear Anna Miller, write to anna@example.org."
    reply = {"items": [other, {"person_id": str(ANNA), "first_name": "Anna"}], "text": text}
    assert forgotten(tiny, look, reply) == {"items": [other, {"person_id": str(ANNA), "first_name": "(erased)"}], "text": text}


def test_full_name_and_address_go_also_where_no_id_stands_beside(tiny: Room, look: Look) -> None:
    """As in a list of travellers."""
    reply = {"travellers": [{"name": "Anna Miller", "function": "Manager"}, {"name": "Anna Millerton", "function": "Anna"}]}
    assert forgotten(tiny, look, reply) == {
        "travellers": [{"name": "(erased)", "function": "Manager"}, {"name": "Anna Millerton", "function": "Anna"}]
    }


@pytest.mark.parametrize("name", ["Jean-Luc", "O'Neill", "D\u2019Arcy", "Zo\u00eb", "Zoe\u0308", "Anne\u2011Marie", "\u0141ukasz"])
def test_one_name_alone_may_be_anybodys_however_it_is_put_together(tiny: Room, look: Look, name: str) -> None:
    """It goes beside the person's id, and nowhere else."""
    reply = {"travellers": [{"name": name}], "person": {"person_id": str(ANNA), "first_name": name}}
    assert forgotten(tiny, look, reply, telling=[name]) == {
        "travellers": [{"name": name}], "person": {"person_id": str(ANNA), "first_name": "(erased)"},
    }  # fmt: skip


@pytest.mark.parametrize("name", ["Jean-Luc Picard", "Zo\u00eb Le Fur", "anna.m", "+351 123", "A1", "\u738b \u5c0f\u660e"])
def test_full_names_and_addresses_go_everywhere_in_any_script(tiny: Room, look: Look, name: str) -> None:
    """Whatever signs they are written with."""
    assert forgotten(tiny, look, {"travellers": [{"name": name}]}, telling=[name]) == {"travellers": [{"name": "(erased)"}]}


def test_what_others_share_goes_where_the_person_is_meant_and_nowhere_else(tiny: Room, look: Look) -> None:
    """Many a manager manages a cluster."""
    reply = {"items": [{"person_id": str(ANNA), "function": "Cluster manager"}, {"name": "Bo Berg", "function": "Cluster manager"}]}
    assert forgotten(tiny, look, reply)["items"] == [
        {"person_id": str(ANNA), "function": "(erased)"}, {"name": "Bo Berg", "function": "Cluster manager"},
    ]  # fmt: skip
