"""What payments knows of an exchange: its parties, what agreements said of it, and all that belongs to its money."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from chassis.bare.message import Fact
from chassis.bare.principal import Principal
from contracts import payments as contracts
from contracts.payments.refusals import BankDetailsSettled, NoEvidence, StayNotOver, TooManyFiles
from services.payments.model.bank_details import BANK_DETAILS, BankDetails
from services.payments.model.base import ITSELF, SERVICE
from services.payments.model.evidence import DOSSIER, MOST_FILES, Evidence
from services.payments.model.lump_sum import LumpSum
from services.payments.model.payment import PAYMENT, UNSETTLED, Payment
from services.payments.model.subject import PARTY
from services.payments.vault import Account, Sealed

STAGES = ("opened", "ready", "running", "ended")
"""How far an exchange has come; `cancelled`, `terminated` and `no_show` end it otherwise."""


class Exchange(LumpSum):
    """The root of all money of one exchange: whoever changes any of it locks this row first."""

    @classmethod
    def open(cls, exchange_id: UUID, visitor: dict[str, UUID], host: dict[str, UUID]) -> Exchange:
        """A new exchange with its payment, which waits for everything."""
        sides = {"visitor": visitor, "host": host}
        columns = {f"{side}_{name}": party[name] for side, party in sides.items() for name in PARTY}
        exchange = cls(id=exchange_id, stage=STAGES[0], days_as_of=0, evidence_version=1, **columns)
        exchange.payment = Payment.open()
        return exchange

    # where it goes, and proof that the visit took place

    def give_bank_details(self, account: Account, sealed: Sealed, by: Principal, at: datetime, former: Account | None = None) -> list[Fact]:
        """The visitor gives or replaces the account; what was proposed for the old one is taken back. Raises BankDetailsSettled.

        `former` is the account so far, opened; the same one again changes nothing.
        """
        replaced = self.bank_details is not None
        BANK_DETAILS.after("given" if replaced else "missing", "give_bank_details", self.capacities(by))
        if not self.can_change_bank_details:
            raise BankDetailsSettled(state=self.payment.state)
        if account == former:
            return []
        self.bank_details = self.bank_details or BankDetails(exchange_id=self.id, accesses=[])
        self.bank_details.replace(account, sealed, by.person, at)
        facts = [self.happened(contracts.BankDetailsGiven, replaced=replaced)]
        return [*facts, self.payment.take_back(ITSELF, at)] if self.payment.state == "proposed" else facts

    def add_evidence(self, evidence: Evidence, by: Principal) -> Fact:
        """The visitor adds a file; raises MoveNotAllowed when all was accepted, TooManyFiles."""
        DOSSIER.after(self.evidence_state, "add_evidence", self.capacities(by))
        if len(self.evidence) >= MOST_FILES:
            raise TooManyFiles(most=MOST_FILES)
        evidence.exchange_id = self.id
        self.evidence.append(evidence)
        self.evidence_version += 1
        return self.happened(contracts.EvidenceUploaded, evidence_id=evidence.id)

    def accept_evidence(self, by: Principal, at: datetime) -> list[Fact]:
        """The paying officer accepts all of it, files not decided yet included; raises StayNotOver, NoEvidence when none would be left."""
        DOSSIER.after(self.evidence_state, "accept_evidence", self.capacities(by))
        if not self.is_over:
            raise StayNotOver
        facts = [each.accept(by, at) for each in self.evidence if each.state == "uploaded"]
        if not any(each.state == "accepted" for each in self.evidence):
            raise NoEvidence
        self.evidence_accepted_at, self.evidence_version = at, self.evidence_version + 1
        return [*facts, self.happened(contracts.EvidenceAccepted)]

    def evidence_moves(self, who: Principal) -> list[str]:
        """The moves this person may make with the evidence as a whole."""
        moves = DOSSIER.open_moves(self.evidence_state, self.capacities(who))
        return [name for name in moves if self.is_over or name != "accept_evidence"]

    # what agreements says of the exchange

    def confirm_days(self, days_present: int, as_of: int, at: datetime) -> list[Fact]:
        """The host confirmed the working days; a correction has an unsettled payment looked at anew.

        `as_of` numbers the facts of agreements: an earlier confirmation that comes late does not undo its correction.
        """
        if as_of <= self.days_as_of:
            return []
        facts = self._reassessed(at)
        self.days_present, self.days_as_of = days_present, as_of
        return facts

    def reach(self, stage: str) -> None:
        """The exchange came as far as that; a stage that is told late, after a further one, changes nothing."""
        if self.stage in STAGES and STAGES.index(stage) > STAGES.index(self.stage):
            self.stage = stage

    def end(self, on: date, evidence_days: int) -> None:
        """The stay ended on that day; the evidence is due so many days later, whatever the figure becomes afterwards."""
        self.reach(STAGES[-1])
        self.evidence_due_on = self.evidence_due_on or on + timedelta(days=evidence_days)

    def remind_of_evidence(self, at: datetime) -> Fact | None:
        """A reminder for the visitor, while the payment waits and none of its files lies with the paying officer or was accepted."""
        is_awaited = (
            self.is_over and self.payment.state == "awaiting" and not any(each.state in {"uploaded", "accepted"} for each in self.evidence)
        )
        if self.evidence_due_on is None or not is_awaited:
            return None
        return self.happened(contracts.EvidenceReminded, due_on=self.evidence_due_on, overdue=at.date() > self.evidence_due_on)

    def close(self, stage: str, at: datetime) -> Fact | None:
        """The exchange did not take place or was broken off; what is not settled yet is void."""
        self.stage = stage
        return self.payment.void(ITSELF, at) if PAYMENT.allows(self.payment.state, "void", SERVICE) else None

    # from awaiting to payable

    def settle(self, at: datetime) -> list[Fact]:
        """Move a waiting payment on, if all it needs is there or it is clear that nothing will be due."""
        if self.payment.state != "awaiting":
            return []
        if self._is_too_short():
            return [self.payment.find_nothing_due(ITSELF, at)]
        agreed = self._agreed_assistance()
        return [] if agreed is None or self.waiting_for() else [self.payment.become_payable(ITSELF, at, agreed.payment_days)]

    def waiting_for(self) -> list[str]:
        """What a payment still lacks, as codes."""
        present = {
            "financial_agreement": self.agreed_version is not None,
            "bank_details": self.bank_details is not None,
            "days_confirmed": self.days_present is not None,
            "report": self.report_validated_at is not None,
            "evidence": self.evidence_accepted_at is not None,
        }
        return [code for code, is_there in present.items() if not is_there]

    def payable_amount(self) -> int:
        """The cents for the days confirmed, once nothing is missing."""
        agreed = self._agreed_assistance()
        if agreed is None or self.days_present is None:
            raise ValueError("the payment still waits for something")
        return agreed.amount_for(self.days_present)

    def complete_on(self) -> date:
        """The later day of report validated and evidence accepted, from which the days to pay are counted (public pages)."""
        if self.report_validated_at is None or self.evidence_accepted_at is None:
            raise ValueError("the payment still waits for something")
        return max(self.report_validated_at, self.evidence_accepted_at).date()

    @property
    def is_paid_by_hand(self) -> bool:
        """Whether the account has no IBAN."""
        return self.bank_details is not None and self.bank_details.by_hand

    @property
    def can_change_bank_details(self) -> bool:
        """Whether nothing was ordered on them."""
        return self.payment.state in UNSETTLED

    @property
    def is_over(self) -> bool:
        """Whether the stay took place and has ended."""
        return self.stage == STAGES[-1]

    @property
    def evidence_state(self) -> str:
        """Whether evidence is still collected or was accepted as a whole."""
        return "accepted" if self.evidence_accepted_at else "collecting"

    def _is_too_short(self) -> bool:
        agreed = self._agreed_assistance()
        if agreed is None or self.days_present is None or self.payment.override_reason:
            return False
        return agreed.is_too_short(self.days_present)
