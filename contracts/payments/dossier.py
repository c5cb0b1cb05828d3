"""What payments adds to the dossier of an exchange, which agreements puts together for auditors and the support office."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice
from chassis.bare.message import SERVICES, Query, View
from contracts.payments.assistance import AssistanceView
from contracts.payments.bank_details import BankDetailsView
from contracts.payments.evidence import EvidenceList
from contracts.payments.payment import PaymentDetail
from contracts.payments.refusals import ExchangeNotFound
from contracts.payments.words import EXCHANGE_ID, PERSON_ID

DOSSIER_READERS = ("auditor", "support_officer")


class ExchangeMoney(View):
    """All money of an exchange: the lump sum of each version, the account masked, the evidence, the payment with its ledger.

    Whether another base was asked for is not told: a factor says that the paying officer decided it, and nothing else.
    """

    exchange_id = fields.UUID(required=True)
    assistances = fields.List(fields.Nested(AssistanceView), required=True)
    bank_details = fields.Nested(BankDetailsView, required=True, allow_none=True)
    evidence = fields.Nested(EvidenceList, required=True)
    payment = fields.Nested(PaymentDetail, required=True)

    example: ClassVar[dict[str, Any]] = {
        "exchange_id": EXCHANGE_ID,
        "assistances": [AssistanceView.example],
        "bank_details": BankDetailsView.example,
        "evidence": EvidenceList.example,
        "payment": PaymentDetail.example,
    }


class ReadExchangeMoney(Query):
    """Read all money of an exchange for its dossier; for services only, and recorded as read by that person."""

    service = "payments"
    answers = ExchangeMoney
    allowed = (SERVICES,)
    asked_by = ("agreements",)
    refusals = (ExchangeNotFound,)

    exchange_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    role = Choice(DOSSIER_READERS, required=True)

    example: ClassVar = {"exchange_id": EXCHANGE_ID, "person_id": PERSON_ID, "role": "auditor"}
