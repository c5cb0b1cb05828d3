"""Doors to the payment lists."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from chassis.bare.message import new_id
from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Unit
from contracts.payments import ExportBatch, ListBatches, ReadBatch, ReadBatchFile
from contracts.payments.refusals import NothingToExport
from services.payments import queries
from services.payments.doors.frame import Doors
from services.payments.listing import Order, csv_list
from services.payments.model import MOST_LINES, Batch, Payment
from services.payments.vault import Vault, open_vault


class BatchDoors(Doors):
    """Making a list, and handing its file out on the record."""

    @answers(ExportBatch)
    def export_batch(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """What is ordered, on a new list."""
        vault = open_vault()
        with self.unit() as unit:
            partnership = queries.partnership(unit, request["partnership_id"], paid_by=who)
            payments = _to_export(unit, partnership.id, who)
            number = queries.next_number(unit, partnership.id)
            batch = Batch(id=new_id(), partnership_id=partnership.id, number=number, created_by=who.person, created_at=unit.now)
            content = csv_list([_order(vault, payment) for payment in payments])
            batch.enter(payments, len(content), vault.seal_list(content, batch.id))
            unit.session.add(batch)
            unit.announce([payment.export(by=who, at=unit.now, batch_id=batch.id) for payment in payments])
            unit.announce(batch.exported())
            return unit.reply(batch)

    @answers(ListBatches)
    def list_batches(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Lists, the newest first."""
        with self.unit() as unit:
            return unit.reply(queries.batches(unit, who, request))

    @answers(ReadBatch)
    def read_batch(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """One list."""
        with self.unit() as unit:
            return unit.reply(queries.batch(unit, request["batch_id"], seen_by=who))

    @answers(ReadBatchFile)
    def read_batch_file(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The file, byte for byte; everybody on it can see who fetched it."""
        with self.unit(traced=True) as unit:
            batch = queries.own_batch(unit, request["batch_id"], paid_by=who)
            for details in queries.accounts_on(unit, batch):
                details.record_access(who.person, unit.now, "list")
            unit.announce(batch.fetched())
            return unit.reply(_file(batch))


def _file(batch: Batch) -> dict[str, Any]:
    content = open_vault().open_list(batch.file, batch.id)
    digest = hashlib.sha256(content).hexdigest()
    return {"sha256": digest, "name": batch.file_name, "media_type": "text/csv", "size": batch.size, "content": content.decode()}


def _to_export(unit: Unit, partnership_id: UUID, who: Principal) -> list[Payment]:
    ordered = [exchange.payment for exchange in queries.ordered(unit, partnership_id)]
    payments = [payment for payment in ordered if "export" in payment.open_moves(who)][:MOST_LINES]
    if not payments:
        raise NothingToExport
    return payments


def _order(vault: Vault, payment: Payment) -> Order:
    details = payment.exchange.bank_details
    if details is None:
        raise ValueError("an ordered payment has bank details")
    account = vault.open(details.content, details.exchange_id)
    return Order(payment.id, payment.exchange_id, account, payment.due_amount)
