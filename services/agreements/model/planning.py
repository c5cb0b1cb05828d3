"""The commitment to quality while it is made: written, submitted, validated or sent back, amended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from chassis.bare.message import Fact
from chassis.bare.principal import Principal
from contracts.agreements import (
    COMMITMENT,
    AmendmentAbandoned,
    AmendmentBegun,
    CommitmentEdited,
    CommitmentRecalled,
    CommitmentReturned,
    CommitmentSubmitted,
    CommitmentValidated,
    NothingToReturnTo,
    NotTheStandingVersion,
    Plan,
    SameCountry,
    ValidationGiven,
)
from services.agreements.model.agreement import VALIDATORS, Agreement
from services.agreements.model.dates import check_stay
from services.agreements.model.rules import Rules
from services.agreements.model.signing import Signing
from services.agreements.model.text import commitment_text


class Planning(Signing):
    """The moves of visitor, host and both contact points up to the validated version."""

    __abstract__ = True

    def forget_plan(self) -> set[str]:
        """A visit that was never signed is over, and its person erased: forget who was to travel, and what people wrote beside it.

        Returns the travellers' names.
        """
        plans = [self.draft.plain, *(agreement.content.get("plan", {}) for agreement in self.agreements)]
        names = {each["name"] for plan in plans for each in plan.get("travellers", [])}
        self.draft.travellers, self.draft.amendment_explanation, self.explanation = [], "", ""
        for agreement in self.agreements:
            agreement.forget_travellers()
        return names

    def edit_commitment(self, by: Principal, plan: dict[str, Any], at: datetime) -> Fact:
        """Replace the plan by a loaded one, complete or not."""
        self.state, self.changed_at = self._after("edit_commitment", by), at
        self.draft.write(plan)
        return self.fact(CommitmentEdited)

    def submit_commitment(self, by: Principal, at: datetime, rules: Rules) -> Fact:
        """Make the plan a numbered version for both partnerships, by the rules of the day.

        Raises PlanIncomplete, DatesNotAcceptable, StayTooShort, StayTooLong, SameCountry.
        """
        state = self._after("submit_commitment", by)
        days = self._checked(at.date(), rules)
        version = self._new_version(days, at, rules)
        self.agreements.append(version)
        self.state, self.changed_at = state, at
        self._stand(version)
        return self.fact(CommitmentSubmitted, version=version.number)

    def recall_commitment(self, by: Principal, at: datetime) -> Fact:
        """Take the submitted version back to the writing desk; it keeps its number."""
        self.state, self.changed_at = self._after("recall_commitment", by), at
        return self.fact(CommitmentRecalled, version=self.commitment_number)

    def validate_commitment(self, by: Principal, number: int, at: datetime) -> list[Fact]:
        """Validate the standing version for one's partnership, or both at once where it is one."""
        state = self._after("validate_commitment", by)
        version = self._answered(number)
        given = version.validate(by, self.held_by(by), at)
        facts = [self.fact(ValidationGiven, version=number, by_partnership_id=given[0].partnership_id)]
        self.changed_at = at
        if version.unvalidated:
            return facts
        self.state = state
        return [*facts, self._validated(version)]

    def return_commitment(self, by: Principal, number: int, comments: str, at: datetime) -> Fact:
        """Send the standing version back with comments; validations given to it lapse with it."""
        state = self._after("return_commitment", by)
        self._answered(number).comments = comments
        self.state, self.changed_at = state, at
        held = self.held_by(by)
        place = next(held[party] for party in VALIDATORS if party in held)
        return self.fact(CommitmentReturned, version=number, by_partnership_id=place)

    def amend_commitment(self, by: Principal, reason: str, explanation: str, at: datetime) -> Fact:
        """Begin a new version, prefilled with the standing one; what was signed stays as it was signed."""
        self.state, self.changed_at = self._after("amend_commitment", by), at
        self.draft.amendment_reason, self.draft.amendment_explanation = reason, explanation
        return self.fact(AmendmentBegun, version=self.commitment_number, reason=reason)

    def abandon_amendment(self, by: Principal, at: datetime) -> list[Fact]:
        """Let the signed version stand again; raises NothingToReturnTo when there is none or a newer one was validated."""
        state = self._after("abandon_amendment", by)
        signed = self.numbered(self.signed_number)
        if signed is None or not self.may_abandon:
            raise NothingToReturnTo
        self._stand(signed)
        self.draft.write(Plan.read(signed.content["plan"]))
        self.draft.amendment_reason = self.draft.amendment_explanation = ""
        self.state, self.changed_at = state, at
        return [self.fact(AmendmentAbandoned, version=signed.number), *self._ready_if_signed(at)]

    @property
    def may_abandon(self) -> bool:
        """Whether a signed version could stand again: nobody has computed or signed anything for a newer one."""
        validated = [each.number for each in self.agreements if each.kind == COMMITMENT and each.validated_at]
        return self.signed_number > 0 and max(validated, default=0) == self.signed_number

    def _checked(self, today: date, rules: Rules) -> int:
        start, end = self.draft.complete()
        if self.visiting.country == self.hosting.country:
            raise SameCountry(country=self.hosting.country)
        return check_stay(start, end, self.draft.travel_days, self.hosting.country, today, rules)

    def _new_version(self, days: int, at: datetime, rules: Rules) -> Agreement:
        plan, number = self.draft.plain, self.next_number(COMMITMENT)
        sides = {"visitor": self.side("visitor"), "host": self.side("host")}
        text = commitment_text(exchange_id=self.id, number=number, **sides, plan=plan, days=days, counted=rules.working_days_method)
        counted = {"working_days_method": rules.working_days_method, "working_days_source": rules.working_days_source}
        content = {"plan": plan, "working_days": days, "host_country": self.hosting.country, **counted}
        return Agreement.begin(COMMITMENT, number, number, text, content, at, plan["language"])

    def side(self, side: str) -> dict[str, str]:
        """Visitor or host in words, as the texts name them: name, country, partnership."""
        body, one = (self.visitor_body, self.visiting) if side == "visitor" else (self.host_body, self.hosting)
        return {"name": one.legal_name, "country": one.country, "partnership": body.acronym}

    def _stand(self, version: Agreement) -> None:
        plan = Plan.read(version.content["plan"])
        self.assistance_refused = None
        self.commitment_number, self.working_days = version.number, version.content["working_days"]
        self.start, self.end = plan["start"], plan["end"]

    def _answered(self, number: int) -> Agreement:
        if number != self.commitment_number:
            raise NotTheStandingVersion(number=number, standing=self.commitment_number)
        return self._standing(COMMITMENT)

    def _validated(self, version: Agreement) -> Fact:
        plan = Plan.read(version.content["plan"])
        return self.fact(
            CommitmentValidated,
            version=version.number,
            text_digest=version.text_digest,
            start=plan["start"],
            end=plan["end"],
            **{name: version.content[name] for name in ("working_days", "working_days_method", "working_days_source")},
            travel_days=plan["travel_days"],
            travellers=len(plan["travellers"]),
            host_country=version.content["host_country"],
        )
