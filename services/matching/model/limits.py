"""Limits against mass mailing, and the dates of reminders and expiry: dated, sourced figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar

from chassis.bare.dated import FigureRow
from contracts.matching import MatchingFigureAdded
from contracts.matching.refusals import (
    AskedBefore,
    SameTextToMany,
    TooManyConversationsToday,
    TooManyOpenRequests,
    TooManyRequestsToday,
)
from services.matching.model.base import Base
from services.matching.ranking.tokens import plain

DAY = timedelta(days=1)


class Setting(FigureRow, Base):
    """One figure, valid from a day on, and where it comes from."""

    __tablename__ = "setting"
    announced_as: ClassVar = MatchingFigureAdded

    @classmethod
    def followed(cls, row: dict[str, Any], at: datetime) -> Setting:
        """A copy of a row of which another service told."""
        same = {name: row[name] for name in ("name", "value", "valid_from", "source")}
        return cls(id=row["figure_id"], **same, added_at=at)


@dataclass(frozen=True)
class Limits:
    """The figures valid on a day: counts of requests, and days."""

    requests_per_day: int
    open_requests: int
    ask_again_days: int
    first_reminder_days: int
    second_reminder_days: int
    expiry_days: int
    least_working_days: int
    same_text_others: int
    same_text_days: int
    conversations_per_day: int
    listing_days: int
    listing_reminder_days: int
    listing_answer_days: int

    def reminders(self, at: datetime) -> list[datetime]:
        """When whoever was asked at that moment is reminded."""
        return [at + days * DAY for days in (self.first_reminder_days, self.second_reminder_days)]

    def expiry(self, at: datetime) -> datetime:
        """When a request made at that moment expires."""
        return at + self.expiry_days * DAY

    def check_counts(self, *, made_within_a_day: int, waiting: int) -> None:
        """Refuse one request more than is allowed; raises TooManyRequestsToday or TooManyOpenRequests."""
        if made_within_a_day >= self.requests_per_day:
            raise TooManyRequestsToday(limit=self.requests_per_day)
        if waiting >= self.open_requests:
            raise TooManyOpenRequests(limit=self.open_requests)

    def check_text(self, text: str, sent_to_others: Iterable[str]) -> None:
        """Refuse what was sent to as many others already, whatever its case and marks; raises SameTextToMany."""
        same = essence(text)
        if sum(essence(each) == same for each in sent_to_others) >= self.same_text_others:
            raise SameTextToMany(limit=self.same_text_others)

    def check_conversations(self, others_within_a_day: int) -> None:
        """Refuse to write in one more conversation than a day allows; raises TooManyConversationsToday."""
        if others_within_a_day >= self.conversations_per_day:
            raise TooManyConversationsToday(limit=self.conversations_per_day)

    def check_asking_again(self, declined_at: datetime | None, at: datetime) -> None:
        """Refuse to ask anew too soon whoever declined at `declined_at`; raises AskedBefore."""
        if declined_at and declined_at >= self.waits_since(at):
            again = _midnight(declined_at) + self.ask_again_days * DAY
            raise AskedBefore(again_at=again.isoformat())

    def waits_since(self, at: datetime) -> datetime:
        """Whoever was declined from then on has to wait. In whole days, or a list would change in the middle of one."""
        return _midnight(at) - (self.ask_again_days - 1) * DAY


def essence(text: str) -> str:
    """The words of a text alone: one with other marks, accents or capitals is the same text still."""
    return " ".join(re.findall(r"[^\W_]+", plain(text)))


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), time.min, UTC)
