"""Accounts are sealed, bound to their exchange, and open with the key they were sealed with; lists disarm formulas."""

from __future__ import annotations

import base64
import csv
import io
import os
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from chassis.bare.config import WrongSetting
from chassis.bare.refusals import InvalidFields
from contracts.payments import GiveBankDetails
from services.payments.listing import FORMULA_SIGNS, Order, csv_list
from services.payments.vault import Account, Sealed, Vault, open_vault
from tests.payments.exchanges import ADDRESS, account

EXCHANGE = uuid4()


def key():
    """A fresh key as it stands in the file."""
    return base64.b64encode(os.urandom(32)).decode()


@pytest.fixture
def key_file(tmp_path):
    """A key file with one key."""
    (tmp_path / "keys").write_text(key())
    return tmp_path / "keys"


def test_a_sealed_account_opens_again_and_shows_nothing(key_file):
    """Number, holder and address are inside."""
    sealed = Vault(key_file).seal(account(), EXCHANGE)
    assert Vault(key_file).open(sealed, EXCHANGE) == account()
    assert b"0154" not in sealed.content and b"Harbour" not in sealed.content


def test_an_account_opens_for_its_own_exchange_only(key_file):
    """Rows cannot be swapped in the database."""
    sealed = Vault(key_file).seal(account(), EXCHANGE)
    with pytest.raises(InvalidTag):
        Vault(key_file).open(sealed, uuid4())


def test_a_list_opens_again_for_itself_only(key_file):
    """Neither for another list nor as the account of an exchange with the same id."""
    vault, batch_id = Vault(key_file), uuid4()
    sealed = vault.seal_list(b"line,payment\r\n", batch_id)
    assert vault.open_list(sealed, batch_id) == b"line,payment\r\n" and b"payment" not in sealed.content
    for open_it in (lambda: vault.open_list(sealed, uuid4()), lambda: vault.open(sealed, batch_id)):
        with pytest.raises(InvalidTag):
            open_it()


def test_an_altered_account_does_not_open(key_file):
    """Not by one bit."""
    sealed = Vault(key_file).seal(account(), EXCHANGE)
    altered = Sealed(sealed.key_id, sealed.content[:-1] + bytes([sealed.content[-1] ^ 1]))
    with pytest.raises(InvalidTag):
        Vault(key_file).open(altered, EXCHANGE)


def test_a_new_key_seals_and_the_old_one_still_opens(key_file):
    """Keys are changed by adding a line."""
    old = Vault(key_file).seal(account(), EXCHANGE)
    key_file.write_text(key_file.read_text() + "\n" + key())
    new = Vault(key_file).seal(account(), EXCHANGE)
    assert old.key_id != new.key_id
    assert Vault(key_file).open(old, EXCHANGE) == Vault(key_file).open(new, EXCHANGE)


def test_a_lost_key_is_said(key_file):
    """Not as a traceback about bytes."""
    sealed = Vault(key_file).seal(account(), EXCHANGE)
    key_file.write_text(key())
    with pytest.raises(WrongSetting, match=sealed.key_id):
        Vault(key_file).open(sealed, EXCHANGE)


@pytest.mark.parametrize("content", ["", "not base64!", base64.b64encode(b"too short").decode()])
def test_a_key_file_that_cannot_be_used_is_said(key_file, content):
    """Empty, not base64, of another length."""
    key_file.write_text(content)
    with pytest.raises(WrongSetting):
        Vault(key_file)


def test_a_missing_key_file_is_said(tmp_path, monkeypatch):
    """Unset, or not there."""
    monkeypatch.delenv("FIELD_KEY_FILE", raising=False)
    with pytest.raises(WrongSetting):
        open_vault()
    monkeypatch.setenv("FIELD_KEY_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(WrongSetting):
        open_vault()


@pytest.mark.parametrize(
    ("number", "by_hand", "masked"), [("PT50000201231234567890154", False, "PT50 **** 0154"), ("Account 12, Bank", True, "**** (by hand)")]
)
def test_an_account_is_masked(number, by_hand, masked):
    """Enough to recognise one's own, too little to use."""
    assert Account(number, by_hand, None, "A", ADDRESS).masked == masked


@pytest.mark.parametrize(
    "change",
    [
        {"iban": "PT50000201231234567890155"}, {"iban": "XX00"}, {"iban": None}, {"other_account": "Account 12"},
        {"bic": "NOTABIC"}, {"address": {"street": "Rua"}}, {"holder": ""},
    ],
)  # fmt: skip
def test_wrong_bank_details_are_refused(change):
    """Check digits, form, neither or both accounts, an address not in parts; the number itself is not repeated."""
    with pytest.raises(InvalidFields) as refusal:
        GiveBankDetails.read(GiveBankDetails.example | change)
    assert "00020123" not in str(refusal.value.details)


def test_blanks_in_an_iban_are_dropped():
    """As people copy it from paper."""
    read = GiveBankDetails.read(GiveBankDetails.example | {"iban": "pt50 0002 0123 1234 5678 9015 4"})
    assert read["iban"] == "PT50000201231234567890154"


def order(**changes):
    """One line of a list."""
    values = {"account": "PT50000201231234567890154", "by_hand": False, "bic": "BCOMPTPL", "holder": "Blue Harbour", "address": ADDRESS}
    return Order(EXCHANGE, EXCHANGE, Account(**values | changes), 39050)


def test_a_list_has_a_line_for_each_order():
    """With the full number, the amount with two decimals and the structured address."""
    [line] = csv.DictReader(io.StringIO(csv_list([order()]).decode()))
    assert (line["line"], line["iban"], line["amount"], line["currency"], line["town"]) == (
        "1",
        "PT50000201231234567890154",
        "390.50",
        "EUR",
        "Porto",
    )
    assert line["remittance"] == f"ClusterXchange {EXCHANGE}"


@given(st.text(min_size=1, max_size=40).filter(lambda text: "\x00" not in text))
def test_no_cell_begins_like_a_formula(holder):
    """Whatever somebody calls itself."""
    text = csv_list([order(holder=holder)]).decode()
    [_, row] = csv.reader(io.StringIO(text, newline=""))
    assert not any(cell.startswith(FORMULA_SIGNS) for cell in row)
    assert row[2] in (holder, f"'{holder}")


def test_the_same_orders_make_the_same_bytes():
    """So that a list can be compared with itself."""
    assert csv_list([order(), order()]) == csv_list([order(), order()])
