"""How each move is asked of the services: by its contract, with what a person would have read before."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from chassis.bare.message import Request
from chassis.bare.principal import Principal
from chassis.bare.refusals import Refusal
from contracts import agreements as asks
from contracts import payments as pays
from contracts.agreements import COMMITMENT, FINANCIAL
from tests.agreements.exchanges import PLAN, REPORT, WHY, Cast
from tests.builders import contact_point
from tests.journeys.moves.plain import DAYS, OFFICER, SECOND_OFFICER, VISITOR
from tests.journeys.moves.wired import Wired
from tests.payments.course import BANK_DETAILS, FILE

SIMPLE: dict[str, tuple[type[Request], dict[str, Any]]] = {
    "recall": (asks.RecallCommitment, {}),
    "amend": (asks.AmendCommitment, WHY),
    "abandon": (asks.AbandonAmendment, {}),
    "arrive": (asks.ConfirmArrival, WHY),
    "leave": (asks.ConfirmDeparture, WHY),
    "cancel": (asks.CancelExchange, WHY),
    "terminate": (asks.TerminateExchange, WHY),
    "no show": (asks.RecordNoShow, WHY),
    "give account": (pays.GiveBankDetails, BANK_DETAILS),
    "hand in evidence": (pays.UploadEvidence, {"kind": "travel_invoice", "file": FILE}),
}
ABOUT_READ: dict[str, tuple[type[Request], dict[str, Any], type[Request]]] = {
    "submit report": (asks.SubmitReport, {}, asks.ReadReport),
    "validate report": (asks.ValidateReport, {}, asks.ReadReport),
    "return report": (asks.ReturnReport, {"comments": "Say more."}, asks.ReadReport),
    "accept evidence": (pays.AcceptEvidence, {}, pays.ListEvidence),
    **{confirm: (asks.ConfirmDays, {"days_present": days}, asks.ReadExchange) for confirm, days in DAYS.items()},
}
"""Moves that name the version of what was read."""
PAYMENT: dict[str, type[Request]] = {
    "propose": pays.ProposePayment, "take back": pays.TakeBackProposal, "approve": pays.ApprovePayment, "record paid": pays.RecordPaid,
    "record failed": pays.RecordFailed, "retry": pays.RetryPayment,
}  # fmt: skip

Asked = tuple[str, type[Request], Principal, str, int | None, dict[str, Any]]
"""A command as it was sent: service, contract, who, key, version, fields."""


class Acting:
    """The people of one exchange, and what they send."""

    def __init__(self, wired: Wired) -> None:
        self.wired, self.exchange_id, self.cast = wired, uuid4(), Cast()
        self.cast.people[SECOND_OFFICER] = contact_point(self.cast.visitor_partnership_id, "finance")

    def command(self, move: str, role: str, standing: int) -> Asked:
        """The command for a move, about what stands there now; `standing` is the number of the commitment that stands."""
        contract, fields, version = self._filled(move, standing)
        if "exchange_id" in contract._declared_fields:
            fields = {"exchange_id": self.exchange_id, **fields}
        return contract.service, contract, self.cast[role], str(uuid4()), version, fields

    def send(self, asked: Asked) -> dict[str, Any] | None:
        """The answer, or None for a refusal; whatever else is raised is a failure of the product."""
        service, contract, who, key, version, fields = asked
        try:
            return self.wired.rooms[service].ask(contract, who, key=key, if_match=version, **fields)
        except Refusal:
            return None

    def state(self) -> dict[str, Any]:
        """The exchange as its visitor sees it; empty before there is one."""
        return self._read("agreements", asks.ReadExchange, VISITOR)

    def payment(self) -> dict[str, Any]:
        """The payment as its officer sees it; empty before there is one."""
        return self._read("payments", pays.ReadExchangePayment, OFFICER)

    def _filled(self, move: str, standing: int) -> tuple[type[Request], dict[str, Any], int | None]:
        if move in SIMPLE:
            contract, fields = SIMPLE[move]
            return contract, dict(fields), None
        if move in ABOUT_READ:
            contract, fields, read = ABOUT_READ[move]
            return contract, dict(fields), self._version(read)
        if move in PAYMENT:
            return self._about_payment(move)
        return {
            "edit": lambda: (asks.EditCommitment, asks.Plan.read(PLAN), self._version(asks.ReadCommitment)),
            "submit": lambda: (asks.SubmitCommitment, {}, self._version(asks.ReadCommitment)),
            "validate": lambda: (asks.ValidateCommitment, {"number": max(standing, 1)}, None),
            "return": lambda: (asks.ReturnCommitment, {"number": max(standing, 1), "comments": "Name the travellers."}, None),
            "sign commitment": lambda: (asks.SignAgreement, self._text(COMMITMENT), None),
            "sign money": lambda: (asks.SignAgreement, self._text(FINANCIAL), None),
            "write report": lambda: (asks.WriteReport, asks.Report.read(REPORT | self._days_there()), self._version(asks.ReadReport)),
            "export": lambda: (pays.ExportBatch, {"partnership_id": self.cast.visitor_partnership_id}, None),
        }[move]()

    def _about_payment(self, move: str) -> tuple[type[Request], dict[str, Any], int | None]:
        payment = self.payment()
        today = self.wired.rooms["payments"].clock.now().date()
        more = {
            "record paid": {"paid_on": today, "reference": "1"},
            "record failed": {"reason": "account_closed", "comment": None},
        }.get(move, {})
        return PAYMENT[move], {"payment_id": UUID(payment.get("payment_id", str(uuid4()))), **more}, payment.get("version", 1)

    def _days_there(self) -> dict[str, Any]:
        """What the visitor states of its days: it fits the stay, whenever that began and ended."""
        stay = self.state()
        first, last = stay.get("started_on"), stay.get("ended_on")
        return {"first_day": first, "last_day": last or first, "days_present": 0} if first else {}

    def _text(self, kind: str) -> dict[str, Any]:
        found = self._read("agreements", asks.ReadAgreement, VISITOR, kind=kind)
        return {"kind": kind, "text_digest": found.get("text_digest", "0" * 64)}

    def _version(self, contract: type[Request]) -> int | None:
        return self._read(contract.service, contract, VISITOR).get("version")

    def _read(self, service: str, contract: type[Request], role: str, **fields: Any) -> dict[str, Any]:
        try:
            return self.wired.rooms[service].ask(contract, self.cast[role], exchange_id=self.exchange_id, **fields)
        except Refusal:
            return {}
