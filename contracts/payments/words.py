"""The closed lists of payments: states, kinds, reasons; codes for programs with what they mean beside them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Text
from chassis.bare.message import View

EXCHANGE_ID = "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a01"
PAYMENT_ID = "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a02"
EVIDENCE_ID = "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a03"
BATCH_ID = "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a04"
PERSON_ID = "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a05"
PARTNERSHIP_ID = "5b1f6a52-0d0a-4b5b-9c55-2f4d6c1e7a06"
EURO_390: dict[str, Any] = {"minor": 39000, "currency": "EUR"}

PAYMENT_STATES = {
    "awaiting": "Something is still missing; `waiting_for` says what",
    "payable": "All is there: a paying officer can propose it",
    "proposed": "Proposed by one person; a second one approves it",
    "ordered": "Approved by two persons; waits for a payment list, or to be paid by hand",
    "exported": "On a payment list for the bank",
    "paid": "Paid",
    "failed": "The bank returned it",
    "nothing_due": "Too few working days were confirmed",
    "void": "The exchange did not take place",
    "overpaid": "Paid, and a part is claimed back",
    "recovered": "What was claimed back has come in",
}

WAITING_FOR = {
    "financial_agreement": "the financial agreement signed by both parties",
    "bank_details": "the visiting organisation's bank details",
    "days_confirmed": "the days present, confirmed by the host",
    "report": "the closing report validated by the visitor's partnership",
    "evidence": "the evidence accepted by the visitor's partnership",
}
"""What a payment may still lack."""

PILES = {
    "review": "A file of evidence waits for the paying officer; by the day on which evidence has to be handed in",
    "evidence": "Agreed on, and the visitor has to hand in evidence; by that day, too",
    **{state: PAYMENT_STATES[state] for state in ("payable", "proposed", "ordered", "exported", "failed", "overpaid")},
}
"""What a paying officer's desk is sorted into, in the order in which a payment goes through it."""

EVIDENCE_KINDS = {
    "boarding_pass": "Boarding pass",
    "travel_invoice": "Invoice or ticket of the journey",
    "accommodation_invoice": "Invoice of the accommodation",
    "other": "Something else",
}

EVIDENCE_STATES = {
    "uploaded": "Waits for the paying officer",
    "accepted": "Accepted",
    "returned": "Returned with a reason; another file is needed",
    "withdrawn": "Taken back by the visiting organisation",
}

RETURN_REASONS = {
    "unreadable": "The file cannot be read",
    "wrong_document": "It is not a document of this kind",
    "wrong_dates": "It does not cover the dates of the exchange",
    "wrong_person": "It does not name a traveller of this exchange",
    "other": "Another reason, given as a comment",
}
"""Why evidence is returned."""

FAILURE_REASONS = {
    "wrong_account": "The account does not exist or is not the holder's",
    "account_closed": "The account is closed or blocked",
    "rejected_by_bank": "The bank rejected the order",
    "other": "Another reason, given as a comment",
}
"""Why a payment failed."""

REFUSED_AMOUNTS = {
    "no_rate_for_country": "No amount is listed for the host's country on this day",
    "too_few_working_days": "The stay has fewer working days than are paid for",
}
"""Why no assistance can be computed."""

LEDGER_KINDS = {
    "agreed": "The financial agreement on it was signed",
    "due": "All that a payment needs is there",
    "ordered": "Approved by the second person",
    "paid": "Paid",
    "reversed": "Takes back an earlier entry",
}

SUPPLEMENT_STATES = {
    "requested": "Waits for the paying officer",
    "granted": "The paying officer decided the base",
    "declined": "The listed base applies",
    "withdrawn": "Taken back by the visiting organisation",
}


class Factor(View):
    """One figure that led to the amount: its name, its value as text with the unit, and its source."""

    name = Text(200, required=True)
    value = Text(100, required=True)
    source = Text(300, required=True)

    example: ClassVar = {"name": "base for PT", "value": "780.00 EUR", "source": "assumption: sister programme"}


def moves_field() -> fields.List:
    """The field `moves`: what the viewer may do now."""
    return fields.List(fields.String(), required=True, metadata={"description": "The moves you may make now."})
