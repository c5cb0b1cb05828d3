"""Payment lists: what a partnership hands to its bank, each kept as the very bytes it was made of."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Instant, Whole
from chassis.bare.files import SmallDownload
from chassis.bare.message import Command, Event, PageQuery, Query, View, page_of
from contracts.payments.refusals import BatchNotFound, NothingToExport, PartnershipNotFound
from contracts.payments.words import BATCH_ID, EURO_390, EXCHANGE_ID, PARTNERSHIP_ID, PAYMENT_ID, PERSON_ID
from contracts.words import Money

READERS = ("finance", "support_officer", "auditor")
OWN_LISTS = "Paying officers, of their own partnership; the support office; auditors."


class BatchLineView(View):
    """One payment on a list."""

    payment_id = fields.UUID(required=True)
    exchange_id = fields.UUID(required=True)
    amount = Money(required=True)
    masked_account = fields.String(required=True)

    example: ClassVar = {
        "payment_id": PAYMENT_ID,
        "exchange_id": EXCHANGE_ID,
        "amount": EURO_390,
        "masked_account": "PT50 **** 0154",
    }


class BatchSummary(View):
    """A payment list in a list: how many payments, their sum, and the size of its file in bytes."""

    batch_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    created_at = Instant(required=True)
    created_by = fields.UUID(required=True)
    size = Whole(required=True)
    count = Whole(1, required=True)
    total = Money(required=True)

    example: ClassVar[dict[str, Any]] = {
        "batch_id": BATCH_ID,
        "partnership_id": PARTNERSHIP_ID,
        "number": 1,
        "created_at": "2027-04-03T09:00:00Z",
        "created_by": PERSON_ID,
        "size": 412,
        "count": 1,
        "total": EURO_390,
    }


class BatchView(BatchSummary):
    """A payment list with its lines, without account numbers."""

    lines = fields.List(fields.Nested(BatchLineView), required=True)

    example: ClassVar[dict[str, Any]] = {**BatchSummary.example, "lines": [BatchLineView.example]}


BatchPage = page_of(BatchSummary)


class ExportBatch(Command):
    """Put the ordered payments of a partnership that go to an IBAN on a new list; no payment is ever on two.

    At most 200, those due first; a further list takes the rest.
    """

    service = "payments"
    answers = BatchView
    allowed = ("finance",)
    rule = "Paying officers, of their own partnership."
    fresh = True
    refusals = (PartnershipNotFound, NothingToExport)

    partnership_id = fields.UUID(required=True)

    example: ClassVar = {"partnership_id": PARTNERSHIP_ID}


class ListBatches(PageQuery):
    """Payment lists, the newest first."""

    service = "payments"
    answers = BatchPage
    allowed = READERS
    rule = OWN_LISTS

    partnership_id = fields.UUID(load_default=None)
    made_from = fields.Date(load_default=None, metadata={"description": "Made on or after this day (UTC)."})
    made_to = fields.Date(load_default=None, metadata={"description": "Made on or before this day (UTC)."})

    example: ClassVar = {"partnership_id": PARTNERSHIP_ID}


class ReadBatch(Query):
    """One payment list."""

    service = "payments"
    answers = BatchView
    allowed = READERS
    rule = OWN_LISTS
    refusals = (BatchNotFound,)

    batch_id = fields.UUID(required=True)

    example: ClassVar = {"batch_id": BATCH_ID}


class ReadBatchFile(Query):
    """The list as CSV with full account numbers, byte for byte as first made; every fetch is recorded per account."""

    service = "payments"
    answers = SmallDownload
    file_types = ("text/csv",)
    allowed = ("finance",)
    rule = "Paying officers, of their own partnership."
    refusals = (BatchNotFound,)

    batch_id = fields.UUID(required=True)

    example: ClassVar = {"batch_id": BATCH_ID}


class BatchExported(Event):
    """A payment list was made."""

    service = "payments"
    subject_kind = "payment_batch"
    tells = ("payment-batches:{batch_id}",)
    concerns = ("finance@partnership_id", "support_officer", "auditor")

    batch_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True)
    total = Money(required=True)

    example: ClassVar = {"batch_id": BATCH_ID, "partnership_id": PARTNERSHIP_ID, "total": EURO_390}


class BatchFetched(Event):
    """The file of a payment list was fetched."""

    service = "payments"
    subject_kind = "payment_batch"

    batch_id = fields.UUID(required=True)

    example: ClassVar = {"batch_id": BATCH_ID}
