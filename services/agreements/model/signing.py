"""From the validated commitment to the open door: signatures under both agreements, and what is drafted between them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chassis.bare.message import Fact
from chassis.bare.principal import Principal, service
from chassis.bare.refusals import MoveNotAllowed
from contracts.agreements import (
    BEFORE_START,
    COMMITMENT,
    FINANCIAL,
    AgreementNotFound,
    AgreementSigned,
    AmountNotComputed,
    DocumentRendered,
    DocumentWanted,
    ExchangeReady,
    FinancialAgreementDrafted,
    NotValidatedYet,
    SignatureGiven,
)
from services.agreements.model.agreement import PARTIES_OF, Agreement, Signature
from services.agreements.model.subject import Subject
from services.agreements.model.text import financial_text

ITSELF = service("agreements")
BEFORE_VALIDATION = ("planning", "submitted", "changes_requested")


class Signing(Subject):
    """The moves that end with both agreements signed."""

    __abstract__ = True

    def sign(self, kind: str, by: Principal, text_digest: str, at: datetime) -> list[Fact]:
        """Sign the text of one kind that has this digest."""
        sign = self.sign_commitment if kind == COMMITMENT else self.sign_financial_agreement
        return sign(by, text_digest, at)

    def sign_commitment(self, by: Principal, text_digest: str, at: datetime) -> list[Fact]:
        """One party signs the validated commitment; raises NotValidatedYet, StaleText, AlreadySigned."""
        state = self._after("sign_commitment", by, self._unready(NotValidatedYet(state=self.state)))
        agreement = self._standing(COMMITMENT)
        given = agreement.sign(by, self.held_by(by), text_digest, at)
        self.state, self.changed_at = state, at
        facts = self._signed(agreement, given)
        return facts if agreement.missing else [*facts, *self.conclude_commitment(ITSELF, at)]

    def conclude_commitment(self, by: Principal, at: datetime) -> list[Fact]:
        """The last party has signed the commitment."""
        self.state, self.changed_at = self._after("conclude_commitment", by), at
        self.signed_number = self.commitment_number
        return self._ready_if_signed(at)

    def sign_financial_agreement(self, by: Principal, text_digest: str, at: datetime) -> list[Fact]:
        """The visitor or its partnership signs the amount; raises AmountNotComputed, StaleText, AlreadySigned."""
        state = self._after("sign_financial_agreement", by, self._unready(AmountNotComputed(state=self.state)))
        if self.financial_agreement is None:
            raise AmountNotComputed(state=self.state)
        agreement = self.financial_agreement
        given = agreement.sign(by, self.held_by(by), text_digest, at)
        self.state, self.changed_at = state, at
        return [*self._signed(agreement, given), *self._ready_if_signed(at)]

    def _unready(self, obstacle: MoveNotAllowed) -> MoveNotAllowed | None:
        # After the signatures the text is not what is missing.
        return obstacle if self.state in BEFORE_VALIDATION else None

    def become_ready(self, by: Principal, at: datetime) -> list[Fact]:
        """Both agreements are signed: the visitor may arrive."""
        self.state, self.changed_at = self._after("become_ready", by), at
        return [self.fact(ExchangeReady)]

    def draft_financial_agreement(
        self, by: Principal, number: int, assistance: dict[str, Any], visitor: dict[str, str], at: datetime
    ) -> list[Fact]:
        """Draft the agreement on `{amount, factors, payment_days, minimum_working_days}`, plain JSON; `visitor` are the organisation's details as they are printed.

        `number` is the commitment's version it was computed for: nothing is drafted for one that was overtaken. A recomputed
        amount makes a new text, unless the standing one is signed or says the same.
        """
        state = self._after("draft_financial_agreement", by)
        commitment = self.numbered(number) if number in {self.commitment_number, self.signed_number} else None
        standing, content = self.financial_agreement_of(number), {**assistance, "visitor": visitor}
        if commitment is None or (standing is not None and (standing.signed_at or standing.content == content)):
            return []
        self.state, self.changed_at, self.assistance_refused = state, at, None
        return [self._drafted(commitment, content, at)]

    @property
    def may_draft(self) -> bool:
        """Whether an amount can still be agreed on: nothing of it is signed by all, and nothing has begun."""
        return self.state in BEFORE_START and self.state != "ready"

    def document_rendered(self, kind: str, number: int, sha256: str, size: int) -> list[Fact]:
        """The PDF of a signed text lies in the blob store; a second rendering changes nothing."""
        agreement = next((each for each in self.agreements if (each.kind, each.number) == (kind, number)), None)
        if agreement is None:
            raise AgreementNotFound
        if agreement.document:
            return []
        agreement.document_sha256, agreement.document_size = sha256, size
        return [self.fact(DocumentRendered, kind=kind, version=number, sha256=sha256)]

    @property
    def missing_parties(self) -> dict[str, list[str]]:
        """The parties whose signature is missing, by kind of agreement."""
        texts = {COMMITMENT: self.commitment, FINANCIAL: self.financial_agreement}
        return {kind: text.missing if text else list(PARTIES_OF[kind]) for kind, text in texts.items()}

    def text_for(self, who: Principal, kind: str) -> Agreement:
        """The text of a kind that stands; raises AgreementNotFound, also where the amount is not for this principal."""
        if kind == FINANCIAL and not self.sees_money(who):
            raise AgreementNotFound
        return self._standing(kind)

    def _standing(self, kind: str) -> Agreement:
        agreement = self.commitment if kind == COMMITMENT else self.financial_agreement
        if agreement is None:
            raise AgreementNotFound
        return agreement

    def _signed(self, agreement: Agreement, given: list[Signature]) -> list[Fact]:
        about = {"kind": agreement.kind, "version": agreement.number}
        facts = [self.fact(SignatureGiven, party=each.party, text_digest=each.text_digest, **about) for each in given]
        if agreement.signed_at is None:
            return facts
        return [*facts, self._all_signed(agreement), self.fact(DocumentWanted, **about)]

    def _all_signed(self, agreement: Agreement) -> Fact:
        return self.fact(
            AgreementSigned,
            kind=agreement.kind,
            version=agreement.number,
            commitment_version=agreement.commitment_number,
            text_digest=agreement.text_digest,
            signed_at=agreement.signed_at,
        )

    def _ready_if_signed(self, at: datetime) -> list[Fact]:
        financial = self.financial_agreement
        if self.state != "signed" or financial is None or financial.signed_at is None:
            return []
        return self.become_ready(ITSELF, at)

    def _drafted(self, commitment: Agreement, content: dict[str, Any], at: datetime) -> Fact:
        number = self.next_number(FINANCIAL)
        text = self._financial_text(number, commitment, content)
        self.agreements.append(Agreement.begin(FINANCIAL, number, commitment.number, text, content, at, commitment.language))
        return self.fact(FinancialAgreementDrafted, version=number, amount=content["amount"])

    def _financial_text(self, number: int, commitment: Agreement, content: dict[str, Any]) -> str:
        body = self.visitor_body
        return financial_text(
            language=commitment.language,
            exchange_id=self.id,
            number=number,
            commitment=(commitment.number, commitment.text_digest),
            visitor=content["visitor"],
            partnership={"acronym": body.acronym, "name": body.name, "country": body.country},
            host_country=commitment.content["host_country"],
            **{name: content[name] for name in ("amount", "factors", "payment_days", "minimum_working_days")},
        )
