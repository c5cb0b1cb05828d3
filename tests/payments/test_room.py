"""Payments on a real database: from the opened exchange to the paid lump sum, over its doors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.bare.refusals import LogInAgain, MoveNotYours, NotFound, Refusal, RoleRequired, StaleVersion
from contracts import payments as contracts
from contracts.agreements import events as agreements
from contracts.payments.refusals import (
    AssistanceNotComputed,
    BankDetailsNotGiven,
    BatchNotFound,
    EvidenceNotFound,
    ExchangeNotFound,
    NothingToExport,
    PartnershipNotFound,
    PaymentNotFound,
    RateAlreadyThere,
    RateNotBackdated,
    SecondPersonNeeded,
    SupplementNotFound,
)
from services.payments.model import Base
from tests.builders import administrator, auditor, contact_point, person, representative, support_officer
from tests.payments.course import BANK_DETAILS, LISBON, MADRID, Course
from tests.payments.exchanges import account
from tests.room import Room

IBAN = BANK_DETAILS["iban"]


def types(room: Room) -> list[str]:
    """What was announced, in order."""
    return [fact.type for fact in room.facts()]


def test_one_exchange_is_paid_from_end_to_end(course, payments):
    """Computed, agreed, proved, proposed, approved, listed, paid: each announced once."""
    course.paid()
    shown = course.payment()
    assert (shown["state"], shown["amount"]["minor"], shown["moves"]) == ("paid", 78000, ["record_overpaid"])
    assert [line["kind"] for line in shown["ledger"]] == ["agreed", "due", "ordered", "paid"]
    assert types(payments) == [
        "assistance_computed", "bank_details_given", "evidence_uploaded", "evidence_file_accepted", "evidence_accepted", "payment_due",
        "payment_proposed", "payment_ordered", "payment_exported", "batch_exported", "payment_paid",
    ]  # fmt: skip
    assert {fact.audience for fact in payments.facts()} == {(str(course.visitor["partnership_id"]),)}


def test_facts_hold_nothing_personal(course, payments):
    """No account, no holder, no address in the journal."""
    course.paid()
    told = str(payments.facts())
    assert IBAN not in told and "Harbour" not in told and "Rua" not in told


def test_what_comes_too_early_waits(course, payments):
    """The plan before the exchange, the exchange before the places."""
    course.validated()
    assert len(payments.waiting()) == 1
    course.tell(agreements.ExchangeOpened)
    payments.try_waiting()
    payments.hear(course.profile(course.visitor, MADRID))
    payments.hear(course.profile(course.host, LISBON))
    payments.try_waiting()
    assert (payments.waiting(), types(payments)) == ([], ["assistance_computed"])


def test_a_signature_before_the_amount_waits(course, payments):
    """Services know no common order."""
    course.known().signed()
    assert len(payments.waiting()) == 1
    course.validated()
    payments.try_waiting()
    assert course.payment()["agreed"] == {"minor": 78000, "currency": "EUR"}


def test_an_event_heard_twice_has_its_effect_once(course, payments):
    """The same id, and the same content under another id, change nothing."""
    course.known()
    opened = course.fact(agreements.ExchangeOpened)
    payments.hear(opened)
    validated = course.validated()
    again = payments.facts("assistance_computed")
    validated.validated()
    assert payments.facts("assistance_computed") == again and len(again) == 1


def test_an_older_profile_is_dropped(course, payments):
    """The newest place counts."""
    course.known()
    payments.hear(course.profile(course.host, ("PT", 40.0, -4.0), revision=3))
    payments.hear(course.profile(course.host, LISBON, revision=2))
    course.validated()
    assert payments.facts("assistance_computed")[0].data["amount"]["minor"] == 39000


def test_a_plan_for_a_country_without_a_rate_is_refused_and_computed_when_there_is_one(course, payments):
    """The administrator adds the row, the paying officer has it computed."""
    course.known().validated(country="BR")
    assert payments.facts("assistance_refused")[0].data["code"] == "no_rate_for_country"
    today = payments.clock.now().date()
    payments.ask(
        contracts.AddRate, administrator(), applies_to="BR", amount={"minor": 60000, "currency": "EUR"}, valid_from=today, source="decision"
    )
    shown = payments.ask(contracts.RecomputeAssistance, course.first, exchange_id=course.exchange_id)
    assert (shown["amount"]["minor"], shown["refused"]) == (60000, None)


def test_the_assistance_is_shown_with_its_factors(course, payments):
    """To the visitor, its paying officer, support office and auditor."""
    course.known()
    with pytest.raises(AssistanceNotComputed):
        payments.ask(contracts.ReadAssistance, course.visitor_person, exchange_id=course.exchange_id)
    course.validated()
    for who in (course.visitor_person, course.first, support_officer(), auditor()):
        shown = payments.ask(contracts.ReadAssistance, who, exchange_id=course.exchange_id)
        assert (shown["amount"]["minor"], shown["factors"][0]["source"]) == (78000, "assumption: sister programme")


def test_another_base_is_decided_before_anything_is_computed(course, payments):
    """Asked, listed for the paying officer alone, granted, computed."""
    course.known()
    payments.ask(contracts.RequestSupplement, course.visitor_person, exchange_id=course.exchange_id)
    course.validated()
    assert payments.facts("assistance_computed") == []
    [item] = payments.ask(contracts.ListSupplements, course.first)["items"]
    assert item["moves"] == ["grant", "decline"]
    payments.ask(contracts.DecideSupplement, course.first, exchange_id=course.exchange_id, granted=True)
    [fact] = payments.facts("assistance_computed")
    assert fact.data["amount"]["minor"] == 110000
    assert payments.ask(contracts.ListSupplements, course.first)["items"] == []
    assert payments.ask(contracts.ReadSupplement, course.visitor_person, exchange_id=course.exchange_id)["state"] == "granted"


def test_a_request_taken_back_lets_the_sum_be_done(course, payments):
    """By the listed base."""
    course.known()
    payments.ask(contracts.RequestSupplement, course.visitor_person, exchange_id=course.exchange_id)
    course.validated()
    payments.ask(contracts.WithdrawSupplement, course.visitor_person, exchange_id=course.exchange_id)
    assert payments.facts("assistance_computed")[0].data["amount"]["minor"] == 78000


@pytest.mark.parametrize("who", [support_officer(), auditor()])
def test_nobody_else_learns_that_another_base_was_asked_for(course, payments, who):
    """Neither by role nor by a hidden place."""
    course.known()
    payments.ask(contracts.RequestSupplement, course.visitor_person, exchange_id=course.exchange_id)
    with pytest.raises((RoleRequired, SupplementNotFound)):
        payments.ask(contracts.ReadSupplement, who, exchange_id=course.exchange_id)
    both = person(("support_officer", None), ("finance", course.host["partnership_id"]))
    with pytest.raises(SupplementNotFound):
        payments.ask(contracts.ReadSupplement, both, exchange_id=course.exchange_id)


def test_bank_details_are_masked_kept_sealed_and_disclosed_on_the_record(course, payments):
    """The visitor sees who looked."""
    course.known()
    with pytest.raises(BankDetailsNotGiven):
        payments.ask(contracts.ReadBankDetails, course.visitor_person, exchange_id=course.exchange_id)
    course.with_account()
    assert payments.ask(contracts.DiscloseAccount, course.first, exchange_id=course.exchange_id)["account"] == IBAN
    shown = payments.ask(contracts.ReadBankDetails, course.visitor_person, exchange_id=course.exchange_id)
    assert (shown["masked_account"], shown["holder"], shown["can_change"]) == (account().masked, BANK_DETAILS["holder"], True)
    assert [(each["person_id"], each["purpose"]) for each in shown["accesses"]] == [(course.first.id, "check")]
    with payments.unit() as unit:
        row = unit.session.execute(text("SELECT sealed, masked_account FROM bank_details")).one()
    assert IBAN.encode() not in bytes(row.sealed) and b"Harbour" not in bytes(row.sealed)


def test_bank_details_need_a_fresh_log_in(course, payments):
    """A session left open changes no account."""
    course.known()
    stale = representative(course.visitor["organisation_id"], fresh=False)
    with pytest.raises(LogInAgain):
        payments.ask(contracts.GiveBankDetails, stale, exchange_id=course.exchange_id, **BANK_DETAILS)


@pytest.mark.parametrize("who", [support_officer(), auditor()])
def test_support_and_auditors_never_see_an_account_in_full(course, payments, who):
    """Masked like everybody."""
    course.exported()
    assert payments.ask(contracts.ReadBankDetails, who, exchange_id=course.exchange_id)["masked_account"] == account().masked
    with pytest.raises(RoleRequired):
        payments.ask(contracts.DiscloseAccount, who, exchange_id=course.exchange_id)
    [batch] = payments.ask(contracts.ListBatches, who)["items"]
    with pytest.raises(RoleRequired):
        payments.ask(contracts.ReadBatchFile, who, batch_id=batch["batch_id"])


def test_the_same_account_again_changes_nothing(course, payments):
    """A repeat is no replacement, and nothing of it is kept in the clear."""
    course.proposed().with_account()
    assert (course.payment()["state"], len(payments.facts("bank_details_given"))) == ("proposed", 1)
    with payments.unit() as unit:
        kept = str(unit.session.execute(text("SELECT reply FROM answered")).all())
    assert BANK_DETAILS["holder"] not in kept and BANK_DETAILS["address"]["street"] not in kept


def test_a_changed_account_is_announced_and_takes_the_proposal_back(course, payments):
    """Everybody concerned is told that it was replaced."""
    course.proposed().with_account(iban="PT50000201231234567890154", holder="Another holder")
    assert payments.facts("bank_details_given")[1].data["replaced"] is True
    assert (course.payment()["state"], types(payments)[-1]) == ("payable", "proposal_taken_back")


def test_evidence_goes_back_and_forth(course, payments):
    """Returned with a reason, replaced, accepted, downloaded."""
    course.known()
    first = course.upload()
    assert (first["state"], first["moves"]) == ("uploaded", ["withdraw"])
    returned = payments.ask(
        contracts.ReturnFile, course.first, evidence_id=first["evidence_id"], reason="unreadable", comment="Page two is dark."
    )
    assert (returned["state"], returned["reason"], returned["comment"]) == ("returned", "unreadable", "Page two is dark.")
    payments.ask(contracts.WithdrawEvidence, course.visitor_person, evidence_id=first["evidence_id"])
    second = course.upload()
    assert payments.ask(contracts.AcceptFile, course.first, evidence_id=second["evidence_id"])["state"] == "accepted"
    listed = payments.ask(contracts.ListEvidence, course.first, exchange_id=course.exchange_id)
    assert ([each["state"] for each in listed["items"]], listed["moves"]) == (["withdrawn", "accepted"], ["accept_evidence"])
    whole = payments.ask(contracts.AcceptEvidence, course.first, exchange_id=course.exchange_id)
    assert whole["accepted_at"] is not None and whole["moves"] == []
    assert payments.ask(contracts.ReadEvidenceFile, auditor(), evidence_id=second["evidence_id"])["sha256"] == "0" * 64


def test_the_visitor_sees_who_fetched_its_evidence(course, payments):
    """Its own people are not written down."""
    course.known()
    file, officer = course.upload(), course.first
    for who in (course.visitor_person, officer):
        payments.ask(contracts.ReadEvidenceFile, who, evidence_id=file["evidence_id"])
    [shown] = payments.ask(contracts.ListEvidence, course.visitor_person, exchange_id=course.exchange_id)["items"]
    assert [(each["person_id"], each["purpose"]) for each in shown["accesses"]] == [(officer.id, "evidence")]


def test_a_payment_says_what_it_waits_for(course):
    """Until nothing is missing."""
    course.known()
    assert course.payment()["waiting_for"] == ["financial_agreement", "bank_details", "days_confirmed", "report", "evidence"]
    course.validated().signed().with_account().with_evidence().reported()
    assert (course.payment()["waiting_for"], course.payment()["state"]) == ([], "payable")


@pytest.mark.parametrize("last", ["signed", "with_account", "with_evidence", "reported"])
def test_whatever_comes_last_makes_it_payable(course, last):
    """No order is asked of people or services."""
    course.known().validated()
    steps = [name for name in ("signed", "with_account", "with_evidence", "reported") if name != last]
    for name in steps:
        getattr(course, name)()
    assert course.payment()["state"] == "awaiting"
    getattr(course, last)()
    assert course.payment()["state"] == "payable"


def test_two_days_pay_nothing_unless_the_support_office_says_so(course, payments):
    """With a reason, by the amount of a short stay."""
    course.payable(days=2)
    shown = course.payment(support_officer())
    assert (shown["state"], shown["moves"], types(payments)[-1]) == ("nothing_due", ["override_minimum"], "nothing_due")
    over = payments.ask(contracts.OverrideMinimum, support_officer(), payment_id=shown["payment_id"], reason="Illness on the second day")
    assert (over["state"], over["amount"]["minor"], over["override_reason"]) == ("payable", 39000, "Illness on the second day")


def test_the_second_person_is_another_one(course):
    """Four eyes, over the door."""
    course.proposed()
    with pytest.raises(SecondPersonNeeded):
        course.approve(course.first)
    assert course.approve(support_officer())["state"] == "ordered"


def test_approval_asks_for_the_version_that_was_read(course, payments):
    """What changed meanwhile is read first."""
    course.proposed()
    shown = course.payment()
    with pytest.raises(StaleVersion):
        payments.ask(contracts.ApprovePayment, course.second, payment_id=shown["payment_id"], if_match=shown["version"] - 1)


def test_a_proposal_can_be_taken_back(course, payments):
    """By the second person too."""
    course.proposed()
    shown = payments.ask(contracts.TakeBackProposal, course.second, payment_id=course.payment()["payment_id"])
    assert (shown["state"], shown["proposed_by"]) == ("payable", None)


def test_a_list_is_exported_once_and_again_byte_for_byte(course, payments):
    """Its file comes from the blob store, and everybody on it sees who fetched it."""
    course.ordered()
    batch = course.export()
    assert (batch["number"], batch["total"]["minor"], [line["exchange_id"] for line in batch["lines"]]) == (
        1,
        78000,
        [str(course.exchange_id)],
    )
    with pytest.raises(NothingToExport):
        course.export()
    first, second = (payments.ask(contracts.ReadBatchFile, course.second, batch_id=batch["batch_id"]) for _ in range(2))
    content = payments.frame.blobs.read(first["sha256"])
    assert first == second and first["size"] == len(content) and IBAN.encode() in content
    shown = payments.ask(contracts.ReadBankDetails, course.visitor_person, exchange_id=course.exchange_id)
    assert [each["purpose"] for each in shown["accesses"]] == ["list", "list"]
    assert payments.ask(contracts.ReadBatch, course.first, batch_id=batch["batch_id"]) == batch


def test_a_repeated_export_answers_the_same_list(course, payments):
    """The same key, the same list."""
    course.ordered()
    fields = {"partnership_id": course.visitor["partnership_id"]}
    first, second = (payments.ask(contracts.ExportBatch, course.first, key="once", **fields) for _ in range(2))
    assert first == second and len(payments.facts("batch_exported")) == 1


def test_a_returned_payment_is_made_again_on_another_list(course, payments):
    """With other bank details and both persons once more."""
    course.exported()
    payment_id = course.payment()["payment_id"]
    failed = payments.ask(contracts.RecordFailed, course.first, payment_id=payment_id, reason="account_closed", comment="Closed in May")
    assert (failed["state"], failed["failure"], failed["failure_comment"]) == ("failed", "account_closed", "Closed in May")
    course.with_account()
    assert payments.ask(contracts.RetryPayment, course.first, payment_id=payment_id)["state"] == "payable"
    course.propose(course.second)
    course.approve(course.first)
    assert course.export()["number"] == 2
    assert course.pay()["state"] == "paid"


def test_an_account_without_iban_is_paid_by_hand(course, payments):
    """It stands on no list."""
    course.ordered(iban=None, bic=None, other_account="Account 12, Bank of the North")
    assert course.payment()["by_hand"] is True
    with pytest.raises(NothingToExport):
        course.export()
    shown = course.pay(reference="cheque 4")
    assert (shown["state"], shown["reference"]) == ("paid", "cheque 4")


def test_what_was_overpaid_comes_back(course, payments):
    """Claimed, then recovered."""
    course.paid()
    payment_id = course.payment()["payment_id"]
    amount = {"minor": 39000, "currency": "EUR"}
    claimed = payments.ask(contracts.RecordOverpaid, course.first, payment_id=payment_id, amount=amount, reason="Days corrected")
    assert (claimed["state"], claimed["claimed_back"]["minor"]) == ("overpaid", 39000)
    recovered = payments.ask(contracts.RecordRecovered, course.first, payment_id=payment_id, reference="2")
    assert (recovered["state"], recovered["ledger"][-1]["kind"]) == ("recovered", "reversed")


@pytest.mark.parametrize("event", [agreements.ExchangeCancelled, agreements.ExchangeTerminated, agreements.NoShowRecorded])
def test_an_exchange_called_off_pays_nothing(course, payments, event):
    """Its payment is void."""
    course.known().validated()
    course.tell(event, reason="illness")
    assert (course.payment()["state"], types(payments)[-1]) == ("void", "payment_voided")


def test_stages_that_are_told_in_another_order_do_not_go_back(course, payments):
    """Each event has a queue of its own."""
    course.known()
    today = payments.clock.now().date()
    course.tell(agreements.ExchangeEnded, ended_on=today, shortened=False)
    course.tell(agreements.ExchangeStarted, started_on=today)
    course.tell(agreements.ExchangeReady)
    with payments.unit() as unit:
        assert unit.session.execute(text("SELECT stage FROM exchange")).scalar_one() == "ended"


def test_the_paying_officer_is_reminded_until_it_is_paid(course, payments):
    """Three days before the date, and on it."""
    course.payable()
    payments.clock.advance(days=7)
    payments.run_due()
    payments.clock.advance(days=3)
    payments.run_due()
    payments.clock.advance(days=30)
    payments.run_due()
    assert types(payments).count("payment_reminded") == 2


def test_nobody_is_reminded_of_what_is_paid(course, payments):
    """The reminder was taken back."""
    course.paid()
    payments.clock.advance(days=30)
    assert payments.run_due() == 0
    assert "payment_reminded" not in types(payments)


def test_reference_rates_are_read_by_anybody_and_added_by_administrators(payments):
    """Dated, sourced, never changed."""
    listed = payments.ask(contracts.ListRates, applies_to="PT")["items"]
    assert [(each["amount"]["minor"], each["source"]) for each in listed] == [(78000, "assumption: sister programme")]
    new = {"applies_to": "PT", "amount": {"minor": 80000, "currency": "EUR"}, "source": "table of 2027"}
    later = payments.clock.now().date() + timedelta(days=30)
    with pytest.raises(RoleRequired):
        payments.ask(contracts.AddRate, support_officer(), valid_from=later, **new)
    payments.ask(contracts.AddRate, administrator(), valid_from=later, **new)
    with pytest.raises(RateAlreadyThere):
        payments.ask(contracts.AddRate, administrator(), valid_from=later, **new)
    with pytest.raises(RateNotBackdated):
        payments.ask(contracts.AddRate, administrator(), valid_from=later - timedelta(days=31), **new)
    assert len(payments.ask(contracts.ListRates, applies_to="PT")["items"]) == 2


def test_a_rate_counts_from_its_day(course, payments):
    """Not before."""
    later = payments.clock.now().date() + timedelta(days=30)
    amount = {"minor": 80000, "currency": "EUR"}
    payments.ask(contracts.AddRate, administrator(), applies_to="PT", amount=amount, valid_from=later, source="table of 2027")
    course.known().validated()
    payments.clock.advance(days=30)
    course.validated(version=2)
    assert [fact.data["amount"]["minor"] for fact in payments.facts("assistance_computed")] == [78000, 80000]


def test_the_figures_of_the_rule_are_dated_rows_too(course, payments):
    """Read by anybody, added by administrators, used from their day on."""
    assert len(payments.ask(contracts.ListFigures)["items"]) == 7
    today = payments.clock.now().date()
    new = {"name": "halving_days", "value": 12, "valid_from": today, "source": "a decision"}
    payments.ask(contracts.AddFigure, administrator(), **new)
    with pytest.raises(RateAlreadyThere):
        payments.ask(contracts.AddFigure, administrator(), **new)
    with pytest.raises(RateNotBackdated):
        payments.ask(contracts.AddFigure, administrator(), **new | {"valid_from": today - timedelta(days=1)})
    course.known().validated()
    assert payments.facts("assistance_computed")[0].data["amount"]["minor"] == 39000


def test_the_seeded_rates_are_those_of_the_sister_programme(payments):
    """All 40 countries, the outermost regions and the decided base."""
    listed = {each["applies_to"]: each["amount"]["minor"] for each in payments.ask(contracts.ListRates, limit=100)["items"]}
    assert len(listed) == 42
    assert (listed["DK"], listed["PT"], listed["XK"], listed["outermost_region"], listed["disability"]) == (
        110000,
        78000,
        56000,
        110000,
        110000,
    )


def test_lists_show_ones_own_and_filter(course, payments):
    """By state, date and partnership; those due first at the top."""
    course.payable()
    other = Course(payments).known()
    mine = payments.ask(contracts.ListPayments, course.first)["items"]
    assert [each["exchange_id"] for each in mine] == [str(course.exchange_id)]
    everything = payments.ask(contracts.ListPayments, support_officer())["items"]
    assert [each["exchange_id"] for each in everything] == [str(course.exchange_id), str(other.exchange_id)]
    ask = {"state": ["awaiting"], "partnership_id": other.visitor["partnership_id"]}
    assert [each["state"] for each in payments.ask(contracts.ListPayments, auditor(), **ask)["items"]] == ["awaiting"]
    soon = payments.clock.now().date() + timedelta(days=11)
    assert len(payments.ask(contracts.ListPayments, auditor(), due_before=soon)["items"]) == 1
    first = payments.ask(contracts.ListPayments, auditor(), limit=1)
    rest = payments.ask(contracts.ListPayments, auditor(), after=first["next"])
    assert [each["exchange_id"] for each in rest["items"]] == [str(other.exchange_id)]


def strangers(course):
    """People of other organisations and partnerships, and those of this one without the right."""
    return {
        "host": representative(course.host["organisation_id"]),
        "host's paying officer": contact_point(course.host["partnership_id"], "finance"),
        "another visitor": representative(course.visitor["participation_id"]),
        "contact point without finance": person(
            ("agreements", course.visitor["partnership_id"]), ("finance", course.host["partnership_id"])
        ),
    }


@pytest.mark.parametrize("stranger", ["host", "host's paying officer", "another visitor", "contact point without finance"])
def test_nobody_else_finds_anything(course, payments, stranger):
    """Foreign money is not found, in places, lists and files alike."""
    who = strangers(course)[stranger]
    course.exported()
    payment_id, [file] = (
        course.payment()["payment_id"],
        payments.ask(contracts.ListEvidence, course.first, exchange_id=course.exchange_id)["items"],
    )
    batch_id = course.payment()["batch_id"]
    exchange, payment = {"exchange_id": course.exchange_id}, {"payment_id": payment_id}
    evidence, batch = {"evidence_id": file["evidence_id"]}, {"batch_id": batch_id}
    asked = {
        contracts.ReadAssistance: exchange, contracts.RecomputeAssistance: exchange, contracts.RequestSupplement: exchange,
        contracts.ReadSupplement: exchange, contracts.WithdrawSupplement: exchange, contracts.DecideSupplement: exchange | {"granted": True},
        contracts.ReadBankDetails: exchange, contracts.GiveBankDetails: exchange | BANK_DETAILS, contracts.DiscloseAccount: exchange,
        contracts.ListEvidence: exchange, contracts.AcceptEvidence: exchange, contracts.ReadExchangePayment: exchange,
        contracts.UploadEvidence: exchange | {"kind": "other", "file": contracts.UploadEvidence.example["file"]},
        contracts.ReadEvidenceFile: evidence, contracts.WithdrawEvidence: evidence, contracts.AcceptFile: evidence,
        contracts.ReturnFile: evidence | {"reason": "other"}, contracts.ReadPayment: payment, contracts.ProposePayment: payment,
        contracts.ApprovePayment: payment, contracts.TakeBackProposal: payment, contracts.RetryPayment: payment,
        contracts.RecordPaid: payment | {"paid_on": payments.clock.now().date(), "reference": "1"}, contracts.RecordFailed: payment | {"reason": "other"},
        contracts.RecordOverpaid: payment | {"amount": {"minor": 1}, "reason": "x"}, contracts.RecordRecovered: payment | {"reference": "1"},
        contracts.ReadBatch: batch, contracts.ReadBatchFile: batch,
        contracts.ExportBatch: {"partnership_id": course.visitor["partnership_id"]},
    }  # fmt: skip
    before = payments.facts()
    for contract, fields in asked.items():
        with pytest.raises((ExchangeNotFound, PaymentNotFound, EvidenceNotFound, BatchNotFound, PartnershipNotFound, RoleRequired)):
            payments.ask(contract, who, **fields)
    lists = (contracts.ListPayments, contracts.ListBatches, contracts.ListSupplements)
    assert [seen_in(payments, contract, who) for contract in lists] == [[], [], []]
    assert payments.facts() == before


def seen_in(room, contract, who):
    """What a list shows somebody; nothing when it is not for such people at all."""
    try:
        return room.ask(contract, who)["items"]
    except RoleRequired:
        return []


def test_auditors_read_and_change_nothing(course, payments):
    """They have the role for no command at all."""
    commands = [each for each in vars(contracts).values() if isinstance(each, type) and hasattr(each, "keyed")]
    assert commands and not any("auditor" in command.allowed for command in commands)


def test_a_visitor_who_is_also_paying_officer_does_not_decide_on_its_own_money(course):
    """Whoever is both is a visitor only."""
    course.payable()
    both = person(("representative", course.visitor["organisation_id"]), ("finance", course.visitor["partnership_id"]))
    with pytest.raises(MoveNotYours):
        course.propose(both)


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET amount_minor = 1", "DELETE FROM ledger_entry"])
def test_the_database_keeps_the_ledger_as_it_was_written(course, payments, statement):
    """Whoever comes past the rules."""
    course.paid()
    with pytest.raises(DBAPIError, match="never changed"), payments.unit() as unit:
        unit.session.execute(text(statement))


def test_the_database_refuses_more_than_the_lump_sum(course, payments):
    """The sum of payments of an exchange never exceeds it."""
    course.exported()
    row = (
        "INSERT INTO ledger_entry (payment_id, exchange_id, kind, amount_minor, at, actor) "
        "SELECT id, exchange_id, 'paid', 78001, now(), 'service:test' FROM payment"
    )
    with pytest.raises(DBAPIError, match="lump sum"), payments.unit() as unit:
        unit.session.execute(text(row))


def test_the_database_refuses_a_second_payment(course, payments):
    """One payment of an exchange, whatever is asked."""
    course.paid()
    row = (
        "INSERT INTO ledger_entry (payment_id, exchange_id, kind, amount_minor, at, actor) "
        "SELECT id, exchange_id, 'paid', 1, now(), 'service:test' FROM payment"
    )
    with pytest.raises(DBAPIError), payments.unit() as unit:
        unit.session.execute(text(row))


@pytest.mark.parametrize("times", range(3))
def test_two_approvals_at_once_order_once(course, payments, times):
    """Two second persons press the button together: one orders, the other is refused."""
    course.proposed()
    third = contact_point(course.visitor["partnership_id"], "finance")
    shown = course.payment()

    def approve(who):
        return payments.ask(contracts.ApprovePayment, who, payment_id=shown["payment_id"], if_match=shown["version"])

    outcomes = at_once(lambda: approve(course.second), lambda: approve(third))
    assert sorted(type(each).__name__ for each in outcomes) == ["StaleVersion", "dict"]
    assert len(payments.facts("payment_ordered")) == 1


@pytest.mark.parametrize("times", range(3))
def test_two_lists_at_once_hold_a_payment_once(course, payments, times):
    """One list has it, the other finds nothing left."""
    course.ordered()
    outcomes = at_once(lambda: course.export(course.first), lambda: course.export(course.second))
    assert sorted(type(each).__name__ for each in outcomes) == ["NothingToExport", "dict"]
    assert len(payments.facts("payment_exported")) == 1


@pytest.mark.parametrize("times", range(5))
def test_last_things_that_come_at_once_still_make_it_payable(course, times):
    """Each looks at the exchange as it is when its turn comes; none overlooks the other."""
    course.known().validated().with_evidence()
    at_once(
        lambda: course.tell(agreements.ReportValidated),
        lambda: course.tell(agreements.DaysConfirmed, days_present=10),
        lambda: course.signed(),
        lambda: course.with_account(),
    )
    assert (course.payment()["state"], course.payment()["waiting_for"]) == ("payable", [])


def test_columns_about_persons_say_what_for():
    """Purpose, legal basis and retention; whoever adds one says so."""
    columns = [(table.name, column) for table in Base.metadata.tables.values() for column in table.columns]
    personal = {"actor", "comment", "failure_comment", "override_reason", "claim_reason", "sealed", "masked_account"}
    about = [(table, each) for table, each in columns if each.name.endswith(("_by", "person_id")) or each.name in personal]
    said = {f"{table}.{each.name}" for table, each in about if set(each.info.get("personal", {})) == {"purpose", "basis", "retention"}}
    assert {f"{table}.{each.name}" for table, each in about} - said == {"payment.due_by"}


def at_once(*works):
    """Do several things in threads of their own; what each returned or raised."""

    def outcome(work):
        try:
            return work()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(outcome, works))


def test_not_found_is_one_kind_of_refusal(course, payments):
    """A place that never was looks like one that is not for you."""
    with pytest.raises(NotFound):
        payments.ask(contracts.ReadExchangePayment, support_officer(), exchange_id=course.exchange_id)
