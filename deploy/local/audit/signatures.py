"""Every signature covers the text that stands, and the parties who signed are the parties of the exchange, each once."""

from __future__ import annotations

import hashlib
from typing import Any

from deploy.local.audit.inspection import Inspection
from deploy.local.audit.merging import side_by_side
from deploy.local.audit.verdict import Verdict

PARTIES = {
    "commitment_to_quality": {"visitor", "host", "visitor_partnership", "host_partnership"},
    "financial_agreement": {"visitor", "visitor_partnership"},
}
TEXTS = """
    SELECT a.exchange_id, a.kind, a.number, a.parties, a.text, a.text_digest, a.signed_at,
        json_build_object('visitor', e.visitor_organisation_id, 'host', e.host_organisation_id,
            'visitor_partnership', e.visitor_partnership_id, 'host_partnership', e.host_partnership_id),
        coalesce((SELECT json_agg(json_build_array(s.party, s.place_id, s.text_digest)) FROM signature s WHERE s.agreement_id = a.id), '[]')
    FROM agreement a JOIN exchange e ON e.id = a.exchange_id ORDER BY a.exchange_id, a.kind, a.number"""
UNSIGNED = """
    SELECT e.id, e.state, k.kind FROM exchange e CROSS JOIN (VALUES ('commitment_to_quality'), ('financial_agreement')) AS k (kind)
    WHERE (e.state = ANY(%(ready)s) OR (e.state = 'signed' AND k.kind = 'commitment_to_quality')) AND NOT EXISTS (
        SELECT FROM agreement a WHERE a.exchange_id = e.id AND a.kind = k.kind
            AND a.commitment_number = e.signed_number AND a.signed_at IS NOT NULL)"""
AFTER_SIGNING = ["ready", "running", "ended", "report_submitted", "report_returned", "report_validated", "terminated", "no_show"]
GIVEN = """
    SELECT * FROM (SELECT concat_ws(' ', a.exchange_id, a.kind, a.number, s.party, s.text_digest) FROM signature s
        JOIN agreement a ON a.id = s.agreement_id) AS given (key) ORDER BY key COLLATE "C" """
TOLD = """
    SELECT * FROM (SELECT concat_ws(' ', data->>'exchange_id', data->>'kind', data->>'version', data->>'party', data->>'text_digest')
        FROM journal WHERE type = 'signature_given') AS told (key) ORDER BY key COLLATE "C" """


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """Texts with their signatures, the signatures with their journal rows, and that nothing began unsigned."""
    books = inspection.books
    for exchange, kind, number, *rest in books.rows("agreements", TEXTS):
        verdict.count("texts")
        verdict.count("signatures", len(rest[-1]))
        for fault in _faults(kind, *rest):
            verdict.find(f"agreements: {kind} {number} of exchange {exchange} {fault}")
    for exchange, state, kind in books.rows("agreements", UNSIGNED, {"ready": AFTER_SIGNING}):
        verdict.find(f"agreements: exchange {exchange} is '{state}', and its {kind} is not signed by all")
    for key, there, told in side_by_side(books.rows("agreements", GIVEN), books.rows("agreements", TOLD)):
        if len(there) != len(told):
            verdict.find(f"agreements: signature {key} is there {len(there)} times and was announced {len(told)} times")


def _faults(
    kind: str, parties: list[str], text: str, digest: str, signed_at: Any, places: dict[str, str], signatures: list[list[str]]
) -> list[str]:
    faults = []
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        faults.append("was altered: its text has another digest")
    if set(parties) != PARTIES[kind]:
        faults.append(f"has the parties {', '.join(parties)}")
    for party, place, of in signatures:
        if of != digest:
            faults.append(f"is signed by the {party} under another text")
        if places.get(party) != place:
            faults.append(f"is signed for the {party} by somebody else ({place})")
    signed = {party for party, _, _ in signatures}
    if len(signed) < len(signatures):
        faults.append("is signed twice by one party")
    if (signed == set(parties)) != (signed_at is not None):
        faults.append(
            f"is {'' if signed_at else 'not '}said to be signed by all, with signatures of {', '.join(sorted(signed)) or 'nobody'}"
        )
    return faults
