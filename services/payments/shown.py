"""How payments shows its things: what the model holds, and the moves that the viewer may make now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.bare.principal import Principal
from services.payments.model import BankDetails, Evidence, Exchange, Payment, Supplement
from services.payments.vault import Account

OF_PAYMENT = (
    "payment_id", "exchange_id", "state", "version", "agreed", "amount", "due_by", "proposed_by", "approved_by", "batch_id", "reference",
    "paid_on", "failure", "failure_comment", "claimed_back", "claim_reason", "override_reason",
)  # fmt: skip
OF_EVIDENCE = (
    "evidence_id", "exchange_id", "kind", "state", "name", "media_type", "size", "uploaded_by", "uploaded_at", "reason", "comment", "accesses",
)  # fmt: skip


def payment(shown: Payment, who: Principal, names: dict[UUID, str]) -> dict[str, Any]:
    """A payment as somebody sees it; `names` are the visitors' by participation."""
    exchange = shown.exchange
    details = exchange.bank_details
    return {name: getattr(shown, name) for name in OF_PAYMENT} | {
        "partnership_id": exchange.visitor_partnership_id,
        "visitor_organisation_id": exchange.visitor_organisation_id,
        "visitor_name": names.get(exchange.visitor_participation_id),
        "moves": shown.open_moves(who),
        "waiting_for": exchange.waiting_for() if shown.state == "awaiting" else [],
        "days_present": exchange.days_present,
        "evidence_due_on": exchange.evidence_due_on,
        "masked_account": details.masked_account if details else None,
        "by_hand": details.by_hand if details else None,
    }


def bank_details(shown: BankDetails, account: Account) -> dict[str, Any]:
    """Bank details with the account masked."""
    return {
        "exchange_id": shown.exchange_id,
        "version": shown.version,
        "masked_account": shown.masked_account,
        "by_hand": shown.by_hand,
        "bic": account.bic,
        "holder": account.holder,
        "address": account.address,
        "given_by": shown.given_by,
        "given_at": shown.given_at,
        "accesses": shown.accesses,
        "can_change": shown.exchange.can_change_bank_details,
    }


def evidence(shown: Evidence, who: Principal) -> dict[str, Any]:
    """A file of evidence as somebody sees it."""
    return {name: getattr(shown, name) for name in OF_EVIDENCE} | {"moves": shown.open_moves(who)}


def all_evidence(exchange: Exchange, who: Principal, page: dict[str, Any] | None = None) -> dict[str, Any]:
    """The evidence of an exchange, or a page of it, as somebody sees it."""
    files = page["items"] if page else exchange.evidence
    return {
        "version": exchange.evidence_version,
        "items": [evidence(each, who) for each in files],
        "next": page["next"] if page else None,
        "accepted_at": exchange.evidence_accepted_at,
        "due_on": exchange.evidence_due_on,
        "moves": exchange.evidence_moves(who),
    }


def supplement(shown: Supplement, who: Principal) -> dict[str, Any]:
    """A request for another base as the visitor or a paying officer sees it."""
    columns = ("exchange_id", "state", "requested_at", "decided_at")
    return {name: getattr(shown, name) for name in columns} | {"moves": shown.open_moves(who)}
