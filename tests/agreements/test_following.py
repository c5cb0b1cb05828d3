"""What the service does by itself on a real database: copies, mirrored money, reminders, an end without anybody."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from chassis.bare.refusals import ConcurrentChange, IfMatchRequired, StaleVersion
from contracts import agreements as asks
from contracts.agreements import COMMITMENT, FINANCIAL
from contracts.payments import (
    AssistanceRefused,
    BankDetailsGiven,
    EvidenceAccepted,
    MinimumOverridden,
    NothingDue,
    PaymentDue,
    PaymentFailed,
    PaymentOrdered,
    PaymentPaid,
    PaymentReassessed,
    PaymentRetried,
)
from contracts.registry import PartnershipChanged, PartnershipCreated, ProfileChanged
from services.agreements import queries
from services.agreements.model import Exchange
from tests.agreements.exchanges import ARRIVED, LEFT, NO_REASON, REPORT, WHY
from tests.agreements.rooms import FOUR, Stage, accepted, moment
from tests.room import Room

Rooms = Callable[[str], Room]


@pytest.fixture
def stage(rooms: Rooms) -> Stage:
    """An opened exchange in a room."""
    return Stage(rooms("agreements")).open()


def from_payments(stage: Stage, event: Any, as_of: int = 1, **data: Any) -> None:
    """Let payments announce something about the exchange, as its fact of that number, otherwise as in the contract's example."""
    about = {"exchange_id": stage.exchange_id, "visitor": stage.cast.visitor, "host": stage.cast.host}
    stage.room.hear(event.of(stage.exchange_id, **event.read(event.example) | data | about), subject_version=as_of)


@pytest.mark.parametrize(
    ("event", "payment"),
    [
        (PaymentDue, "payable"),
        (PaymentOrdered, "ordered"),
        (PaymentPaid, "paid"),
        (PaymentFailed, "failed"),
        (NothingDue, "nothing_due"),
        (PaymentRetried, "payable"),
        (PaymentReassessed, "none"),
        (MinimumOverridden, "none"),
    ],
)
def test_payment_is_mirrored(stage: Stage, event: Any, payment: str) -> None:
    """The visitor's side sees where the money stands, whatever was before; the host's does not."""
    from_payments(stage, PaymentFailed)
    from_payments(stage, event, as_of=3)
    from_payments(stage, PaymentFailed, as_of=2)
    assert stage.read()["payment"] == payment
    assert stage.read("host")["payment"] is None


def test_bank_details_and_evidence_are_mirrored(stage: Stage) -> None:
    """So that the visitor sees what is still asked of it."""
    from_payments(stage, BankDetailsGiven)
    from_payments(stage, EvidenceAccepted)
    view = stage.read()
    assert (view["bank_details_given"], view["evidence_accepted"]) == (True, True)


def test_refused_assistance_is_shown(stage: Stage) -> None:
    """There will be no amount until the support office acts."""
    stage.submit()
    stage.ask(asks.ValidateCommitment, "visitor_partnership", number=1)
    stage.ask(asks.ValidateCommitment, "host_partnership", number=1)
    from_payments(stage, AssistanceRefused)
    view = stage.read()
    assert (view["financial_agreement"], "support_officer" in view["waiting_for"]) == ("refused", True)


def test_money_of_an_unknown_exchange_waits(rooms: Rooms) -> None:
    """No order holds across services."""
    stage = Stage(rooms("agreements"))
    from_payments(stage, BankDetailsGiven)
    stage.open()
    assert stage.room.try_waiting() == 1
    assert stage.read()["bank_details_given"] is True


def test_names_follow_the_registry_and_old_news_is_dropped(stage: Stage) -> None:
    """The newest revision wins, in whatever order they come; a partnership's change is not undone by its creation."""
    place = stage.cast.visitor_partnership_id
    about = {"partnership_id": place, "country": "ES"}
    stage.room.hear(PartnershipChanged.of(place, acronym="BLUER", name="Bluer", **about), subject_version=2)
    stage.room.hear(PartnershipCreated.of(place, acronym="BLUES", name="Blue", **about), subject_version=1)
    participation = stage.cast.visitor["participation_id"]
    for revision, name in ((3, "New name"), (2, "Old name")):
        profile = accepted(stage.cast.visitor, "DE").data["profile"] | {"legal_name": name}
        loaded = ProfileChanged.read({"participation_id": str(participation), "revision": revision, "profile": profile})
        stage.room.hear(ProfileChanged.of(participation, **loaded))
    assert (stage.read()["visitor"]["name"], stage.read()["visitor"]["partnership"]) == ("New name", "BLUER")


