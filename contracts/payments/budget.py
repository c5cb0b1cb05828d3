"""The budget in figures: what is planned, agreed, ordered and paid, by partnership and month."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.message import Query, View
from contracts.payments.words import PARTNERSHIP_ID


class BudgetMonth(View):
    """What happened to a partnership's money in one month (UTC), in cents of the euro; what was taken back in it counts below zero.

    `planned` are lump sums computed in that month for exchanges that go on and whose financial agreement is not signed yet; `agreed`,
    `ordered` and `paid` are lines of the ledger. Of exchanges that did not take place nothing is counted.
    """

    partnership_id = fields.UUID(required=True)
    acronym = fields.String(required=True, allow_none=True)
    month = fields.Date(required=True, metadata={"description": "Its first day."})
    planned_minor = fields.Integer(required=True)
    agreed_minor = fields.Integer(required=True)
    ordered_minor = fields.Integer(required=True)
    paid_minor = fields.Integer(required=True)
    currency = fields.String(required=True)

    example: ClassVar = {
        "partnership_id": PARTNERSHIP_ID,
        "acronym": "BLUES",
        "month": "2027-03-01",
        "planned_minor": 78_000,
        "agreed_minor": 156_000,
        "ordered_minor": 117_000,
        "paid_minor": 78_000,
        "currency": "EUR",
    }


class Budget(View):
    """The months in which something happened, by partnership and month."""

    items = fields.List(fields.Nested(BudgetMonth), required=True)

    example: ClassVar = {"items": [BudgetMonth.example]}


class ReadBudget(Query):
    """What is planned, agreed, ordered and paid, by the partnership that pays and by month."""

    service = "payments"
    answers = Budget
    allowed = ("finance", "agreements", "support_officer", "auditor", "administrator")
    rule = "Paying officers and contact points see their own partnerships; the support office, the auditor and administrators see all."

    partnership_id = fields.UUID(load_default=None)
    booked_from = fields.Date(load_default=None, metadata={"description": "What happened on or after this day (UTC)."})
    booked_to = fields.Date(load_default=None, metadata={"description": "What happened on or before this day (UTC)."})

    example: ClassVar = {"booked_from": "2027-01-01"}
