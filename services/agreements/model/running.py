"""The stay itself: arrival, departure, days present, and the ways out of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from chassis.bare.message import Fact
from chassis.bare.principal import Principal
from chassis.bare.refusals import MoveNotAllowed
from contracts.agreements import (
    HOST,
    VISITOR,
    DaysConfirmed,
    ExchangeCancelled,
    ExchangeEnded,
    ExchangeRated,
    ExchangeStarted,
    ExchangeTerminated,
    NoShowRecorded,
    NotAllSigned,
    NotInTheStay,
    ReasonRequired,
    SignedTooLate,
    TooEarly,
    TooManyDays,
)
from services.agreements.model.dates import last_day_there, working_days
from services.agreements.model.lifecycle import SYSTEM
from services.agreements.model.planning import Planning

Why = dict[str, Any]
"""`{"reason", "explanation"}` as a request carries them; the reason may be None where the step does not always need one."""


class Running(Planning):
    """The moves from the open door to the end of the stay, and the side exits."""

    __abstract__ = True

    def confirm_arrival(self, by: Principal, on: date | None, why: Why, at: datetime) -> Fact:
        """The visitor arrived, today or on the day named: its visit is consumed.

        Raises NotAllSigned before both agreements are signed, SignedTooLate when they were signed after the planned stay, TooEarly,
        NotInTheStay; ReasonRequired when it is not the host.
        """
        state = self._after("confirm_arrival", by, self._unsigned())
        self._explained(by, (HOST,), why)
        self.started_on = self._day_of_arrival(on, at.date())
        self.state, self.changed_at = state, at
        return self.fact(ExchangeStarted, started_on=self.started_on, reason=why["reason"])

    def confirm_departure(self, by: Principal, on: date | None, why: Why, at: datetime, report_days: int) -> Fact:
        """The visitor left, today or on the day named; leaving before the last planned day there needs a reason.

        The closing report is due so many days later.
        """
        state = self._after("confirm_departure", by)
        day = self._day_of_departure(on, at.date())
        shortened = day < last_day_there(self._planned_end, self.travel_days)
        self._explained(by, () if shortened else (VISITOR, HOST, SYSTEM), why)
        self.ended_on, self.shortened = day, shortened
        self.report_due_on = at.date() + timedelta(days=report_days)
        self.state, self.changed_at = state, at
        return self.fact(ExchangeEnded, ended_on=day, shortened=shortened, reason=why["reason"])

    def confirm_days(self, by: Principal, days_present: int, at: datetime) -> Fact:
        """How many working days the visitor was present; corrected until the report is validated. Raises TooManyDays."""
        state = self._after("confirm_days", by)
        if self.days_are_final:
            raise MoveNotAllowed(move="confirm_days", subject="exchange", state=self.state)
        if days_present > (most := self.days_there):
            raise TooManyDays(working_days=most)
        self.state, self.changed_at, self.days_present = state, at, days_present
        return self.fact(DaysConfirmed, days_present=days_present)

    def rate_exchange(self, by: Principal, usefulness: int, remarks: str, at: datetime) -> Fact:
        """The host's own rating, 1 to 5."""
        self.state, self.changed_at = self._after("rate_exchange", by), at
        self.host_usefulness, self.host_remarks = usefulness, remarks
        return self.fact(ExchangeRated, usefulness=usefulness)

    def cancel_exchange(self, by: Principal, why: Why, at: datetime) -> Fact:
        """Call it off before it starts; the visit is not used up."""
        self._leave("cancel_exchange", by, why, at)
        return self.fact(ExchangeCancelled, reason=why["reason"])

    def terminate_exchange(self, by: Principal, why: Why, at: datetime) -> Fact:
        """Break it off while it runs."""
        self._leave("terminate_exchange", by, why, at)
        return self.fact(ExchangeTerminated, reason=why["reason"])

    def record_no_show(self, by: Principal, why: Why, at: datetime) -> Fact:
        """The visitor did not come; raises TooEarly before the planned first day is over."""
        self._after("record_no_show", by)
        if at.date() <= self._planned_start:
            raise TooEarly(earliest=(self._planned_start + timedelta(days=1)).isoformat())
        self._leave("record_no_show", by, why, at)
        return self.fact(NoShowRecorded, reason=why["reason"])

    @property
    def travel_days(self) -> list[date]:
        """The travel days of the standing version."""
        return [date.fromisoformat(day) for day in self.commitment.content["plan"]["travel_days"]] if self.commitment else []

    @property
    def days_are_final(self) -> bool:
        """Whether the confirmed days cannot be corrected any more: payments has them, and the report is validated."""
        return self.state == "report_validated" and self.days_present is not None

    @property
    def days_there(self) -> int:
        """The working days between arrival and departure, counted as those of the standing version."""
        if self.started_on is None or self.ended_on is None:
            return 0
        return self.working_days_from(self.started_on, self.ended_on)

    def working_days_from(self, first: date, last: date) -> int:
        """The working days from one day to another, both included, travel left out, counted as those of the standing version."""
        if self.commitment is None:
            return 0
        content = self.commitment.content
        return working_days(first, last, self.travel_days, content["host_country"], content["working_days_method"])

    @property
    def _planned_start(self) -> date:
        return self.start or date.max

    @property
    def _planned_end(self) -> date:
        return self.end or date.max

    def _unsigned(self) -> MoveNotAllowed:
        before = self.state in {"planning", "submitted", "changes_requested", "validated", "signing", "signed"}
        if not before:
            return MoveNotAllowed(move="confirm_arrival", subject="exchange", state=self.state)
        return NotAllSigned(missing=", ".join(self.signatures_missing))

    @property
    def signatures_missing(self) -> list[str]:
        """Every signature that is still needed, as `party (kind)`."""
        return [f"{party} ({kind})" for kind, parties in self.missing_parties.items() for party in parties]

    @property
    def _signed_on(self) -> date:
        texts = (self.commitment, self.financial_agreement)
        return max((each.signed_at.date() for each in texts if each and each.signed_at), default=date.min)

    @property
    def signed_too_late(self) -> bool:
        """Whether the last signature was given when the planned stay was over: what is signed then begins nothing."""
        return self._signed_on > self._planned_end

    def _day_of_arrival(self, on: date | None, today: date) -> date:
        if self.signed_too_late:
            raise SignedTooLate(signed_on=self._signed_on.isoformat(), end=self._planned_end.isoformat())
        # No stay begins before the day on which all had signed.
        earliest, latest = max(self._planned_start, self._signed_on), min(today, self._planned_end)
        if today < earliest:
            raise TooEarly(earliest=earliest.isoformat())
        return self._within(on or latest, earliest, latest)

    def _day_of_departure(self, on: date | None, today: date) -> date:
        latest = min(today, self._planned_end)
        return self._within(on or latest, self.started_on or latest, latest)

    def _within(self, day: date, earliest: date, latest: date) -> date:
        if not earliest <= day <= latest:
            raise NotInTheStay(earliest=earliest.isoformat(), latest=latest.isoformat())
        return day

    def _explained(self, by: Principal, trusted: tuple[str, ...], why: Why) -> None:
        if not set(trusted) & set(self.capacities(by)) and why["reason"] is None:
            raise ReasonRequired
        self._note(by, why)

    def _leave(self, move: str, by: Principal, why: Why, at: datetime) -> None:
        self.state, self.changed_at = self._after(move, by), at
        self._note(by, why)

    def _note(self, by: Principal, why: Why) -> None:
        if why["reason"] is not None:
            self.reason, self.explanation = why["reason"], why["explanation"]
            self.explained_by = self.capacities(by)[0]
