"""What counting goes by: which fact brings an exchange to which state, and what of small numbers may be told to everybody."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.agreements import LEAST_SHOWN

REACHED = {
    "exchange_opened": "planning",
    "commitment_submitted": "submitted",
    "commitment_recalled": "planning",
    "commitment_returned": "changes_requested",
    "commitment_validated": "validated",
    "signature_given": "signing",
    "agreement_signed": "signed",
    "exchange_ready": "ready",
    "amendment_begun": "planning",
    "amendment_abandoned": "signed",
    "exchange_started": "running",
    "exchange_ended": "ended",
    "report_submitted": "report_submitted",
    "report_returned": "report_returned",
    "report_validated": "report_validated",
    "exchange_cancelled": "cancelled",
    "exchange_terminated": "terminated",
    "no_show_recorded": "no_show",
}
"""The state that each fact of an exchange leads to; signatures only those of the commitment. All other facts leave it where it is."""


def shown(number: int) -> int | None:
    """A number as everybody may see it: none below five."""
    return number if number >= LEAST_SHOWN else None


def folded(counts: Mapping[str, int]) -> tuple[dict[str, int], int | None]:
    """The counts of five and more, the largest first, and the sum of all others: None where even that would tell too much.

    With the total known, one left-out count could be had by subtraction: then the smallest shown one is left out, too.
    """
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    told = [each for each in ranked if each[1] >= LEAST_SHOWN]
    hidden = ranked[len(told) :]
    while told and hidden and (len(hidden) == 1 or sum(count for _, count in hidden) < LEAST_SHOWN):
        hidden.append(told.pop())
    rest = sum(count for _, count in hidden)
    return dict(told), rest if not hidden or rest >= LEAST_SHOWN else None
