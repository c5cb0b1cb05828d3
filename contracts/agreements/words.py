"""The words of an exchange: its states, the parties, the kinds of agreement, typed reasons; and fields made of them."""

from __future__ import annotations

from typing import Any

from chassis.bare.fields import Choice

STATES: dict[str, str] = {
    "planning": "Visitor and host write the commitment to quality",
    "submitted": "The partnerships look at the commitment",
    "changes_requested": "A partnership sent the commitment back with comments",
    "validated": "Both partnerships validated the commitment; nobody has signed yet",
    "signing": "Some parties have signed the commitment",
    "signed": "All parties signed the commitment; the financial agreement is awaited",
    "ready": "Both agreements are signed: the visitor may arrive",
    "running": "The visitor is there",
    "ended": "The visitor left; the closing report is awaited",
    "report_submitted": "The visitor's partnership looks at the closing report",
    "report_returned": "The closing report was sent back with comments",
    "report_validated": "The closing report is validated; what is left is the payment",
    "cancelled": "Called off before the start; the visit is not used up",
    "terminated": "Broken off while it ran",
    "no_show": "The visitor did not come; the visit is not used up",
}
"""The states of an exchange, in the order of a life without incident, then the side exits."""

BEFORE_START = ("planning", "submitted", "changes_requested", "validated", "signing", "signed", "ready")
CLOSED = ("report_validated", "cancelled", "terminated", "no_show")
"""In these the visiting organisation's exchange is no longer open."""

EXCHANGE_ID = "5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a51"
PERSON_ID = "5b0f7c1e-93a4-4f7a-8f43-0c1d2e3f4a52"
DIGEST = "9f" * 32
"""For examples."""

COMMITMENT = "commitment_to_quality"
FINANCIAL = "financial_agreement"
KINDS = (COMMITMENT, FINANCIAL)

VISITOR, HOST = "visitor", "host"
VISITOR_PARTNERSHIP, HOST_PARTNERSHIP = "visitor_partnership", "host_partnership"
PARTIES = (VISITOR, HOST, VISITOR_PARTNERSHIP, HOST_PARTNERSHIP)

REASONS: dict[str, str] = {
    "illness": "Illness or accident",
    "no_time": "The dates do not suit any more",
    "host_unavailable": "The host cannot receive the visitor",
    "visitor_unavailable": "The visitor cannot travel",
    "objectives_met": "The objectives were met earlier",
    "not_as_agreed": "What was agreed is not kept",
    "not_eligible": "The exchange is not eligible",
    "force_majeure": "An event outside everybody's control",
    "no_answer": "A party does not answer",
    "correction": "An error is put right",
    "other": "Another reason",
}
"""Why somebody leaves the straight way; the words that explain it stay with the exchange and never travel in events."""

REFUSED_MATCHES: dict[str, str] = {
    "exchange_open": "The visiting organisation has another open exchange",
    "visit_consumed": "The visiting organisation has used its one visit",
    "same_country": "Visitor and host are in the same country",
    "same_organisation": "Visitor and host are one organisation",
}

FOLLOW_UPS: dict[str, str] = {
    "project": "A common project",
    "contract": "A contract",
    "new_market": "Access to a new market",
    "cluster_membership": "Joining a cluster",
    "technology_transfer": "A transfer of technology",
    "other": "Other",
}

DEADLINES = ("report",)

PAYMENT_STATES = ("none", "payable", "ordered", "paid", "failed", "nothing_due")

NOTICE = (
    "The ClusterXchange scheme does not support internships or work placements: only capacity building and business- and "
    "innovation-oriented collaboration exchanges between clusters."
)
"""The seed document's notice; it stands wherever a plan is written or signed."""


class KindInAddress(Choice):
    """A kind of agreement as an address names it: with hyphens (underscores are taken too)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__((*(kind.replace("_", "-") for kind in KINDS), *KINDS), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs).replace("-", "_")
