"""The stay, the ways out of it, and the closing report."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from marshmallow import ValidationError

from chassis.bare.refusals import MoveNotAllowed
from contracts.agreements import (
    BEFORE_START,
    FINANCIAL,
    HOST,
    VISITOR,
    DaysDoNotFit,
    NotAllSigned,
    NotInTheStay,
    ReasonRequired,
    Report,
    ReportIncomplete,
    ReportNotFound,
    SignedTooLate,
    TooEarly,
    TooManyDays,
)
from services.agreements.model import Exchange, obstacle_to, refuse_match
from tests.agreements.exchanges import ARRIVED, END, LEFT, NO_REASON, NOW, REPORT, RULES, START, WHY, Cast


@pytest.fixture
def cast() -> Cast:
    """The people around an exchange."""
    return Cast()


@pytest.mark.parametrize("state", [state for state in BEFORE_START if state != "ready"])
def test_no_start_before_all_signatures(cast: Cast, state: str) -> None:
    """The refusal names every signature that is missing."""
    with pytest.raises(NotAllSigned) as refused:
        cast.exchange(state).confirm_arrival(cast["host"], START, NO_REASON, ARRIVED)
    assert "visitor_partnership (financial_agreement)" in refused.value.details["missing"]


def test_no_start_before_the_planned_first_day(cast: Cast) -> None:
    """Nobody arrives in advance."""
    with pytest.raises(TooEarly):
        cast.exchange("ready").confirm_arrival(cast["host"], None, NO_REASON, ARRIVED - timedelta(days=1))


def signed_on(cast: Cast, at: datetime) -> Exchange:
    """A ready exchange whose last signature was given at that time."""
    exchange = cast.exchange("signed")
    cast.sign(exchange, FINANCIAL, "visitor")
    cast.sign(exchange, FINANCIAL, "visitor_partnership", at=at)
    return exchange


def test_no_start_before_the_day_of_the_last_signature(cast: Cast) -> None:
    """Also when it is confirmed afterwards: on the second day all had signed, so the first was no part of the stay."""
    second = ARRIVED + timedelta(days=1)
    with pytest.raises(NotInTheStay):
        signed_on(cast, second).confirm_arrival(cast["host"], START, NO_REASON, LEFT)
    exchange = signed_on(cast, second)
    exchange.confirm_arrival(cast["host"], second.date(), NO_REASON, LEFT)
    assert exchange.started_on == second.date()


def test_what_was_signed_after_the_planned_stay_starts_nothing(cast: Cast) -> None:
    """New dates are agreed on first; until then the arrival is not offered."""
    late = LEFT + timedelta(days=1)
    exchange = signed_on(cast, late)
    with pytest.raises(SignedTooLate):
        exchange.confirm_arrival(cast["host"], None, NO_REASON, late)
    assert "confirm_arrival" not in exchange.moves(cast["host"], late) and "amend_commitment" in exchange.moves(cast["host"], late)


@pytest.mark.parametrize("day", [START - timedelta(days=1), START + timedelta(days=1), END + timedelta(days=1)])
def test_arrival_lies_in_the_planned_stay_and_not_ahead(cast: Cast, day: date) -> None:
    """Neither before the plan, nor tomorrow."""
    with pytest.raises(NotInTheStay):
        cast.exchange("ready").confirm_arrival(cast["host"], day, NO_REASON, ARRIVED)


def test_contact_point_starts_it_with_a_reason(cast: Cast) -> None:
    """The reason is in the fact, its explanation stays here."""
    exchange = cast.exchange("ready")
    fact = exchange.confirm_arrival(cast["visitor_partnership"], START, WHY, ARRIVED)
    assert (fact.data["reason"], "explanation" in fact.data) == ("illness", False)
    assert (exchange.reason, exchange.explained_by) == ("illness", "visitor_partnership")


def test_leaving_early_needs_a_reason_and_shortens(cast: Cast) -> None:
    """The last travel day is no loss; a working day is."""
    exchange = cast.exchange("running")
    with pytest.raises(ReasonRequired):
        exchange.confirm_departure(cast["visitor"], date(2027, 3, 5), NO_REASON, LEFT, 30)
    fact = exchange.confirm_departure(cast["visitor"], date(2027, 3, 5), WHY, LEFT, 30)
    assert (fact.data["shortened"], fact.data["ended_on"]) == (True, "2027-03-05")


def test_leaving_on_the_travel_day_is_as_planned(cast: Cast) -> None:
    """The plan's last day is the journey home."""
    exchange = cast.exchange("running")
    exchange.confirm_departure(cast["host"], date(2027, 3, 6), NO_REASON, LEFT, 30)
    assert not exchange.shortened