def test_arrival_is_reminded_then_escalated(stage: Stage) -> None:
    """After one, four and eight days; the third tells the support office; then silence."""
    stage.ready()
    for day in ("2027-03-02 09:00", "2027-03-05 09:00", "2027-03-09 09:00", "2027-03-20 09:00"):
        stage.at(moment(day))
        stage.room.run_due()
    assert [fact.data["escalated"] for fact in stage.room.facts("arrival_reminded")] == [False, False, True]


def test_cancelled_exchange_is_not_reminded(stage: Stage) -> None:
    """What was planned is taken back."""
    stage.ready()
    stage.ask(asks.CancelExchange, "visitor", **WHY)
    stage.at(moment("2027-03-02 09:00"))
    stage.room.run_due()
    assert stage.room.facts("arrival_reminded") == []


def test_exchange_ends_by_itself(stage: Stage) -> None:
    """Three days after the planned end, as planned; once."""
    stage.ready()
    stage.at(ARRIVED)
    stage.ask(asks.ConfirmArrival, "host", **NO_REASON)
    stage.at(moment("2027-03-10 09:00"))
    stage.room.run_due()
    view = stage.read()
    assert (view["state"], view["ended_on"], view["shortened"]) == ("ended", "2027-03-07", False)


def test_confirmed_departure_is_not_made_again(stage: Stage) -> None:
    """The planned end finds it ended."""
    stage.ready().ended()
    stage.at(moment("2027-03-10 09:00"))
    stage.room.run_due()
    assert len(stage.room.facts("exchange_ended")) == 1


def reminded(stage: Stage, *days: str) -> list[tuple[bool, bool]]:
    """What the reminders up to these days say: overdue, escalated."""
    for day in days:
        stage.at(moment(f"2027-{day} 09:00"))
        stage.room.run_due()
    return [(fact.data["overdue"], fact.data["escalated"]) for fact in stage.room.facts("report_reminded")]


def test_report_is_reminded_every_week_then_overdue_then_escalated(stage: Stage) -> None:
    """The first time past its deadline the contact point is told, from the second on the support office; until it is submitted."""
    stage.ready().ended()
    found = reminded(stage, "03-14", "03-21", "03-28", "04-04", "04-11", "04-18", "04-25")
    assert found == [(False, False)] * 4 + [(True, False)] + [(True, True)] * 2
    stage.reported()
    assert reminded(stage, "05-10") == found


def test_report_with_more_time_is_not_escalated_before_it_is_overdue_again(stage: Stage) -> None:
    """The support office moved the deadline: from there on it begins anew."""
    stage.ready().ended()
    reminded(stage, "03-14", "03-21", "03-28", "04-04", "04-11")
    stage.ask(asks.MoveDeadline, "support_officer", deadline="report", on=moment("2027-04-20 00:00").date(), **WHY)
    assert reminded(stage, "04-18", "04-25", "05-02")[4:] == [(True, False), (False, False), (True, False), (True, True)]


def test_returned_report_is_reminded_of_once_a_week_and_not_twice(stage: Stage) -> None:
    """The reminder planned at the end of the stay gives way to that of the return."""
    stage.ready().ended()
    stage.ask(asks.WriteReport, "visitor", **asks.Report.read(REPORT))
    stage.at(moment("2027-03-10 09:00"))
    for _ in range(2):
        stage.ask(asks.SubmitReport, "visitor", if_match=stage.ask(asks.ReadReport, "visitor")["version"])
        read = stage.ask(asks.ReadReport, "visitor_partnership")["version"]
        stage.ask(asks.ReturnReport, "visitor_partnership", if_match=read, comments="Say more.")
    for day in ("2027-03-14 09:00", "2027-03-17 09:00", "2027-03-21 09:00", "2027-03-24 09:00"):
        stage.at(moment(day))
        stage.room.run_due()
    assert len(stage.room.facts("report_reminded")) == 2


def test_support_office_moves_the_deadline(stage: Stage) -> None:
    """The new date shows, with who moved it and why."""
    stage.ready().ended()
    view = stage.ask(asks.MoveDeadline, "support_officer", deadline="report", on=moment("2027-06-01 00:00").date(), **WHY)
    assert (view["report_due_on"], view["last_reason"]["by"]) == ("2027-06-01", "support_officer")


