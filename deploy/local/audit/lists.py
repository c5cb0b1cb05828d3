"""One line on one payment list for each order; and each list still is, byte for byte, what was exported."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from deploy.local.audit.inspection import Inspection
from deploy.local.audit.verdict import Verdict
from deploy.local.unusable import Unusable

NONCE_BYTES = 12
BOUND_TO = b"payment list"
"""A list is sealed with AES-GCM, bound to these words and its id: it opens only as the very bytes that were exported."""

FAULTS = {
    "order {1} of payment {0} stands on lists {2} times": """
        SELECT payment_id, attempt, count(*) FROM payment_batch_line GROUP BY payment_id, attempt HAVING count(*) > 1""",
    "payment {0} stands with {1} cents on list {2}, and is {3} cents": """
        SELECT p.id, l.amount_minor, l.batch_id, p.amount_minor FROM payment_batch_line l JOIN payment p ON p.id = l.payment_id
        WHERE l.attempt = p.attempt AND l.amount_minor IS DISTINCT FROM p.amount_minor""",
    "payment {0} is '{1}' on list {2}, which has no line for it": """
        SELECT p.id, p.state, p.batch_id FROM payment p WHERE p.batch_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM payment_batch_line l WHERE (l.payment_id, l.attempt, l.batch_id) = (p.id, p.attempt, p.batch_id))""",
    "payment {0} is exported, and stands on no list": "SELECT id FROM payment WHERE state = 'exported' AND batch_id IS NULL",
    "list {0} says {1} lines and {2} cents, and has {3} and {4}": """
        SELECT b.id, b.count, b.total_minor, count(l.batch_id), coalesce(sum(l.amount_minor), 0)
        FROM payment_batch b LEFT JOIN payment_batch_line l ON l.batch_id = b.id
        GROUP BY b.id HAVING (b.count, b.total_minor) <> (count(l.batch_id), coalesce(sum(l.amount_minor), 0))""",
    "partnership {0} has {1} lists, the last one numbered {2}": """
        SELECT partnership_id, count(*), max(number) FROM payment_batch GROUP BY partnership_id HAVING count(*) <> max(number)""",
}
LISTS = "SELECT id, key_id, sealed, size FROM payment_batch ORDER BY partnership_id, number"
LINES = "SELECT position, payment_id, amount_minor FROM payment_batch_line WHERE batch_id = %s ORDER BY position"


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """Look at the lines, then open every list. Raises Unusable when there are lists and no key file to open them."""
    for sentence, statement in FAULTS.items():
        for row in inspection.books.rows("payments", statement):
            verdict.find(f"payments: {sentence.format(*row)}")
    keys: dict[str, AESGCM] | None = None
    for batch, key_id, sealed, size in inspection.books.rows("payments", LISTS):
        verdict.count("lists")
        keys = keys if keys is not None else _keys(inspection.place.field_key_file)
        lines = list(inspection.books.rows("payments", LINES, [batch]))
        verdict.count("lines", len(lines))
        for fault in _faults(keys.get(key_id), batch, bytes(sealed), size, lines):
            verdict.find(f"payments: list {batch} {fault}")


def _faults(key: AESGCM | None, batch: Any, sealed: bytes, size: int, lines: list[tuple[Any, ...]]) -> list[str]:
    if key is None:
        return ["is sealed with a key that the key file does not hold"]
    try:
        content = key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], BOUND_TO + _bytes(batch))
    except InvalidTag:
        return ["was altered after it was exported"]
    faults = [] if len(content) == size else [f"has {len(content)} bytes instead of {size}"]
    written = [(int(row["line"]), row["payment"], _cents(row["amount"])) for row in csv.DictReader(io.StringIO(content.decode()))]
    if written != [(position, str(payment), amount) for position, payment, amount in lines]:
        faults.append("does not say what its lines say")
    return faults


def _bytes(batch: Any) -> bytes:
    return bytes.fromhex(str(batch).replace("-", ""))


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))


def _keys(file: Path) -> dict[str, AESGCM]:
    """The keys of the file, by the first signs of their own hash."""
    try:
        keys = [base64.b64decode(line) for line in file.read_text().split()]
    except (OSError, ValueError) as reason:
        raise Unusable(f"payment lists cannot be opened: {file} cannot be read ({reason}); name payments' FIELD_KEY_FILE.") from reason
    return {hashlib.sha256(key).hexdigest()[:12]: AESGCM(key) for key in keys}
