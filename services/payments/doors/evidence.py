"""Doors to the evidence."""

from __future__ import annotations

from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers, due
from chassis.running.occasions import Due
from contracts.payments import AcceptEvidence, AcceptFile, ListEvidence, ReadEvidenceFile, ReturnFile, UploadEvidence, WithdrawEvidence
from services.payments import queries, shown
from services.payments.doors.frame import EVIDENCE_REMINDER, Doors, morning_of, settle
from services.payments.model import Evidence


class EvidenceDoors(Doors):
    """From the upload to the acceptance of all."""

    @answers(ListEvidence)
    def list_evidence(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """A page of the files of an exchange."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who)
            return unit.reply(shown.all_evidence(exchange, who, queries.all_evidence(unit, exchange, request)))

    @answers(UploadEvidence)
    def upload_evidence(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """One more file; the gateway has stored its bytes already."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            evidence = Evidence.upload(request["kind"], request["file"], by=who.person, at=unit.now)
            unit.announce(exchange.add_evidence(evidence, by=who))
            return unit.reply(shown.evidence(evidence, who))

    @answers(ReadEvidenceFile)
    def read_evidence_file(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """The bytes of a file."""
        with self.unit(traced=True) as unit:
            evidence = queries.evidence(unit, request["evidence_id"], seen_by=who)
            evidence.fetch(by=who, at=unit.now)
            return unit.reply(evidence)

    @answers(WithdrawEvidence)
    def withdraw_evidence(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Taken back."""
        with self.unit() as unit:
            evidence = queries.evidence(unit, request["evidence_id"], seen_by=who, to_change=True)
            unit.announce(evidence.withdraw(by=who, at=unit.now))
            return unit.reply(shown.evidence(evidence, who))

    @answers(AcceptFile)
    def accept_file(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """One file accepted."""
        with self.unit() as unit:
            evidence = queries.evidence(unit, request["evidence_id"], seen_by=who, to_change=True)
            unit.announce(evidence.accept(by=who, at=unit.now))
            return unit.reply(shown.evidence(evidence, who))

    @answers(ReturnFile)
    def return_file(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """One file returned."""
        with self.unit() as unit:
            evidence = queries.evidence(unit, request["evidence_id"], seen_by=who, to_change=True)
            unit.announce(evidence.send_back(by=who, at=unit.now, reason=request["reason"], comment=request["comment"]))
            return unit.reply(shown.evidence(evidence, who))

    @answers(AcceptEvidence)
    def accept_evidence(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """All of it accepted."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, request["exchange_id"], seen_by=who, to_change=True)
            unit.expect_version(exchange.evidence_version)
            unit.announce(exchange.accept_evidence(by=who, at=unit.now))
            unit.unplan(EVIDENCE_REMINDER, exchange.id)
            settle(unit, exchange)
            return unit.reply(shown.all_evidence(exchange, who))

    @due(EVIDENCE_REMINDER)
    def remind_of_evidence(self, due: Due) -> None:
        """Its day comes near, has come, or is over, which the contact point hears, too; nobody is reminded of what was handed in."""
        with self.unit() as unit:
            exchange = queries.exchange(unit, due.subject_id, seen_by=unit.who, to_change=True)
            unit.announce(exchange.remind_of_evidence(unit.now))
            last_day = exchange.evidence_due_on
            if last_day and unit.now.date() <= last_day and not exchange.evidence_accepted_at:
                # A file may be sent back until then, so the next day is looked at whatever is there now.
                unit.plan(EVIDENCE_REMINDER, exchange.id, morning_of(last_day, int(unit.now.date() == last_day)))