def test_report_goes_back_and_forth(stage: Stage) -> None:
    """Comments are shown to the visitor until it submits again; the host's rating stands beside."""
    stage.ready().ended()
    with pytest.raises(asks.ReportNotFound):
        stage.ask(asks.ReadReport, "visitor")
    written = stage.ask(asks.WriteReport, "visitor", **asks.Report.read(REPORT))
    stage.ask(asks.SubmitReport, "visitor", if_match=written["version"])
    submitted = stage.ask(asks.ReadReport, "visitor_partnership")
    stage.ask(asks.ReturnReport, "visitor_partnership", if_match=submitted["version"], comments="Say more.")
    stage.ask(asks.RateExchange, "host", if_match=stage.read("host")["version"], usefulness=4, remarks="Good guests")
    stage.ask(asks.ConfirmDays, "host", if_match=stage.read("host")["version"], days_present=3)
    view = stage.ask(asks.ReadReport, "visitor")
    assert (view["report"]["days_present"], view["days_confirmed"], view["ended_on"]) == (4, 3, "2027-03-07")
    assert (view["comments"], view["host_usefulness"], view["state"]) == ("Say more.", 4, "report_returned")
    stage.ask(asks.SubmitReport, "visitor", if_match=view["version"])
    assert stage.ask(asks.ReadReport, "visitor_partnership")["comments"] == ""


def test_report_is_not_overwritten_unseen(stage: Stage) -> None:
    """The first writing names no version; from then on two representatives cannot write over each other."""
    stage.ready().ended()
    written = stage.ask(asks.WriteReport, "visitor", **asks.Report.read(REPORT))
    with pytest.raises(IfMatchRequired):
        stage.ask(asks.WriteReport, "visitor", **asks.Report.read(REPORT))
    again = stage.ask(asks.WriteReport, "visitor", if_match=written["version"], **asks.Report.read(REPORT | {"contacts_made": 9}))
    assert again["report"]["contacts_made"] == 9
    with pytest.raises(StaleVersion):
        stage.ask(asks.WriteReport, "visitor", if_match=written["version"], **asks.Report.read(REPORT))


def test_nobody_decides_on_a_report_unseen(stage: Stage) -> None:
    """Submitting, returning and validating name the version that was read: what was rewritten meanwhile is read first."""
    stage.ready().ended()
    seen = stage.ask(asks.WriteReport, "visitor", **asks.Report.read(REPORT))["version"]
    now = stage.ask(asks.WriteReport, "visitor", if_match=seen, **asks.Report.read(REPORT | {"contacts_made": 9}))["version"]
    comments = {"comments": "Say more."}
    moves: list[tuple[Any, str, dict[str, Any]]] = [
        (asks.SubmitReport, "visitor", {}),
        (asks.ReturnReport, "visitor_partnership", comments),
        (asks.SubmitReport, "visitor", {}),
        (asks.ValidateReport, "visitor_partnership", {}),
    ]
    for contract, role, fields in moves:
        with pytest.raises(IfMatchRequired):
            stage.ask(contract, role, **fields)
        with pytest.raises(StaleVersion):
            stage.ask(contract, role, if_match=seen, **fields)
        stage.ask(contract, role, if_match=now, **fields)
        seen, now = now, stage.ask(asks.ReadReport, "visitor")["version"]
    assert stage.read()["state"] == "report_validated"


def test_two_hosts_do_not_overwrite_each_others_days_and_rating(stage: Stage) -> None:
    """Both name the version of the exchange, which shows days and rating."""
    stage.ready().ended()
    seen = stage.read("host")["version"]
    stage.ask(asks.ConfirmDays, "host", if_match=seen, days_present=4)
    rating = {"usefulness": 2, "remarks": "Late every day"}
    for contract, fields in ((asks.ConfirmDays, {"days_present": 3}), (asks.RateExchange, rating)):
        with pytest.raises(IfMatchRequired):
            stage.ask(contract, "host", **fields)
        with pytest.raises(StaleVersion):
            stage.ask(contract, "host", if_match=seen, **fields)
    rated = stage.ask(asks.RateExchange, "host", if_match=stage.read("host")["version"], **rating)
    assert (rated["days_present"], rated["host_usefulness"], rated["host_remarks"]) == (4, 2, "Late every day")