@pytest.mark.parametrize("day", [START - timedelta(days=1), END + timedelta(days=1)])
def test_departure_lies_in_the_stay(cast: Cast, day: date) -> None:
    """Neither before the arrival nor after the planned end."""
    with pytest.raises(NotInTheStay):
        cast.exchange("running").confirm_departure(cast["host"], day, WHY, LEFT + timedelta(days=9), 30)


def test_host_confirms_no_more_days_than_there_were(cast: Cast) -> None:
    """Four working days lie between arrival and departure, travel left out."""
    exchange = cast.exchange("ended")
    with pytest.raises(TooManyDays):
        exchange.confirm_days(cast["host"], 5, LEFT)
    exchange.confirm_days(cast["host"], 4, LEFT)
    exchange.confirm_days(cast["host"], 3, LEFT)
    assert exchange.days_present == 3


def test_confirmed_days_are_final_with_the_validated_report(cast: Cast) -> None:
    """What payments paid on is not corrected any more; what was never confirmed still can be."""
    exchange = cast.exchange("report_validated")
    exchange.confirm_days(cast["host"], 4, LEFT)
    with pytest.raises(MoveNotAllowed):
        exchange.confirm_days(cast["host"], 3, LEFT)


def test_no_show_is_recorded_after_the_first_day(cast: Cast) -> None:
    """On the first day the visitor may still come."""
    with pytest.raises(TooEarly):
        cast.exchange("ready").record_no_show(cast["host"], WHY, ARRIVED)


def test_calendar_opens_the_moves_that_are_shown(cast: Cast) -> None:
    """The arrival is offered from the planned first day on, the no-show from the day after."""
    moves = [cast.exchange("ready").moves(cast["host"], ARRIVED + timedelta(days=days)) for days in (-1, 0, 1)]
    assert ["confirm_arrival" in each for each in moves] == [False, True, True]
    assert ["record_no_show" in each for each in moves] == [False, False, True]


def test_reminders_stop_when_nothing_is_awaited(cast: Cast) -> None:
    """Each looks again whether it still applies; past the deadline for the second time it is escalated."""
    assert cast.exchange("running").remind_of_arrival(escalated=False) is None
    assert cast.exchange("report_submitted").remind_of_report(LEFT) is None
    for overdue_before in (False, True):
        late = cast.exchange("ended").remind_of_report(LEFT + timedelta(days=31), overdue_before)
        assert late is not None
        assert (late.data["overdue"], late.data["escalated"]) == (True, overdue_before)


def test_deadline_is_not_moved_into_the_past(cast: Cast) -> None:
    """The support office gives time, it does not take it."""
    with pytest.raises(TooEarly):
        cast.exchange("ended").move_deadline(cast["support_officer"], "report", START, WHY, LEFT)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"as_planned": None}, "as_planned"),
        ({"as_planned": False}, "deviations"),
        ({"outcomes": REPORT["outcomes"][:1]}, "outcomes"),
        ({"outcomes": [REPORT["outcomes"][0], {"objective": "Another one", "outcome": "Done"}]}, "outcomes"),
        ({"contacts_made": None}, "contacts_made"),
        ({"usefulness": None}, "usefulness"),
        ({"publish": None}, "publish"),
        ({"first_day": None}, "first_day"),
        ({"last_day": None}, "last_day"),
        ({"days_present": None}, "days_present"),
    ],
)
def test_incomplete_report_is_kept_but_not_submitted(cast: Cast, changes: dict[str, Any], missing: str) -> None:
    """Each question is answered, and each objective has an outcome."""
    exchange = cast.exchange("ended")
    exchange.write_report(cast["visitor"], Report.read(REPORT | changes), LEFT)
    with pytest.raises(ReportIncomplete) as refused:
        exchange.submit_report(cast["visitor"], LEFT)
    assert refused.value.details["missing"] == missing


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ({"first_day": "2027-02-28"}, "first_day"),
        ({"last_day": "2027-03-08"}, "last_day"),
        ({"first_day": "2027-03-03", "days_present": 3, "last_day": "2027-03-07"}, None),
        ({"first_day": "2027-03-03", "days_present": 4, "last_day": "2027-03-07"}, "days_present"),
    ],
)
def test_days_in_the_report_lie_in_the_stay_and_are_no_more_than_its_working_days(
    cast: Cast, days: dict[str, Any], named: str | None
) -> None:
    """The refusal names the answer that does not fit; the journeys and the weekend are not counted."""
    exchange = cast.exchange("ended")
    if named is None:
        exchange.write_report(cast["visitor"], Report.read(REPORT | days), LEFT)
        return
    with pytest.raises(DaysDoNotFit) as refused:
        exchange.write_report(cast["visitor"], Report.read(REPORT | days), LEFT)
    assert list(refused.value.details["fields"]) == [named]


