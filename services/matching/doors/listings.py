"""Doors of listings: hosting paused and resumed, and profiles confirmed from time to time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from chassis.bare.principal import Principal
from chassis.running.doors import answers, due
from chassis.running.occasions import Due
from chassis.running.unit import Unit, Units
from contracts.matching import ConfirmListing, PauseHosting, ReadListing, ResumeHosting
from contracts.matching.refusals import DayIsPast, HostsNobody
from services.matching.doors.searches import plan_news
from services.matching.model import Participant
from services.matching.model.base import HOST
from services.matching.model.limits import DAY
from services.matching.model.listing import ASKED, CURRENT
from services.matching.queries import catalogue, changes, participants, standing

HOSTING_END, QUESTION, REMINDER, END = "hosting_end", "listing_question", "listing_reminder", "listing_end"


class ListingDoors:
    """What a participant decides itself about how it is listed."""

    unit = Units()

    @answers(ReadListing)
    def read_listing(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Show how one's participation is listed."""
        with self.unit() as unit:
            one = participants.own(unit, request["participation_id"], who)
            return unit.reply(_shown(unit, one, who, changes.data_version(unit)))

    @answers(PauseHosting)
    def pause_hosting(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take no new guests for the time being."""
        with self.unit() as unit:
            one, until = participants.own(unit, request["participation_id"], who, to_change=True), request["until"]
            if not one.takes_part_as(HOST):
                raise HostsNobody
            if until and until <= unit.now.date():
                raise DayIsPast
            unit.announce(one.pause_hosting(by=who, until=until))
            unit.announce(one.answer_request(by=who))
            _plan_end_of_pause(unit, one, until)
            return unit.reply(_shown(unit, one, who, changes.count_change(unit, one.participation_id)))

    @answers(ResumeHosting)
    def resume_hosting(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Take guests again."""
        with self.unit() as unit:
            one = participants.own(unit, request["participation_id"], who, to_change=True)
            unit.announce(one.resume_hosting(by=who))
            _plan_end_of_pause(unit, one, None)
            plan_news(unit, one.participation_id)
            return unit.reply(_shown(unit, one, who, changes.count_change(unit, one.participation_id)))

    @answers(ConfirmListing)
    def confirm_listing(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Say that the profile is true: one click."""
        with self.unit() as unit:
            one = participants.own(unit, request["participation_id"], who, to_change=True)
            if one.has_sunk:
                plan_news(unit, one.participation_id)
            unit.announce(one.confirm_listing(by=who, at=unit.now))
            plan_question(unit, one)
            return unit.reply(_shown(unit, one, who, changes.count_change(unit, one.participation_id)))

    @due(HOSTING_END)
    def end_pause(self, work: Due) -> None:
        """The day has come until which a host paused."""
        with self.unit() as unit:
            one = participants.copy(unit, work.subject_id)
            if one is not None and one.hosting_until and one.hosting_until <= unit.now.date():
                unit.announce(one.resume_hosting(by=unit.who))
                plan_news(unit, one.participation_id)
                changes.count_change(unit, one.participation_id)

    @due(QUESTION)
    def ask_confirmation(self, work: Due) -> None:
        """Ask whether a profile is still true; who takes no part at present is asked later."""
        with self.unit() as unit:
            one = participants.copy(unit, work.subject_id)
            if one is None or one.has_ended or one.listing != CURRENT:
                return
            if not one.is_active:
                plan_question(unit, one)
                return
            unit.announce(one.ask_confirmation(by=unit.who, confirm_by=_plan_end_of_question(unit, one)))

    @due(REMINDER)
    def remind_confirmation(self, work: Due) -> None:
        """Ask once more, and say what will be."""
        with self.unit() as unit:
            one = participants.copy(unit, work.subject_id)
            if one is not None and one.is_active and one.listing == ASKED:
                unit.announce(one.remind_confirmation(by=unit.who))

    @due(END)
    def sink(self, work: Due) -> None:
        """Leave whoever did not answer out of lists and catalogue; who takes no part at present cannot answer, and has longer."""
        with self.unit() as unit:
            one = participants.copy(unit, work.subject_id)
            if one is None or one.has_ended or one.listing != ASKED:
                return
            if one.is_active:
                unit.announce(one.sink(by=unit.who))
            else:
                one.confirm_by = _plan_end_of_question(unit, one)
            changes.count_change(unit, one.participation_id)


def confirm_by_change(unit: Unit, one: Participant) -> None:
    """A profile that was accepted or changed just now is true: whoever was asked has answered."""
    if one.listing in (None, CURRENT):
        one.listing, one.confirmed_at = CURRENT, unit.now
    else:
        unit.announce(one.confirm_listing(by=unit.who, at=unit.now))
    plan_question(unit, one)


def plan_question(unit: Unit, one: Participant) -> None:
    """Ask again when the days are over; what was planned before is taken back."""
    for kind in (QUESTION, REMINDER, END):
        unit.unplan(kind, one.participation_id)
    unit.plan(QUESTION, one.participation_id, unit.now + changes.limits(unit).listing_days * DAY)


def _plan_end_of_question(unit: Unit, one: Participant) -> datetime:
    limits = changes.limits(unit)
    end = unit.now + limits.listing_answer_days * DAY
    unit.plan(REMINDER, one.participation_id, unit.now + limits.listing_reminder_days * DAY)
    unit.plan(END, one.participation_id, end)
    return end


def _plan_end_of_pause(unit: Unit, one: Participant, until: date | None) -> None:
    unit.unplan(HOSTING_END, one.participation_id)
    if until is not None:
        unit.plan(HOSTING_END, one.participation_id, datetime.combine(until, time.min, UTC))


def _shown(unit: Unit, one: Participant, who: Principal, version: int) -> dict[str, Any]:
    hosted = standing.hosted_by(unit, one.participation_id)
    names = ("participation_id", "hosting", "hosting_until", "capacity", "listing", "confirmed_at", "confirm_by", "answering", "unanswered")
    places = {"is_host": one.takes_part_as(HOST), "hosted": hosted, "places_left": catalogue.places_left(one, hosted)}
    return {name: getattr(one, name) for name in names} | places | {"moves": one.listing_moves(who), "data_version": version}