def test_amendment_is_signed_anew_and_the_old_document_stays(stage: Stage) -> None:
    """Both PDFs of the commitment can be downloaded, each by its number."""
    stage.ready()
    stage.room.run_jobs()
    stage.ask(asks.AmendCommitment, "visitor", **WHY)
    stage.ready(end="2027-03-10", travel_days=["2027-03-10"])
    stage.room.run_jobs()
    view = stage.read()
    assert (view["state"], view["signed_number"], view["end"]) == ("ready", 2, "2027-03-10")
    names = [stage.ask(asks.DownloadAgreement, "host", kind=COMMITMENT, number=number)["name"] for number in (1, 2, None)]
    assert names == ["commitment-to-quality-1.pdf", "commitment-to-quality-2.pdf", "commitment-to-quality-2.pdf"]
    with pytest.raises(asks.AgreementNotFound):
        stage.ask(asks.DownloadAgreement, "host", kind=FINANCIAL)


def test_abandoned_amendment_is_ready_again(stage: Stage) -> None:
    """The door is as open as before, and the arrival is reminded of."""
    stage.ready()
    stage.ask(asks.AmendCommitment, "host", **WHY)
    assert stage.ask(asks.AbandonAmendment, "visitor")["state"] == "ready"
    stage.at(moment("2027-03-02 09:00"))
    stage.room.run_due()
    assert len(stage.room.facts("arrival_reminded")) == 1


@pytest.mark.parametrize("contract", [asks.RecordNoShow, asks.TerminateExchange])
def test_side_exits_are_normal_states(stage: Stage, contract: Any) -> None:
    """A visitor that did not come keeps its visit; one that broke off has used it."""
    stage.ready()
    stage.at(ARRIVED)
    if contract is asks.TerminateExchange:
        stage.ask(asks.ConfirmArrival, "host", **NO_REASON)
    stage.at(LEFT)
    view = stage.ask(contract, "host_partnership", **WHY)
    assert view["state"] == {asks.RecordNoShow: "no_show", asks.TerminateExchange: "terminated"}[contract]
    assert view["last_reason"] == {**WHY, "by": "host_partnership"}


def test_recalled_version_is_changed_and_submitted_again(stage: Stage) -> None:
    """The second version stands, the first is kept."""
    stage.submit()
    assert stage.ask(asks.RecallCommitment, "host")["state"] == "planning"
    assert stage.submit(place="Lisbon")["commitment_number"] == 2


def test_command_sent_twice_with_one_key_has_its_effect_once(stage: Stage) -> None:
    """The answer is the first one's."""
    ask = stage.room.ask
    first = ask(asks.CancelExchange, stage.cast["visitor"], key="one", exchange_id=stage.exchange_id, **WHY)
    assert ask(asks.CancelExchange, stage.cast["visitor"], key="one", exchange_id=stage.exchange_id, **WHY) == first
    assert len(stage.room.facts("exchange_cancelled")) == 1


def test_four_parties_signing_at_once_conclude_once(stage: Stage) -> None:
    """The exchange is locked while one signs: no signature is lost, and it is signed once."""
    stage.submit()
    stage.validate()
    threads = [threading.Thread(target=stage.sign, args=(COMMITMENT, role)) for role in FOUR]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stage.read()["state"] == "signed"
    assert len(stage.room.facts("agreement_signed")) == 1


def test_two_matches_of_one_visitor_at_once_open_one_exchange(rooms: Rooms) -> None:
    """One decides after the other: the first opens, the others are refused, and none has to be tried again."""
    stage = Stage(rooms("agreements"))
    stage.introduce()
    threads = [threading.Thread(target=Stage.match, args=(copy.copy(stage), uuid4())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stage.types()) == ["exchange_opened", *["exchange_refused"] * 3]


def test_database_itself_refuses_a_second_open_exchange(stage: Stage) -> None:
    """Whatever the code forgets, the unique index does not."""
    cast = stage.cast
    with pytest.raises(ConcurrentChange), stage.room.unit() as unit:
        visiting: Any = queries.participation(unit, cast.visitor["participation_id"])
        hosting: Any = queries.participation(unit, cast.host["participation_id"])
        bodies: Any = {place: queries.partnership(unit, place) for place in (cast.visitor_partnership_id, cast.host_partnership_id)}
        unit.session.add(Exchange.open(cast.match, visiting, hosting, bodies, unit.now))
