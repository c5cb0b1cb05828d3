"""The life of an exchange as a table: which move leads where, and who may make it.

The commitment's way through validation and signatures is the exchange's own; the financial agreement is a track beside it, so its
signature leaves the state as it is. `conclude_commitment` and `become_ready` are made by the service itself, when the last party
has signed.
"""

from __future__ import annotations

from chassis.bare.lifecycle import Lifecycle, Move, move
from contracts.agreements import BEFORE_START, HOST, HOST_PARTNERSHIP, VISITOR, VISITOR_PARTNERSHIP

SUPPORT, AUDITOR, PAYING_OFFICER, SYSTEM = "support_officer", "auditor", "paying_officer", "system"

BOTH = (VISITOR, HOST)
PARTNERSHIPS = (VISITOR_PARTNERSHIP, HOST_PARTNERSHIP)
ANY_PARTY = (*BOTH, *PARTNERSHIPS, SUPPORT)
WITH_TEXT = "validated signing signed"
AFTER_STAY = "ended report_submitted report_returned"


def stays(name: str, states: str, by: tuple[str, ...]) -> list[Move]:
    """A move that is possible in these states and leaves each as it is."""
    return [move(name, state, state, by) for state in states.split()]


EXCHANGE = Lifecycle(
    "exchange",
    "planning",
    *stays("edit_commitment", "planning changes_requested", BOTH),
    move("submit_commitment", "planning changes_requested", "submitted", BOTH),
    move("recall_commitment", "submitted", "planning", BOTH),
    move("validate_commitment", "submitted", "validated", PARTNERSHIPS),
    move("return_commitment", "submitted", "changes_requested", PARTNERSHIPS),
    move("sign_commitment", "validated signing", "signing", (*BOTH, *PARTNERSHIPS)),
    move("conclude_commitment", "signing", "signed", SYSTEM),
    *stays("draft_financial_agreement", f"planning submitted changes_requested {WITH_TEXT}", (SYSTEM,)),
    *stays("sign_financial_agreement", WITH_TEXT, (VISITOR, VISITOR_PARTNERSHIP)),
    move("become_ready", "signed", "ready", SYSTEM),
    move("amend_commitment", f"{WITH_TEXT} ready", "planning", BOTH),
    move("abandon_amendment", "planning changes_requested", "signed", BOTH),
    move("confirm_arrival", "ready", "running", (HOST, VISITOR_PARTNERSHIP, SUPPORT)),
    move("confirm_departure", "running", "ended", (*BOTH, SUPPORT, SYSTEM)),
    *stays("confirm_days", f"{AFTER_STAY} report_validated", (HOST, SUPPORT)),
    *stays("rate_exchange", f"{AFTER_STAY} report_validated", (HOST,)),
    *stays("write_report", "running ended report_returned", (VISITOR,)),
    move("submit_report", "ended report_returned", "report_submitted", VISITOR),
    move("validate_report", "report_submitted", "report_validated", VISITOR_PARTNERSHIP),
    move("return_report", "report_submitted", "report_returned", VISITOR_PARTNERSHIP),
    *stays("move_deadline", "ended report_returned", (SUPPORT,)),
    move("cancel_exchange", BEFORE_START, "cancelled", ANY_PARTY),
    move("terminate_exchange", "running", "terminated", (*PARTNERSHIPS, SUPPORT)),
    move("record_no_show", "ready", "no_show", (HOST, *PARTNERSHIPS, SUPPORT)),
)