def test_days_written_during_the_stay_are_held_against_the_departure(cast: Cast) -> None:
    """Who wrote the planned last day and left before it corrects the report before submitting it."""
    exchange = cast.exchange("running")
    exchange.write_report(cast["visitor"], Report.read(REPORT), ARRIVED)
    exchange.confirm_departure(cast["visitor"], date(2027, 3, 4), WHY, LEFT, 30)
    with pytest.raises(DaysDoNotFit):
        exchange.submit_report(cast["visitor"], LEFT)
    exchange.write_report(cast["visitor"], Report.read(REPORT | {"last_day": "2027-03-04", "days_present": 3}), LEFT)
    exchange.submit_report(cast["visitor"], LEFT)


@pytest.mark.parametrize(("days", "named"), [({"last_day": "2027-03-01"}, "last_day"), ({"days_present": 5}, "days_present")])
def test_days_in_the_report_fit_each_other(days: dict[str, Any], named: str) -> None:
    """Whatever the stay was."""
    with pytest.raises(ValidationError) as refused:
        Report().load(REPORT | days)
    assert list(refused.value.normalized_messages()) == [named]


def test_unwritten_report_is_not_submitted(cast: Cast) -> None:
    """There is nothing to submit."""
    with pytest.raises(ReportNotFound):
        cast.exchange("ended").submit_report(cast["visitor"], LEFT)


def test_money_is_mirrored_and_what_comes_late_undoes_nothing(cast: Cast) -> None:
    """Payments announced it looked at anew, due, ordered, paid; heard in another order the payment is paid all the same."""
    exchange = cast.exchange("report_validated")
    for payment, as_of in (("payable", 5), ("none", 4), ("paid", 8), ("ordered", 7), ("paid", 8)):
        exchange.note_payment(payment, as_of, LEFT)
        assert exchange.payment != "none"
    assert (exchange.payment, exchange.waiting_for) == ("paid", [])


def test_after_the_report_those_are_waited_for_whose_part_is_missing(cast: Cast) -> None:
    """Days from the host, account and evidence from the visitor, then it is the paying officer's turn alone."""
    exchange = cast.exchange("report_validated")
    assert exchange.waiting_for == [HOST, VISITOR, "paying_officer"]
    exchange.confirm_days(cast["host"], 4, LEFT)
    exchange.note_evidence(LEFT)
    assert exchange.waiting_for == [VISITOR]
    exchange.note_bank_details(LEFT)
    assert exchange.waiting_for == ["paying_officer"]
    exchange.note_payment("failed", 1, LEFT)
    assert exchange.waiting_for == [VISITOR, "paying_officer"]


def test_refused_assistance_waits_for_the_support_office(cast: Cast) -> None:
    """A refusal for another version is of no interest."""
    exchange = cast.exchange("submitted")
    exchange.note_refused_assistance("no_rate_for_country", 9, LEFT)
    assert exchange.financial_state == "none"
    exchange.note_refused_assistance("no_rate_for_country", 1, LEFT)
    assert exchange.financial_state == "refused"
    exchange.recall_commitment(cast["visitor"], LEFT)
    exchange.submit_commitment(cast["visitor"], NOW, RULES)
    assert exchange.financial_state == "none"


def test_organisation_cannot_visit_itself(cast: Cast) -> None:
    """Such a match is refused with its reason."""
    exchange = cast.exchange()
    match = cast.match | {"host": cast.visitor}
    assert obstacle_to(match, exchange.visiting, exchange.hosting) == "same_organisation"
    assert refuse_match(match, "same_organisation").data["reason"] == "same_organisation"
