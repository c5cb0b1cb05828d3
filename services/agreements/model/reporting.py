"""The closing report: written by the visitor, validated by its partnership, reminded of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from chassis.bare.message import Fact
from chassis.bare.principal import Principal
from contracts.agreements import (
    ArrivalReminded,
    DaysDoNotFit,
    DeadlineMoved,
    ReportNotFound,
    ReportReminded,
    ReportReturned,
    ReportSubmitted,
    ReportValidated,
    ReportWritten,
    TooEarly,
)
from services.agreements.model.report import ClosingReport
from services.agreements.model.running import Running, Why


class Reporting(Running):
    """The moves after the stay, and the reminders."""

    __abstract__ = True

    def write_report(self, by: Principal, answers: dict[str, Any], at: datetime) -> Fact:
        """Replace the report by loaded answers, complete or not; raises DaysDoNotFit."""
        state = self._after("write_report", by)
        self._check_days(answers["first_day"], answers["last_day"], answers["days_present"])
        self.state, self.changed_at = state, at
        self.report = self.report or ClosingReport(comments="")
        self.report.write(answers)
        return self.fact(ReportWritten)

    def submit_report(self, by: Principal, at: datetime) -> Fact:
        """Lay the report before the visitor's partnership; raises ReportNotFound, ReportIncomplete, DaysDoNotFit."""
        state = self._after("submit_report", by)
        report = self._written()
        report.complete(self.objectives)
        # Written before the departure, the days were not yet held against it.
        self._check_days(report.first_day, report.last_day, report.days_present)
        report.submitted_at, report.comments = at, ""
        self.state, self.changed_at = state, at
        return self.fact(ReportSubmitted, usefulness=report.usefulness)

    def return_report(self, by: Principal, comments: str, at: datetime) -> Fact:
        """Send the report back, saying what to change."""
        self.state, self.changed_at = self._after("return_report", by), at
        self._written().comments = comments
        return self.fact(ReportReturned)

    def validate_report(self, by: Principal, at: datetime) -> Fact:
        """The report is good; what is left is the payment."""
        self.state, self.changed_at = self._after("validate_report", by), at
        self._written().validated_at = at
        return self.fact(ReportValidated)

    def move_deadline(self, by: Principal, deadline: str, on: date, why: Why, at: datetime) -> Fact:
        """Give more time; raises TooEarly for a day that has passed."""
        state = self._after("move_deadline", by)
        if on < at.date():
            raise TooEarly(earliest=at.date().isoformat())
        self.report_due_on, self.state, self.changed_at = on, state, at
        self._note(by, why)
        return self.fact(DeadlineMoved, deadline=deadline, on=on, reason=why["reason"])

    def remind_of_arrival(self, escalated: bool) -> Fact | None:
        """Nobody confirmed the arrival; None when it is no longer awaited."""
        return self.fact(ArrivalReminded, escalated=escalated) if self.state == "ready" else None

    def remind_of_report(self, at: datetime, overdue_before: bool = False) -> Fact | None:
        """The closing report is awaited; None when it is no longer. Past its deadline for the second time it is escalated."""
        if self.state not in {"ended", "report_returned"} or self.report_due_on is None:
            return None
        overdue = at.date() > self.report_due_on
        return self.fact(ReportReminded, overdue=overdue, escalated=overdue and overdue_before)

    @property
    def objectives(self) -> list[str]:
        """The objectives of the standing version, each of which the report answers to."""
        return list(self.commitment.content["plan"]["objectives"]) if self.commitment else []

    def _check_days(self, first: date | None, last: date | None, present: int | None) -> None:
        """Hold what the visitor states of its days against the stay, as far as either is known."""
        earliest, latest = self.started_on or self._planned_start, self.ended_on or self._planned_end
        for name, day in (("first_day", first), ("last_day", last)):
            if day is not None and not earliest <= day <= latest:
                raise _misfit(name, f"it lasted from {earliest.isoformat()} to {latest.isoformat()}")
        if first is not None and last is not None and present is not None and present > (most := self.working_days_from(first, last)):
            raise _misfit("days_present", f"from {first.isoformat()} to {last.isoformat()} there were {most} working days")

    def _written(self) -> ClosingReport:
        if self.report is None:
            raise ReportNotFound
        return self.report


def _misfit(name: str, problem: str) -> DaysDoNotFit:
    return DaysDoNotFit(problem=problem, fields={name: [problem[0].upper() + problem[1:] + "."]})
