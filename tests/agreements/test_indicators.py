"""The scheme's indicators on a real database, with numbers known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from contracts import agreements as asks
from contracts.agreements import COMMITMENT
from contracts.payments import PaymentPaid
from tests.agreements.exchanges import ARRIVED, LEFT, NO_REASON, WHY, Cast
from tests.agreements.rooms import FOUR, Stage, accepted
from tests.builders import A_MONDAY, administrator
from tests.room import Room

DAY = A_MONDAY.date()


@pytest.fixture
def stage(rooms: Callable[[str], Room]) -> Stage:
    """An opened exchange from Germany to Portugal."""
    return Stage(rooms("agreements")).open()


def another(stage: Stage, visitor: str = "DE", host: str = "PT", cast: Cast | None = None) -> Stage:
    """One more exchange in the same room, between these countries."""
    one = Stage(stage.room, cast or Cast())
    one.introduce_partnerships()
    for side, country in ((one.cast.visitor, visitor), (one.cast.host, host)):
        one.room.hear(accepted(side, country))
    one.match()
    return one


def paid(stage: Stage) -> None:
    """Payments says that it is paid."""
    parties = {"visitor": stage.cast.visitor, "host": stage.cast.host}
    about = {"payment_id": uuid4(), "amount": {"minor": 39000, "currency": "EUR"}, "paid_on": LEFT.date()}
    stage.room.hear(PaymentPaid.of(stage.exchange_id, exchange_id=stage.exchange_id, **parties, **about), subject_version=9)


def test_flows_count_exchanges_by_their_two_countries(stage: Stage) -> None:
    """The largest first; a contact point sees those that its partnership pays, and none that it hosts."""
    another(stage)
    third = another(stage, "FR", "PT")
    third.ready().ended().reported()
    flows = stage.room.ask(asks.ReadFlows, stage.cast["support_officer"])["items"]
    assert [tuple(each.values()) for each in flows] == [("DE", "PT", 2, 0, 0), ("FR", "PT", 1, 1, 1)]
    assert [each["exchanges"] for each in stage.room.ask(asks.ReadFlows, stage.cast["visitor_partnership"])["items"]] == [1]
    assert stage.room.ask(asks.ReadFlows, stage.cast["host_partnership"])["items"] == []
    paid_by = third.cast.visitor_partnership_id
    assert [each["visitor_country"] for each in stage.room.ask(asks.ReadFlows, administrator(), partnership_id=paid_by)["items"]] == ["FR"]


def test_all_indicators_keep_to_the_period_of_the_match(stage: Stage) -> None:
    """The first and the last day belong to it."""
    stage.room.clock.advance(days=3)
    another(stage)
    support = stage.cast["support_officer"]
    for period, count in (
        ({}, 2), ({"opened_from": DAY}, 2), ({"opened_to": DAY}, 1), ({"opened_from": date(2026, 11, 3)}, 1),
        ({"opened_from": date(2026, 11, 5), "opened_to": date(2026, 11, 5)}, 1), ({"opened_to": date(2026, 11, 1)}, 0),
        ({"opened_from": date(1, 1, 1), "opened_to": date(9999, 12, 31)}, 2),
    ):  # fmt: skip
        assert sum(each["exchanges"] for each in stage.room.ask(asks.ReadFlows, support, **period)["items"]) == count, period
        assert sum(each["total"] for each in stage.room.ask(asks.ReadIndicators, support, **period)["items"]) == count, period
        assert stage.room.ask(asks.ReadStages, support, **period)["items"][0]["exchanges"] == count, period
        assert sum(each["now"] for each in stage.room.ask(asks.ReadTimes, support, **period)["items"]) == count, period


def test_times_are_the_median_and_the_ninetieth_of_a_hundred(stage: Stage) -> None:
    """Three exchanges were planned for 2, 4 and 10 days; signatures do not begin a state anew; the rest is how long they wait now."""
    two, three = another(stage), another(stage)
    for one, days in ((stage, 2), (two, 2), (three, 6)):
        stage.room.clock.advance(days=days)
        one.submit()
    stage.room.clock.advance(days=1)
    three.validate()
    three.sign(COMMITMENT, "visitor")
    stage.room.clock.advance(hours=12)
    three.sign(COMMITMENT, *FOUR[1:])
    found = {each["state"]: each for each in stage.room.ask(asks.ReadTimes, stage.cast["auditor"])["items"]}
    assert list(found) == ["planning", "submitted", "validated", "signing", "signed"]
    planning = {"left": 3, "median_days": 4.0, "p90_days": 8.8, "now": 0, "longest_now_days": None}
    assert found["planning"] == {"state": "planning", **planning}
    assert found["submitted"] == {"state": "submitted", "left": 1, "median_days": 1.0, "p90_days": 1.0, "now": 2, "longest_now_days": 9.5}
    assert (found["signing"]["left"], found["signing"]["median_days"]) == (1, 0.5)
    assert (found["signed"]["left"], found["signed"]["median_days"], found["signed"]["now"]) == (0, None, 1)


def test_time_in_states_ends_where_the_exchange_really_is(stage: Stage) -> None:
    """Whatever happened, the last state that the facts lead to is the state of the exchange."""
    stage.submit()
    stage.ask(asks.ReturnCommitment, "visitor_partnership", number=1, comments="More detail.")
    back = another(stage)
    back.submit()
    back.ask(asks.RecallCommitment, "visitor")
    amended = another(stage).ready()
    amended.ask(asks.AmendCommitment, "visitor", reason="no_time", explanation="")
    on_site = another(stage).ready()
    on_site.at(ARRIVED)
    on_site.ask(asks.ConfirmArrival, "host", **NO_REASON)
    off = another(stage)
    off.ask(asks.CancelExchange, "host", **WHY)
    states = [one.read()["state"] for one in (stage, back, amended, on_site, off)]
    now = {each["state"]: each["now"] for each in stage.room.ask(asks.ReadTimes, stage.cast["auditor"])["items"] if each["now"]}
    assert states == ["changes_requested", "planning", "planning", "running", "cancelled"]
    assert now == {"changes_requested": 1, "planning": 2, "running": 1}


def test_stages_count_those_that_came_further_too(stage: Stage) -> None:
    """From the match to the payment; a stay that was broken off has no end."""
    stage.ready().ended().reported()
    paid(stage)
    two = another(stage)
    two.submit(start="2027-04-05", end="2027-04-11", travel_days=[])
    counts = {each["stage"]: each["exchanges"] for each in stage.room.ask(asks.ReadStages, stage.cast["support_officer"])["items"]}
    rest = dict.fromkeys(("validated", "signed", "agreed", "started", "ended", "reported", "paid"), 1)
    assert counts == {"matched": 2, "submitted": 2, **rest}


def test_everybody_sees_the_programme_without_small_numbers(stage: Stage) -> None:
    """Of four exchanges nothing is told; of eight, three of them from elsewhere, visitors' countries are counted together."""
    for _ in range(3):
        another(stage)
    nothing = {"items": [], "others": None}
    few = stage.room.ask(asks.ReadProgrammeFigures)
    assert few == {"matched": None, "started": None, "completed": None, "visiting": nothing, "hosting": nothing}
    for country in ("FR", "FR", "IT", "DE"):
        another(stage, country, "PT")
    more = stage.room.ask(asks.ReadProgrammeFigures)
    assert (more["matched"], more["started"]) == (8, None)
    assert more["visiting"] == {"items": [], "others": 8}
    assert more["hosting"] == {"items": [{"country": "PT", "exchanges": 8}], "others": 0}
