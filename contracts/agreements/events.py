"""What agreements announces of an exchange, its visit and its report. The subject is always the exchange; the audience its two partnerships."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Whole
from chassis.bare.message import Event
from contracts.agreements.words import DEADLINES, EXCHANGE_ID, REASONS, REFUSED_MATCHES
from contracts.words import Party

VISITORS_SIDE = ("representative@visitor.organisation_id", "agreements@visitor.partnership_id", "finance@visitor.partnership_id")
HOSTS_SIDE = ("representative@host.organisation_id", "agreements@host.partnership_id")
OFFICES = ("support_officer", "auditor")
"""Who reads every exchange."""

ABOUT: dict[str, Any] = {
    "exchange_id": EXCHANGE_ID,
    "visitor": Party.example,
    "host": Party.example | {"organisation_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c12"},
}


class ExchangeEvent(Event):
    """Something that happened to an exchange; every one names both parties."""

    service = "agreements"
    subject_kind = "exchange"
    tells = ("exchanges:{exchange_id}",)
    concerns: ClassVar[tuple[str, ...]] = (*VISITORS_SIDE, *HOSTS_SIDE, *OFFICES)

    exchange_id = fields.UUID(required=True)
    visitor = fields.Nested(Party, required=True)
    host = fields.Nested(Party, required=True)

    example: ClassVar = ABOUT


class ExchangeOpened(ExchangeEvent):
    """A match became an exchange: visitor and host can plan it."""

    heard_by = ("identity", "payments", "matching")


class ExchangeRefused(ExchangeEvent):
    """A match did not become an exchange; both are free again."""

    heard_by = ("matching", "identity")
    reason = Choice(REFUSED_MATCHES, required=True)

    example: ClassVar = {**ABOUT, "reason": "exchange_open"}


class ExchangeReady(ExchangeEvent):
    """Both agreements are signed by all: the visitor may arrive."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True


class ArrivalReminded(ExchangeEvent):
    """The planned first day has passed and nobody confirmed the arrival; `escalated`: the support office is told too."""

    heard_by = ("identity",)
    escalated = fields.Boolean(required=True)

    example: ClassVar = {**ABOUT, "escalated": False}


class ExchangeStarted(ExchangeEvent):
    """The visitor arrived: its one visit in the scheme is used up."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    started_on = fields.Date(required=True)
    reason = Choice(REASONS, load_default=None, allow_none=True)

    example: ClassVar = {**ABOUT, "started_on": "2027-03-01", "reason": None}


class ExchangeEnded(ExchangeEvent):
    """The visitor left; the closing report and the host's confirmation of days are awaited."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    ended_on = fields.Date(required=True)
    shortened = fields.Boolean(required=True)
    reason = Choice(REASONS, load_default=None, allow_none=True)

    example: ClassVar = {**ABOUT, "ended_on": "2027-03-07", "shortened": False, "reason": None}


class DaysConfirmed(ExchangeEvent):
    """The host confirmed how many working days the visitor was present."""

    heard_by = ("payments", "identity")
    days_present = Whole(0, 31, required=True)

    example: ClassVar = {**ABOUT, "days_present": 4}


class ExchangeRated(ExchangeEvent):
    """The host rated the usefulness of the exchange, 1 to 5."""

    heard_by = ("matching",)
    usefulness = Whole(1, 5, load_default=None, allow_none=True)

    example: ClassVar = {**ABOUT, "usefulness": 4}


class ReportWritten(ExchangeEvent):
    """The visitor wrote on the closing report."""


class ReportReminded(ExchangeEvent):
    """The closing report is still awaited; `overdue`: its deadline has passed, and the visitor's contact point is told too;
    `escalated`: that was of no use, and the support office is told."""

    heard_by = ("identity",)
    overdue = fields.Boolean(load_default=False)
    escalated = fields.Boolean(required=True)

    example: ClassVar = {**ABOUT, "overdue": True, "escalated": False}


class ReportSubmitted(ExchangeEvent):
    """The closing report lies before the visitor's partnership; `usefulness` is the visitor's own rating, 1 to 5."""

    heard_by = ("identity", "matching")
    usefulness = Whole(1, 5, load_default=None, allow_none=True)

    example: ClassVar = {**ABOUT, "usefulness": 5}


class ReportReturned(ExchangeEvent):
    """The visitor's partnership sent the closing report back with comments."""

    heard_by = ("identity",)


class ReportValidated(ExchangeEvent):
    """The visitor's partnership validated the closing report."""

    heard_by = ("payments", "identity", "registry")
    for_partnerships = True


class DeadlineMoved(ExchangeEvent):
    """The support office moved a deadline."""

    heard_by = ("identity",)
    deadline = Choice(DEADLINES, required=True)
    on = fields.Date(required=True)
    reason = Choice(REASONS, required=True)

    example: ClassVar = {**ABOUT, "deadline": "report", "on": "2027-05-15", "reason": "illness"}


class ExchangeCancelled(ExchangeEvent):
    """The exchange was called off before it started; the visit is not used up."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    reason = Choice(REASONS, required=True)

    example: ClassVar = {**ABOUT, "reason": "illness"}


class ExchangeTerminated(ExchangeEvent):
    """The exchange was broken off while it ran."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    reason = Choice(REASONS, required=True)

    example: ClassVar = {**ABOUT, "reason": "not_as_agreed"}


class NoShowRecorded(ExchangeEvent):
    """The visitor did not come; the visit is not used up."""

    heard_by = ("identity", "matching", "payments", "registry")
    for_partnerships = True
    reason = Choice(REASONS, required=True)

    example: ClassVar = {**ABOUT, "reason": "no_answer"}
