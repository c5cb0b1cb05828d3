"""The list that a partnership hands to its bank: CSV in UTF-8, the same bytes for the same lines."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from uuid import UUID

from services.payments.vault import Account

COLUMNS = (
    "line", "payment", "holder", "street", "house_number", "postcode", "town", "country",
    "iban", "bic", "amount", "currency", "remittance",
)  # fmt: skip
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Order:
    """One line: which payment, of which exchange, to which account, how many cents."""

    payment_id: UUID
    exchange_id: UUID
    account: Account
    amount_minor: int


def csv_list(orders: list[Order]) -> bytes:
    """The list with a heading; cells that a spreadsheet would take for a formula are disarmed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(each) for each in _row(number, order)] for number, order in enumerate(orders, 1))
    return text.getvalue().encode()


def _row(number: int, order: Order) -> list[str]:
    address = [order.account.address[part] for part in ("street", "house_number", "postcode", "town", "country")]
    amount = f"{order.amount_minor // 100}.{order.amount_minor % 100:02d}"
    account = [order.account.account, order.account.bic or ""]
    return [str(number), str(order.payment_id), order.account.holder, *address, *account, amount, "EUR", _remittance(order)]


def _remittance(order: Order) -> str:
    # SEPA takes 140 plain signs; the exchange's id finds the payment again in a bank statement.
    return f"ClusterXchange {order.exchange_id}"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
