"""Doors to the bank details."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers
from contracts.payments import DiscloseAccount, GiveBankDetails, ReadBankDetails
from contracts.payments.refusals import BankDetailsNotGiven
from services.payments import queries, shown
from services.payments.doors.frame import Doors, settle
from services.payments.model import BankDetails, Exchange
from services.payments.vault import Account, open_vault


class BankDetailsDoors(Doors):
    """Giving, reading masked, and disclosing on the record."""

    @answers(GiveBankDetails)
    def give_bank_details(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Give or replace the account."""
        account = _account(request)
        vault = open_vault()
        sealed = vault.seal(account, request["exchange_id"])
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            former = vault.open(exchange.bank_details.content, exchange.id) if exchange.bank_details else None
            if former not in (None, account):
                unit.expect(exchange.bank_details)
            unit.announce(exchange.give_bank_details(account, sealed, by=who, at=unit.now, former=former))
            settle(unit, exchange)
            unit.session.flush()
            return unit.reply(shown.bank_details(_details(exchange), account))

    @answers(ReadBankDetails)
    def read_bank_details(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The account, masked."""
        with self.unit() as unit:
            details = _details(queries.exchange(unit, request["exchange_id"], seen_by=who))
            return unit.reply(shown.bank_details(details, open_vault().open(details.content, details.exchange_id)))

    @answers(DiscloseAccount)
    def disclose_account(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The account in full, for a paying officer."""
        with self.unit() as unit:
            details = _details(queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True))
            unit.announce(details.disclose(by=who, at=unit.now))
            account = open_vault().open(details.content, details.exchange_id)
            return unit.reply({"exchange_id": details.exchange_id, "account": account.account})


def _account(request: dict[str, Any]) -> Account:
    number = request["iban"] or request["other_account"]
    return Account(number, request["iban"] is None, request["bic"], request["holder"], request["address"])


def _details(exchange: Exchange) -> BankDetails:
    if exchange.bank_details is None:
        raise BankDetailsNotGiven
    return exchange.bank_details
