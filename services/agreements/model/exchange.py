"""The exchange: one organisation's visit at another, from the match to the closing report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.bare.message import Fact
from chassis.bare.principal import Principal
from chassis.bare.tables import Versioned
from contracts.agreements import (
    CLOSED,
    COMMITMENT,
    FINANCIAL,
    HOST,
    PARTIES,
    STATES,
    VISITOR,
    VISITOR_PARTNERSHIP,
    ExchangeOpened,
    ExchangeRefused,
)
from services.agreements.model.bodies import Participation, Partnership
from services.agreements.model.lifecycle import EXCHANGE, PAYING_OFFICER, SUPPORT
from services.agreements.model.plan import Draft
from services.agreements.model.reporting import Reporting

Match = dict[str, Any]
"""The data of MatchAgreed: exchange_id, contact_id, visitor and host as Party."""


class Exchange(Versioned, Reporting):
    """One exchange with its two agreements; its moves are listed in `lifecycle.EXCHANGE`."""

    @classmethod
    def open(cls, match: Match, visiting: Participation, hosting: Participation, bodies: dict[UUID, Partnership], at: datetime) -> Exchange:
        """An exchange in planning, for the two parties of a match."""
        sides = {f"{side}_{name}": value for side in (VISITOR, HOST) for name, value in match[side].items()}
        return cls(
            id=match["exchange_id"], contact_id=match.get("contact_id"), state=EXCHANGE.initial, **sides,
            visiting=visiting, hosting=hosting, visitor_body=bodies[match[VISITOR]["partnership_id"]],
            host_body=bodies[match[HOST]["partnership_id"]], draft=Draft.blank(), agreements=[], report=None,
            commitment_number=0, signed_number=0, payment="none", payment_as_of=0, bank_details_given=False, evidence_accepted=False,
            shortened=False, host_remarks="", explanation="",
            opened_at=at, changed_at=at,
        )  # fmt: skip

    def opened(self) -> Fact:
        """It was opened."""
        return self.fact(ExchangeOpened)

    def note_payment(self, payment: str, as_of: int, at: datetime) -> None:
        """Mirror where the payment stands; payments owns it.

        `as_of` numbers its facts: each type has a queue of its own, and what overtakes another is not undone by it.
        """
        if as_of > self.payment_as_of:
            self.payment, self.payment_as_of, self.changed_at = payment, as_of, at

    def note_bank_details(self, at: datetime) -> None:
        """Mirror that payments has bank details."""
        self.bank_details_given, self.changed_at = True, at

    def note_evidence(self, at: datetime) -> None:
        """Mirror that the evidence was accepted as a whole."""
        self.evidence_accepted, self.changed_at = True, at

    def note_refused_assistance(self, code: str, number: int, at: datetime) -> None:
        """Mirror that payments could not compute the assistance of the standing version."""
        if number == self.commitment_number:
            self.assistance_refused, self.changed_at = code, at

    @property
    def financial_state(self) -> str:
        """Where the financial agreement's own track stands: none, drafted, signed or refused."""
        if self.financial_agreement is None:
            return "refused" if self.assistance_refused else "none"
        return "signed" if self.financial_agreement.signed_at else "drafted"

    def moves(self, who: Principal, at: datetime) -> list[str]:
        """The names of the moves this principal may make at that time."""
        open_moves = EXCHANGE.open_moves(self.state, self.capacities(who))
        guards = self._guards(self.held_by(who)) | self._calendar(at)
        return [name for name in open_moves if name not in guards or guards[name]()]

    @property
    def waiting_for(self) -> list[str]:
        """The roles that can bring the exchange on, or unblock it."""
        if self.state == "report_validated":
            return self._waiting_for_payment()
        return [] if self.state in CLOSED else self._waiting()

    def _waiting_for_payment(self) -> list[str]:
        if self.payment in {"paid", "nothing_due"}:
            return []
        host = [HOST] if self.days_present is None else []
        # What the bank returned went to an account that the visitor may have to correct.
        given = self.bank_details_given and self.evidence_accepted and self.payment != "failed"
        waiting = [*host, *([] if given else [VISITOR])]
        is_officers_turn = not waiting or not self.evidence_accepted or self.payment == "failed"
        return [*waiting, PAYING_OFFICER] if is_officers_turn else waiting

    def _waiting(self) -> list[str]:
        after_stay = [HOST] if self.days_present is None else []
        waiting: dict[str, list[str]] = {
            "planning": [VISITOR, HOST],
            "changes_requested": [VISITOR, HOST],
            "submitted": self.commitment.unvalidated if self.commitment else [],
            "ready": [HOST],
            "running": [VISITOR, HOST],
            "ended": [VISITOR, *after_stay],
            "report_returned": [VISITOR, *after_stay],
            "report_submitted": [VISITOR_PARTNERSHIP, *after_stay],
        }
        return waiting[self.state] if self.state in waiting else self._waiting_for_signatures()

    def _waiting_for_signatures(self) -> list[str]:
        missing = self.missing_parties
        signers = [party for party in PARTIES if party in {*missing[COMMITMENT], *missing[FINANCIAL]}]
        return [*signers, SUPPORT] if self.financial_state == "refused" else signers

    def _guards(self, held: dict[str, UUID]) -> dict[str, Callable[[], bool]]:
        missing = self.missing_parties
        return {
            "validate_commitment": lambda: bool(self.commitment and set(held) & set(self.commitment.unvalidated)),
            "sign_commitment": lambda: bool(set(held) & set(missing[COMMITMENT])),
            "sign_financial_agreement": lambda: bool(self.financial_agreement and set(held) & set(missing[FINANCIAL])),
            "abandon_amendment": lambda: self.may_abandon,
            "confirm_days": lambda: not self.days_are_final,
            "submit_report": lambda: self.report is not None,
        }

    def _calendar(self, at: datetime) -> dict[str, Callable[[], bool]]:
        return {
            "confirm_arrival": lambda: at.date() >= self._planned_start and not self.signed_too_late,
            "record_no_show": lambda: at.date() > self._planned_start,
        }

    @property
    def meaning(self) -> str:
        """The state in words."""
        return STATES[self.state]


def refuse_match(match: Match, reason: str) -> Fact:
    """A match that does not become an exchange, and the code of why."""
    about = {name: match[name] for name in ("exchange_id", VISITOR, HOST)}
    audience = (match[VISITOR]["partnership_id"], match[HOST]["partnership_id"])
    return ExchangeRefused.of(match["exchange_id"], audience=audience, reason=reason, **about)


def obstacle_to(match: Match, visiting: Participation, hosting: Participation) -> str | None:
    """Why these two cannot have an exchange, by themselves: one organisation, or one country."""
    if match[VISITOR]["organisation_id"] == match[HOST]["organisation_id"]:
        return "same_organisation"
    return "same_country" if visiting.country == hosting.country else None
