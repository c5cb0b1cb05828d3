"""What one service keeps of another's things agrees with the owner: a fact that was heard also had its effect."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.local.audit.inspection import Inspection
from deploy.local.audit.merging import side_by_side
from deploy.local.audit.verdict import Verdict

BEFORE_READY = "planning submitted changes_requested validated signing signed"
AFTER_STAY = "ended report_submitted report_returned report_validated"
SHORTEST_STAY = "SELECT valid_from::text, value::text FROM {} WHERE name = 'least_working_days'"
ANY_TIME = "none payable ordered paid failed nothing_due"


@dataclass(frozen=True)
class Copy:
    """The owner's and the copy's SELECT of key and word; `fits` says which words of the copy belong to each of the owner's.

    A word that `fits` does not name needs no copy; without `fits` the copy says the very same. A copy of what the owner does not have may
    only say one of `alone`.
    """

    what: str
    owner: tuple[str, str]
    copy: tuple[str, str]
    fits: dict[str, str] | None
    alone: str = ""

    def fault(self, owned: str | None, kept: str | None) -> str | None:
        """What is wrong with one pair of words."""
        if owned is None:
            return None if kept in self.alone.split() else f"is '{kept}' in {self.copy[0]}, and {self.owner[0]} has no such thing"
        if self._agrees(owned, kept):
            return None
        here = "not there" if kept is None else f"'{kept}'"
        return f"is '{owned}' in {self.owner[0]}, and {here} in {self.copy[0]}"

    def _agrees(self, owned: str, kept: str | None) -> bool:
        if self.fits is None:
            return owned == kept
        allowed = self.fits.get(owned)
        return allowed is None or (kept is not None and kept in allowed.split())


def by_state(states: str, word: str) -> dict[str, str]:
    """The same words for several states."""
    return dict.fromkeys(states.split(), word)


COPIES = (
    Copy(
        "exchange", ("agreements", "SELECT id::text, state FROM exchange"), ("matching", "SELECT exchange_id::text, state FROM match"),
        {
            # An amendment takes a ready exchange back to its plan; for matching it stays ready.
            **by_state(BEFORE_READY, "opened ready"), "ready": "ready", "running": "running", **by_state(AFTER_STAY, "ended"),
            "terminated": "terminated", "cancelled": "cancelled", "no_show": "no_show",
        },
        alone="refused",
    ),
    Copy(
        "exchange", ("agreements", "SELECT id::text, state FROM exchange"), ("payments", "SELECT id::text, stage FROM exchange"),
        {
            **by_state(BEFORE_READY, "opened ready"), "ready": "ready", "running": "running", **by_state(AFTER_STAY, "ended"),
            "terminated": "terminated", "cancelled": "cancelled", "no_show": "no_show",
        },
    ),
    Copy(
        "payment of exchange", ("payments", "SELECT exchange_id::text, state FROM payment"),
        ("agreements", "SELECT id::text, payment FROM exchange"),
        {
            "awaiting": "none", "payable": "payable", "proposed": "payable", "ordered": "ordered", "exported": "ordered", "paid": "paid",
            "overpaid": "paid", "recovered": "paid", "failed": "failed", "nothing_due": "nothing_due", "void": ANY_TIME,
        },
    ),
    Copy(
        "bank details of exchange", ("payments", "SELECT exchange_id::text, 'given' FROM bank_details"),
        ("agreements", "SELECT id::text, 'given' FROM exchange WHERE bank_details_given"), {"given": "given"},
    ),
    Copy(
        "evidence of exchange", ("payments", "SELECT id::text, 'accepted' FROM exchange WHERE evidence_accepted_at IS NOT NULL"),
        ("agreements", "SELECT id::text, 'accepted' FROM exchange WHERE evidence_accepted"), {"accepted": "accepted"},
    ),
    Copy(
        "paying officer",
        ("identity", "SELECT place::text || ' ' || person_id::text, 'one' FROM role WHERE role = 'finance' AND revoked_at IS NULL"),
        ("payments", "SELECT partnership_id::text || ' ' || person_id::text, 'one' FROM paying_officer WHERE is_one"), {"one": "one"},
    ),
    Copy(
        "participation", ("registry", "SELECT id::text, state FROM participation"),
        ("matching", "SELECT participation_id::text, state FROM standing"),
        {"accepted": "accepted", "paused": "paused", "expired": "expired"},
    ),
    Copy("shortest stay from", ("agreements", SHORTEST_STAY.format("rule_figure")), ("matching", SHORTEST_STAY.format("setting")), None),
)  # fmt: skip


def examine(inspection: Inspection, verdict: Verdict) -> None:
    """Compare all copies; not while the system is busy, for copies follow a moment later."""
    if inspection.busy:
        verdict.count("not compared while busy", len(COPIES))
        return
    for each in COPIES:
        owned, kept = (inspection.books.rows(service, f'SELECT * FROM ({rows}) AS each (key, word) ORDER BY key COLLATE "C"')
                       for service, rows in (each.owner, each.copy))  # fmt: skip
        for key, there, here in side_by_side(owned, kept):
            verdict.count("copies")
            fault = each.fault(there[0][0] if there else None, here[0][0] if here else None)
            if fault:
                verdict.find(f"{each.what} {key} {fault}")
