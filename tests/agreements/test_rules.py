"""The rules that exchanges go by, on a real database: read by anybody, added by administrators, used from their day on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chassis.bare.refusals import InvalidFields, RoleRequired, RowAlreadyThere, RowNotBackdated
from contracts import agreements as asks
from contracts.agreements import EXCHANGE_FIGURES, StayTooShort
from tests.agreements.exchanges import ARRIVED, LEFT, NO_REASON
from tests.agreements.rooms import Stage, moment
from tests.builders import administrator, support_officer
from tests.room import Room


@pytest.fixture
def stage(rooms: Callable[[str], Room]) -> Stage:
    """An opened exchange in a room."""
    return Stage(rooms("agreements")).open()


def add(stage: Stage, name: str, value: int, **changes: Any) -> dict[str, Any]:
    """An administrator adds a figure from today on."""
    today = stage.room.clock.now().date()
    new = {"name": name, "value": value, "valid_from": today, "source": "a decision"} | changes
    return stage.room.ask(asks.AddExchangeFigure, administrator(), **new)


def test_every_figure_has_a_row_with_a_source_within_its_range(stage: Stage) -> None:
    """None is left to the code."""
    listed = stage.room.ask(asks.ListExchangeFigures, limit=100)["items"]
    assert {each["name"] for each in listed} == set(EXCHANGE_FIGURES)
    for each in listed:
        _, least, most = EXCHANGE_FIGURES[each["name"]]
        assert least <= each["value"] <= most and each["source"] and each["valid_from"] == "2020-01-01"


def test_a_figure_is_added_by_administrators_from_today_on_and_once_a_day(stage: Stage) -> None:
    """Nobody else, not backdated, not twice, and nothing that nobody can mean."""
    today = stage.room.clock.now().date()
    with pytest.raises(RoleRequired):
        stage.room.ask(asks.AddExchangeFigure, support_officer(), name="report_days", value=45, valid_from=today, source="a decision")
    with pytest.raises(RowNotBackdated):
        add(stage, "report_days", 45, valid_from=today - timedelta(days=1))
    with pytest.raises(InvalidFields):
        add(stage, "report_days", 366)
    added = add(stage, "report_days", 45)
    with pytest.raises(RowAlreadyThere):
        add(stage, "report_days", 60)
    assert [each["value"] for each in stage.room.ask(asks.ListExchangeFigures, name="report_days")["items"]] == [45, 30]
    fact = stage.room.facts("exchange_figure_added")[0]
    assert (fact.subject, fact.data["value"]) == (f"figure/{added['figure_id']}", 45)


def test_a_figure_counts_from_its_day(stage: Stage) -> None:
    """Not before: the same plan passes today and is too short tomorrow."""
    add(stage, "least_working_days", 5, valid_from=stage.room.clock.now().date() + timedelta(days=1))
    stage.submit()
    stage.ask(asks.RecallCommitment, "host")
    stage.room.clock.advance(days=1)
    with pytest.raises(StayTooShort) as refused:
        stage.submit()
    assert refused.value.details == {"working_days": 4, "least": 5}


def test_the_closing_report_is_due_and_asked_for_as_the_figures_say(stage: Stage) -> None:
    """Due ten days after the stay, asked for every two days, three times at most."""
    add(stage, "report_days", 10)
    add(stage, "report_reminder_days", 2)
    add(stage, "report_reminders", 3)
    stage.ready().ended()
    assert stage.read()["report_due_on"] == "2027-03-17"
    for day in range(8, 20):
        stage.at(moment(f"2027-03-{day:02} 09:00"))
        stage.room.run_due()
    assert len(stage.room.facts("report_reminded")) == 3


def test_the_arrival_is_asked_for_as_the_figures_say(stage: Stage) -> None:
    """After two, three and five days."""
    for name, value in (("arrival_reminder_days", 2), ("arrival_second_reminder_days", 3), ("arrival_escalation_days", 5)):
        add(stage, name, value)
    stage.ready()
    seen = []
    for day in range(2, 10):
        stage.at(moment(f"2027-03-{day:02} 09:00"))
        stage.room.run_due()
        seen.append([fact.data["escalated"] for fact in stage.room.facts("arrival_reminded")])
    assert [len(each) for each in seen] == [0, 1, 2, 2, 3, 3, 3, 3]
    assert seen[-1] == [False, False, True]


def test_a_stay_ends_by_itself_as_the_figure_says(stage: Stage) -> None:
    """Six days after its planned end, and not before."""
    add(stage, "automatic_end_days", 6)
    stage.ready()
    stage.at(ARRIVED)
    stage.ask(asks.ConfirmArrival, "host", **NO_REASON)
    for day, state in (("2027-03-12 09:00", "running"), ("2027-03-13 09:00", "ended")):
        stage.at(moment(day))
        stage.room.run_due()
        assert stage.read()["state"] == state


def test_the_method_of_counting_is_chosen_among_those_there_are(stage: Stage) -> None:
    """One that nobody wrote is refused."""
    new = {"name": "working_days", "valid_from": stage.room.clock.now().date(), "source": "a decision"}
    with pytest.raises(InvalidFields):
        stage.room.ask(asks.AddExchangeMethod, administrator(), value="by_guess", **new)
    with pytest.raises(RoleRequired):
        stage.room.ask(asks.AddExchangeMethod, support_officer(), value="weekdays", **new)
    stage.room.ask(asks.AddExchangeMethod, administrator(), value="weekdays", **new)
    listed = stage.room.ask(asks.ListExchangeMethods)["items"]
    assert [each["value"] for each in listed] == ["weekdays", "calendar_without_public_holidays"]
    assert listed[0]["meaning"].startswith("Monday to Friday")


def test_a_version_is_counted_by_the_method_of_the_day_it_was_submitted_on(stage: Stage) -> None:
    """Good Friday 2027 is the 26th of March: free in Portugal, a weekday all the same; told with its source, and kept."""
    easter = {"start": "2027-03-22", "end": "2027-03-26", "travel_days": []}
    tomorrow = stage.room.clock.now().date() + timedelta(days=1)
    new = {"name": "working_days", "value": "weekdays", "valid_from": tomorrow, "source": "a decision"}
    stage.room.ask(asks.AddExchangeMethod, administrator(), **new)
    assert stage.edit(**easter)["working_days"] == 4
    stage.room.clock.advance(days=1)
    assert stage.ask(asks.ReadCommitment, "visitor")["working_days"] == 5
    stage.ready(**easter)
    data = stage.room.facts("commitment_validated")[0].data
    assert (data["working_days"], data["working_days_method"], data["working_days_source"]) == (5, "weekdays", "a decision")
    assert "public holidays count as working days" in stage.ask(asks.ReadAgreement, "host", kind=asks.COMMITMENT)["text"]
    back = new | {"value": "calendar_without_public_holidays", "valid_from": tomorrow + timedelta(days=1)}
    stage.room.ask(asks.AddExchangeMethod, administrator(), **back)
    stage.at(ARRIVED + timedelta(days=21))
    stage.ask(asks.ConfirmArrival, "host", **NO_REASON)
    stage.at(LEFT + timedelta(days=19))
    stage.ask(asks.ConfirmDeparture, "visitor", **NO_REASON)
    assert stage.ask(asks.ConfirmDays, "host", if_match=stage.read("host")["version"], days_present=5)["days_present"] == 5


def test_the_financial_agreement_prints_the_days_to_pay_and_the_least_days_that_it_was_computed_with(stage: Stage) -> None:
    """Not words of our own: other figures make another text, which is signed anew."""
    stage.submit()
    stage.validate()
    before = stage.ask(asks.ReadAgreement, "visitor", kind=asks.FINANCIAL)
    assert "One payment, within 10 calendar days from" in before["text"]
    assert "Under 3 full working days nothing is due." in before["text"]
    stage.compute(1, payment_days=15, minimum_working_days=2)
    after = stage.ask(asks.ReadAgreement, "visitor", kind=asks.FINANCIAL)
    assert (before["number"], after["number"]) == (1, 2)
    assert "One payment, within 15 calendar days from" in after["text"]
    assert "Under 2 full working days nothing is due." in after["text"]
