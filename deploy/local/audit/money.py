"""One payment and one order at most for each exchange, never more than its lump sum, which both parties signed."""

from __future__ import annotations

from deploy.local.audit.inspection import Inspection
from deploy.local.audit.merging import side_by_side
from deploy.local.audit.verdict import Verdict

SUMS = """
    SELECT p.exchange_id, count(DISTINCT p.id) AS payments, max(p.agreed_minor) AS agreed, min(p.amount_minor) AS amount,
        min(p.state) AS state,
        coalesce(sum(l.amount_minor) FILTER (WHERE l.kind = 'paid'), 0)
            - coalesce(sum(l.amount_minor) FILTER (WHERE l.reverses = 'paid'), 0) AS paid,
        count(*) FILTER (WHERE l.kind = 'paid') AS times_paid,
        count(*) FILTER (WHERE l.kind = 'ordered') - count(*) FILTER (WHERE l.reverses = 'ordered') AS orders,
        coalesce(sum(l.amount_minor) FILTER (WHERE l.kind = 'ordered'), 0)
            - coalesce(sum(l.amount_minor) FILTER (WHERE l.reverses = 'ordered'), 0) AS ordered
    FROM payment p LEFT JOIN ledger_entry l ON l.payment_id = p.id GROUP BY p.exchange_id"""
TOLD = """
    SELECT subject, count(*) FILTER (WHERE type = 'payment_paid') AS times_paid,
        count(*) FILTER (WHERE type = 'payment_ordered') - count(*) FILTER (WHERE type = 'payment_failed') AS orders,
        coalesce(sum((data->'amount'->>'minor')::bigint) FILTER (WHERE type = 'payment_paid'), 0)
            - coalesce(sum((data->'amount'->>'minor')::bigint) FILTER (WHERE type = 'overpayment_recovered'), 0) AS paid
    FROM journal WHERE type IN ('payment_paid', 'payment_ordered', 'payment_failed', 'overpayment_recovered') GROUP BY subject"""
FAULTS = {
    "has {payments} payments": "payments > 1",
    "was paid {paid} cents in all, more than its lump sum of {agreed}": "paid > coalesce(agreed, 0)",
    "has a payment of {amount} cents, more than its lump sum of {agreed}": "amount > coalesce(agreed, 0)",
    "was paid {times_paid} times": "times_paid > 1",
    "has {orders} payment orders": "orders NOT IN (0, 1)",
    "is ordered to be paid {ordered} cents instead of {amount}": "orders = 1 AND ordered IS DISTINCT FROM amount",
    "is '{state}' with {times_paid} payments in the ledger": "(state IN ('paid', 'overpaid', 'recovered')) <> (times_paid = 1)",
    "is '{state}' with {orders} orders in the ledger": """
        (state IN ('ordered', 'exported', 'paid', 'overpaid', 'recovered')) <> (orders = 1)""",
}
COLUMNS = ("exchange_id", "payments", "agreed", "amount", "state", "paid", "times_paid", "orders", "ordered")
DISAGREEING = f"""
    SELECT s.exchange_id, s.paid, s.times_paid, s.orders, t.paid, t.times_paid, t.orders
    FROM ({SUMS}) AS s LEFT JOIN ({TOLD}) AS t ON t.subject = 'exchange/' || s.exchange_id
    WHERE (s.paid, s.times_paid, s.orders) IS DISTINCT FROM (coalesce(t.paid, 0), coalesce(t.times_paid, 0), coalesce(t.orders, 0))"""
SIGNED = """
    SELECT DISTINCT ON (exchange_id) exchange_id::text, (content->'amount'->>'minor')::bigint FROM agreement
    WHERE kind = 'financial_agreement' AND signed_at IS NOT NULL ORDER BY exchange_id, commitment_number DESC, number DESC"""
AGREED = "SELECT exchange_id::text, agreed_minor FROM payment WHERE agreed_minor IS NOT NULL ORDER BY exchange_id"


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """The ledger, the payments and the journal say the same, and it is what was signed."""
    books = inspection.books
    verdict.count("payments", books.number("payments", "SELECT count(*) FROM payment"))
    verdict.count("paid", books.number("payments", "SELECT count(*) FROM ledger_entry WHERE kind = 'paid'"))
    for sentence, condition in FAULTS.items():
        for row in books.rows("payments", f"SELECT {', '.join(COLUMNS)} FROM ({SUMS}) AS sums WHERE {condition}"):
            named = dict(zip(COLUMNS, row, strict=True))
            verdict.find(f"payments: exchange {named['exchange_id']} {sentence.format(**named)}")
    for exchange, paid, times, orders, *told in books.rows("payments", DISAGREEING):
        verdict.find(f"payments: the ledger of exchange {exchange} says paid {paid} in {times}, orders {orders}; its journal {told}")
    _compare_with_signed(inspection, verdict)


def _compare_with_signed(inspection: Inspection, verdict: Verdict) -> None:
    signed, agreed = inspection.books.rows("agreements", SIGNED), inspection.books.rows("payments", AGREED)
    for exchange, texts, sums in side_by_side(signed, agreed):
        text, amount = (side[0][0] if side else None for side in (texts, sums))
        if text != amount and not (inspection.busy and amount is None):
            verdict.find(f"payments: exchange {exchange} has the lump sum {amount}, and the financial agreement signed last says {text}")
