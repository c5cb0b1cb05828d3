"""The figures that registrations go by: read by anybody, added by administrators, used from their day on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.bare.refusals import InvalidFields, RoleRequired, RowAlreadyThere, RowNotBackdated
from contracts.registry import (
    REGISTRATION_FIGURES,
    AddRegistrationFigure,
    CreatePartnership,
    ListRegistrationFigures,
    ReadPartnership,
    SuggestPartnerships,
)
from tests.builders import administrator, support_officer
from tests.registry.conftest import Scene


def add(scene: Scene, name: str, value: int, **changes: Any) -> dict[str, Any]:
    """An administrator adds a figure from today on."""
    new = {"name": name, "value": value, "valid_from": scene.room.clock.now().date(), "source": "a decision"}
    return scene.room.ask(AddRegistrationFigure, administrator(), **new | changes)


def test_every_figure_has_a_row_with_a_source_within_its_range(scene: Scene) -> None:
    """None is left to the code."""
    listed = scene.room.ask(ListRegistrationFigures)["items"]
    assert {each["name"]: each["value"] for each in listed} == {
        "ecosystem_points": 2, "country_points": 3, "seat_points": 1, "interest_every_months": 6, "interest_answer_days": 30,
        "desk_answer_days": 7,
    }  # fmt: skip
    for each in listed:
        _, least, most = REGISTRATION_FIGURES[each["name"]]
        assert least <= each["value"] <= most and each["source"]


def test_a_figure_is_added_by_administrators_from_today_on_and_once_a_day(scene: Scene) -> None:
    """Nobody else, not backdated, not twice, nothing that nobody can mean."""
    today = scene.room.clock.now().date()
    with pytest.raises(RoleRequired):
        scene.room.ask(AddRegistrationFigure, support_officer(), name="seat_points", value=2, valid_from=today, source="a decision")
    with pytest.raises(RowNotBackdated):
        add(scene, "seat_points", 2, valid_from=today - timedelta(days=1))
    with pytest.raises(InvalidFields):
        add(scene, "interest_answer_days", 6)
    add(scene, "seat_points", 2)
    with pytest.raises(RowAlreadyThere):
        add(scene, "seat_points", 3)
    assert scene.room.facts("registration_figure_added")[0].data["value"] == 2


def test_suggestions_go_by_the_points_of_the_day(scene: Scene) -> None:
    """Where the seat counts more than all else from tomorrow on, the order is another one."""
    here = scene.another_partnership(acronym="HERE", country="ES", countries=["PT"], ecosystems=["textile"])
    view, author = scene.draft(organisation={"country": "ES", "nuts": "ES114", "town": "Vigo"}, offer={"ecosystems": ["digital"]})

    def best() -> str:
        return str(scene.move(SuggestPartnerships, author, view)["items"][0]["partnership_id"])

    other = scene.another_partnership(acronym="OTHER", country="PT", countries=["ES"], ecosystems=["digital"])
    add(scene, "country_points", 0, valid_from=scene.room.clock.now().date() + timedelta(days=1))
    add(scene, "ecosystem_points", 0, valid_from=scene.room.clock.now().date() + timedelta(days=1))
    add(scene, "seat_points", 50, valid_from=scene.room.clock.now().date() + timedelta(days=1))
    assert best() != str(here)
    scene.room.clock.advance(days=1)
    items = scene.move(SuggestPartnerships, author, view)["items"]
    assert {each["score"] for each in items if each["country"] == "ES"} == {50}
    assert [each["score"] for each in items if each["partnership_id"] == str(other)] == [0]


def test_a_partnership_that_leaves_it_open_asks_for_interest_as_the_figures_say(scene: Scene) -> None:
    """As they are on the day it is made; one made before keeps its own, and one that says so has its own."""
    content = {name: value for name, value in CreatePartnership.example.items() if not name.startswith("interest_")}

    def made(acronym: str, **own: int) -> tuple[int, int]:
        view = scene.room.ask(CreatePartnership, administrator(), **content | {"acronym": acronym} | own)
        read = scene.room.ask(ReadPartnership, partnership_id=view["partnership_id"])
        return read["interest_every_months"], read["interest_answer_days"]

    assert made("ONE") == (6, 30)
    add(scene, "interest_every_months", 12)
    assert made("TWO") == (12, 30)
    assert made("THREE", interest_every_months=1, interest_answer_days=7) == (1, 7)
