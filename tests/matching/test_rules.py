"""The figures of contacts and lists, on a real database: read by anybody, added by administrators, used from their day on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.bare.refusals import InvalidFields, RoleRequired, RowAlreadyThere, RowNotBackdated
from contracts.agreements import ExchangeFigureAdded
from contracts.matching import CONTACT_FIGURES, AddMatchingFigure, ListMatches, ListMatchingFigures, WithdrawContact
from contracts.matching.refusals import TooManyRequestsToday
from services.matching.ranking import WEIGHTS
from tests.builders import administrator, support_officer
from tests.matching.conftest import MatchingRoom
from tests.matching.contacts import visitor_person
from tests.matching.profiles import an_id, host_profile, visitor_profile


def add(matching: MatchingRoom, name: str, value: int, **changes: Any) -> dict[str, Any]:
    """An administrator adds a figure from today on."""
    new = {"name": name, "value": value, "valid_from": matching.room.clock.now().date(), "source": "a decision"}
    return matching.room.ask(AddMatchingFigure, administrator(), **new | changes)


def shown(matching: MatchingRoom) -> int:
    """How many partners the visitor is shown."""
    one = an_id("visitor participation")
    return len(matching.room.ask(ListMatches, visitor_person(), participation_id=one, **{"as": "visitor"})["items"])


def follow(matching: MatchingRoom, name: str, value: int, days: int = 0) -> None:
    """Agreements tells of a figure of its own."""
    row = {"name": name, "value": value, "valid_from": matching.room.clock.now().date() + timedelta(days=days), "source": "a decision"}
    matching.room.hear(ExchangeFigureAdded.of(an_id(f"{name} {value}"), figure_id=an_id(f"{name} {value}"), **row))


def test_every_figure_has_a_row_with_a_source(matching: MatchingRoom) -> None:
    """Limits, weights and the shortest stay, each within its range."""
    listed = matching.room.ask(ListMatchingFigures, limit=100)["items"]
    assert {*CONTACT_FIGURES, *(f"weight_{each}" for each in WEIGHTS), "least_working_days"} <= {each["name"] for each in listed}
    assert all(each["source"] for each in listed)
    for each in listed:
        if each["name"] in CONTACT_FIGURES:
            _, least, most = CONTACT_FIGURES[each["name"]]
            assert least <= each["value"] <= most


def test_a_figure_is_added_by_administrators_from_today_on_and_once_a_day(matching: MatchingRoom) -> None:
    """Nobody else, not backdated, not twice; and no single weight, as they belong together."""
    today = matching.room.clock.now().date()
    with pytest.raises(RoleRequired):
        matching.room.ask(AddMatchingFigure, support_officer(), name="expiry_days", value=20, valid_from=today, source="a decision")
    with pytest.raises(RowNotBackdated):
        add(matching, "expiry_days", 20, valid_from=today - timedelta(days=1))
    for name in ("weight_learning", "least_working_days"):
        with pytest.raises(InvalidFields):
            add(matching, name, 20)
    add(matching, "expiry_days", 20)
    with pytest.raises(RowAlreadyThere):
        add(matching, "expiry_days", 21)
    listed = matching.room.ask(ListMatchingFigures, name="expiry_days")["items"]
    assert [each["value"] for each in listed] == [20, 14]
    assert matching.room.facts("matching_figure_added")[0].data["value"] == 20


def test_a_limit_counts_from_its_day(matching: MatchingRoom) -> None:
    """One request a day, from tomorrow on."""
    matching.accept(host_profile("second"))
    matching.accept(host_profile("third"))
    add(matching, "requests_per_day", 1, valid_from=matching.room.clock.now().date() + timedelta(days=2))
    matching.request()
    matching.request(host="second")
    matching.room.clock.advance(days=2)
    contact = matching.request(host="third")
    matching.move(WithdrawContact, visitor_person(), contact)
    with pytest.raises(TooManyRequestsToday):
        matching.request(host="third")


def test_lists_go_by_the_shortest_stay_that_agreements_tells_of(matching: MatchingRoom) -> None:
    """Both would stay for three days at most: from the day on which four are the least, they fit no longer."""
    short = {"min_days": 1, "max_days": 3}
    matching.change(visitor_profile(**short), 2)
    matching.change(host_profile(**short), 2)
    assert shown(matching) == 1
    follow(matching, "least_working_days", 4, days=1)
    assert shown(matching) == 1
    matching.room.clock.advance(days=1)
    assert shown(matching) == 0


def test_other_figures_of_exchanges_are_passed_over(matching: MatchingRoom) -> None:
    """They are no affair of lists."""
    before = matching.room.ask(ListMatchingFigures, limit=100)["items"]
    follow(matching, "report_days", 45)
    assert matching.room.ask(ListMatchingFigures, limit=100)["items"] == before


def test_a_figure_heard_twice_is_kept_once(matching: MatchingRoom) -> None:
    """The same event again changes nothing."""
    row = {"name": "least_working_days", "value": 4, "valid_from": matching.room.clock.now().date(), "source": "a decision"}
    fact = ExchangeFigureAdded.of(an_id("row"), figure_id=an_id("row"), **row)
    event_id = matching.room.hear(fact)
    matching.room.hear(fact, event_id)
    assert [each["value"] for each in matching.room.ask(ListMatchingFigures, name="least_working_days")["items"]] == [4, 3]
