"""Where the lump sum is paid to: kept encrypted, shown masked, told in full to a paying officer alone, on the record."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from chassis.bare.fields import Choice, Instant, Text
from chassis.bare.message import Command, Contract, Query, View
from chassis.bare.refusals import MoveNotYours
from contracts.payments.assistance import READERS, THOSE_WITH_THE_MONEY
from contracts.payments.refusals import BankDetailsNotGiven, BankDetailsSettled, ExchangeNotFound
from contracts.payments.words import EXCHANGE_ID, PERSON_ID
from contracts.words import Country

ACCESS_PURPOSES = {
    "list": "The account stood on a payment list that was fetched",
    "check": "A paying officer looked at the account to check it",
    "evidence": "A file of evidence was fetched",
    "dossier": "The account, masked, was read in the exchange's dossier",
}
# The registry's own example numbers: nobody's account.
EXAMPLE_IBAN, EXAMPLE_BIC = "PT50000201231234567890154", "BCOMPTPL"


class Iban(Text):
    """An IBAN: length, country's form and check digits are verified; blanks are dropped."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return str(IBAN(text, validate_bban=False).compact)
        except SchwiftyException as error:
            # The number itself is not repeated: answers are logged and kept.
            raise ValidationError("This is not an IBAN: check its length, country and digits.") from error


class Bic(Text):
    """A BIC of 8 or 11 signs."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return str(BIC(text).compact)
        except SchwiftyException as error:
            raise ValidationError("This is not a BIC: it has 8 or 11 letters and digits.") from error


class AccountAddress(Contract):
    """The account holder's address in parts: since 15 November 2026 SEPA refuses unstructured ones."""

    street = Text(70, required=True)
    house_number = Text(16, required=True)
    postcode = Text(16, required=True)
    town = Text(35, required=True)
    country = Country(required=True)

    example: ClassVar = {"street": "Rua do Porto", "house_number": "7", "postcode": "4050-123", "town": "Porto", "country": "PT"}


class AccessView(View):
    """Who saw a full account number, a file of evidence or the dossier with the masked account, when and what for."""

    person_id = fields.UUID(required=True)
    at = Instant(required=True)
    purpose = Choice(ACCESS_PURPOSES, required=True)

    example: ClassVar = {"person_id": PERSON_ID, "at": "2027-04-02T09:00:00Z", "purpose": "list"}


class BankDetailsView(View):
    """Bank details with the account number masked, and who saw it in full."""

    exchange_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    masked_account = fields.String(required=True)
    by_hand = fields.Boolean(required=True, metadata={"description": "An account without IBAN, paid by hand."})
    bic = fields.String(required=True, allow_none=True)
    holder = fields.String(required=True)
    address = fields.Nested(AccountAddress, required=True)
    given_by = fields.UUID(required=True)
    given_at = Instant(required=True)
    accesses = fields.List(fields.Nested(AccessView), required=True)
    can_change = fields.Boolean(required=True)

    example: ClassVar = {
        "exchange_id": EXCHANGE_ID,
        "version": 1,
        "masked_account": "PT50 **** 0154",
        "by_hand": False,
        "bic": EXAMPLE_BIC,
        "holder": "Blue Harbour Cluster",
        "address": AccountAddress.example,
        "given_by": PERSON_ID,
        "given_at": "2027-02-01T09:00:00Z",
        "accesses": [],
        "can_change": True,
    }


class GiveBankDetails(Command):
    """Give or replace the bank details of an exchange; possible until the payment is ordered, and everybody concerned is told.

    Another account than the one given needs the version that was read; the same one again needs none, and changes nothing.

    Either an `iban`, or `other_account` in words for an account without one, which is then paid by hand.
    """

    service = "payments"
    answers = BankDetailsView
    allowed = ("representative",)
    rule = "Representatives of the visiting organisation."
    # Without a key no answer is kept: a kept one would hold name and address in the clear. The same account again changes nothing.
    keyed = False
    if_match_again = True
    fresh = True
    refusals = (ExchangeNotFound, BankDetailsSettled, MoveNotYours)

    exchange_id = fields.UUID(required=True)
    iban = Iban(50, load_default=None, allow_none=True)
    bic = Bic(11, load_default=None, allow_none=True)
    other_account = Text(300, load_default=None, allow_none=True, lines=True)
    holder = Text(140, required=True)
    address = fields.Nested(AccountAddress, required=True)

    example: ClassVar = {
        "exchange_id": EXCHANGE_ID,
        "iban": EXAMPLE_IBAN,
        "bic": EXAMPLE_BIC,
        "holder": "Blue Harbour Cluster",
        "address": AccountAddress.example,
    }

    @validates_schema
    def _one_account(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("iban")) == bool(data.get("other_account")):
            raise ValidationError("Give either an IBAN or another account.", "iban")


class ReadBankDetails(Query):
    """The bank details of an exchange, masked."""

    service = "payments"
    answers = BankDetailsView
    allowed = READERS
    rule = THOSE_WITH_THE_MONEY
    refusals = (ExchangeNotFound, BankDetailsNotGiven)

    exchange_id = fields.UUID(required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}


class AccountView(View):
    """The account in full."""

    exchange_id = fields.UUID(required=True)
    account = fields.String(required=True, metadata={"description": "The IBAN, or the other account in words."})

    example: ClassVar = {"exchange_id": EXCHANGE_ID, "account": EXAMPLE_IBAN}


class DiscloseAccount(Command):
    """See the account in full; that it was seen is recorded and shown to the visiting organisation."""

    service = "payments"
    answers = AccountView
    allowed = ("finance",)
    rule = "Paying officers of the visitor's partnership."
    # Without a key no answer is kept: a kept one would hold the account number in the clear.
    keyed = False
    fresh = True
    refusals = (ExchangeNotFound, BankDetailsNotGiven, MoveNotYours)

    exchange_id = fields.UUID(required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID}
