"""Bank details on a real database: sealed, masked, disclosed on the record; and what is said of personal data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis.bare.refusals import IfMatchRequired, LogInAgain, RoleRequired, StaleVersion
from chassis.bare.tables import Table
from contracts import payments as contracts
from contracts.payments.refusals import (
    BankDetailsNotGiven,
    BatchNotFound,
)
from services.payments.model import Base
from tests.builders import auditor, person, representative, support_officer
from tests.payments.course import BANK_DETAILS
from tests.payments.exchanges import account
from tests.room import Room

IBAN = BANK_DETAILS["iban"]


def types(room: Room) -> list[str]:
    """What was announced, in order."""
    return [fact.type for fact in room.facts()]


def test_facts_hold_nothing_personal(course, payments):
    """No account, no holder, no address in the journal."""
    course.paid()
    told = str(payments.facts())
    assert IBAN not in told and "Harbour" not in told and "Rua" not in told


def test_bank_details_are_masked_kept_sealed_and_disclosed_on_the_record(course, payments):
    """The visitor sees who looked."""
    course.known()
    with pytest.raises(BankDetailsNotGiven):
        payments.ask(contracts.ReadBankDetails, course.visitor_person, exchange_id=course.exchange_id)
    course.with_account()
    assert payments.ask(contracts.DiscloseAccount, course.first, exchange_id=course.exchange_id)["account"] == IBAN
    shown = payments.ask(contracts.ReadBankDetails, course.visitor_person, exchange_id=course.exchange_id)
    assert (shown["masked_account"], shown["holder"], shown["can_change"]) == (account().masked, BANK_DETAILS["holder"], True)
    assert {(each["person_id"], each["purpose"]) for each in shown["accesses"]} == {(course.first.id, "check")}
    with payments.unit() as unit:
        row = unit.session.execute(text("SELECT sealed, masked_account FROM bank_details")).one()
    assert IBAN.encode() not in bytes(row.sealed) and b"Harbour" not in bytes(row.sealed)


def test_bank_details_need_a_fresh_log_in(course, payments):
    """A session left open changes no account."""
    course.known()
    stale = representative(course.visitor["organisation_id"], fresh=False)
    with pytest.raises(LogInAgain):
        payments.ask(contracts.GiveBankDetails, stale, exchange_id=course.exchange_id, **BANK_DETAILS)


def test_no_full_account_lies_anywhere_in_the_clear(course, payments, tmp_path):
    """Not in the blob store, not in any table of the service, also when a list was made and fetched."""
    course.ordered()
    batch = course.export()
    assert IBAN in payments.ask(contracts.ReadBatchFile, course.first, batch_id=batch["batch_id"])["content"]
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert files and not any(IBAN.encode() in each.read_bytes() for each in files)
    with payments.unit() as unit:
        tables = [each.name for each in (*Base.metadata.sorted_tables, *Table.metadata.sorted_tables)]
        kept = [bytes(row[0].encode()) for name in tables for row in unit.session.execute(text(f'SELECT t::text FROM "{name}" t'))]
        [sealed] = unit.session.scalars(text("SELECT sealed FROM payment_batch"))
    needle = IBAN.encode()
    assert not any(each in row for row in [*kept, bytes(sealed)] for each in (needle, needle.hex().encode()))


@pytest.mark.parametrize("role", ["support_officer", "auditor"])
def test_a_paying_officer_elsewhere_who_sees_every_list_fetches_no_file_of_it(course, payments, role):
    """The two roles of one person do not add up to foreign accounts."""
    course.exported()
    both = person((role, None), ("finance", course.host["partnership_id"]))
    [batch] = payments.ask(contracts.ListBatches, both)["items"]
    with pytest.raises(BatchNotFound):
        payments.ask(contracts.ReadBatchFile, both, batch_id=batch["batch_id"])
    assert payments.facts("batch_fetched") == []


@pytest.mark.parametrize("who", [support_officer(), auditor()])
def test_support_and_auditors_never_see_an_account_in_full(course, payments, who):
    """Masked like everybody."""
    course.exported()
    assert payments.ask(contracts.ReadBankDetails, who, exchange_id=course.exchange_id)["masked_account"] == account().masked
    with pytest.raises(RoleRequired):
        payments.ask(contracts.DiscloseAccount, who, exchange_id=course.exchange_id)
    [batch] = payments.ask(contracts.ListBatches, who)["items"]
    today, day = payments.clock.now().date(), timedelta(days=1)
    assert payments.ask(contracts.ListBatches, who, made_from=today, made_to=today)["items"] == [batch]
    assert payments.ask(contracts.ListBatches, who, made_from=today + day)["items"] == []
    assert payments.ask(contracts.ListBatches, who, made_to=today - day)["items"] == []
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
    course.proposed().with_account(if_match=1, iban="PT50000201231234567890154", holder="Another holder")
    assert payments.facts("bank_details_given")[1].data["replaced"] is True
    assert (course.payment()["state"], types(payments)[-1]) == ("payable", "proposal_taken_back")


def test_another_account_needs_the_version_that_was_read(course, payments):
    """Two representatives who write at the same time do not overwrite each other unseen."""
    course.proposed()
    with pytest.raises(IfMatchRequired):
        course.with_account(holder="Another holder")
    course.with_account(if_match=1, holder="Another holder")
    with pytest.raises(StaleVersion):
        course.with_account(if_match=1, holder="A third holder")
    shown = payments.ask(contracts.ReadBankDetails, course.visitor_person, exchange_id=course.exchange_id)
    assert (shown["holder"], shown["version"]) == ("Another holder", 2)


def test_columns_about_persons_say_what_for():
    """Purpose, legal basis and retention; whoever adds one says so."""
    columns = [(table.name, column) for table in Base.metadata.tables.values() for column in table.columns]
    personal = {"actor", "comment", "failure_comment", "override_reason", "claim_reason", "sealed", "masked_account"}
    about = [(table, each) for table, each in columns if each.name.endswith(("_by", "person_id")) or each.name in personal]
    said = {f"{table}.{each.name}" for table, each in about if set(each.info.get("personal", {})) == {"purpose", "basis", "retention"}}
    assert {f"{table}.{each.name}" for table, each in about} - said == {"payment.due_by"}
