"""Whether a host answers those who ask it: warned first, then behind all others in lists, and back with one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.bare.lifecycle import Lifecycle, move
from chassis.bare.message import Event, Fact
from chassis.bare.principal import Principal
from contracts.matching.listing_events import SilenceWarned, SilentHostRisen, SilentHostSunk
from services.matching.model.base import ITSELF
from services.matching.model.listing import PAUSED, REPRESENTATIVE

ANSWERS, WARNED, SILENT = "answers", "warned", "silent"

ANSWERING = Lifecycle(
    "answering",
    ANSWERS,
    move("warn_of_silence", ANSWERS, WARNED, ITSELF),
    move("sink_in_silence", WARNED, SILENT, ITSELF),
    move("rise", (WARNED, SILENT), ANSWERS, REPRESENTATIVE),
)
"""Nobody sinks who was not told before, and everybody rises by one answer, or by saying that it does not host at present."""


@dataclass(frozen=True)
class Silence:
    """The figures of the day: how many requests in a row, and how long after the warning."""

    silent_requests: int
    silence_notice_days: int


class Answering:
    """The part of a participant that follows from how it answers as a host."""

    if TYPE_CHECKING:
        participation_id: Mapped[UUID]
        organisation_id: Mapped[UUID]
        hosting: Mapped[str]

        @property
        def is_active(self) -> bool:
            """Whether it takes part at present."""

        def listing_roles(self, who: Principal) -> set[str]:
            """What somebody is to its listing."""

    answering: Mapped[str] = mapped_column(String(10), default=ANSWERS, server_default=ANSWERS)
    unanswered: Mapped[int] = mapped_column(default=0, server_default="0")
    """So many requests to it as a host expired one after the other, with no answer between."""
    silence_warned_at: Mapped[datetime | None]

    @property
    def is_silent(self) -> bool:
        """Whether it stands behind all others in visitors' lists."""
        return self.answering == SILENT

    def miss_request(self, *, by: Principal, at: datetime, silence: Silence) -> Fact | None:
        """A request to it as a host expired without an answer; who takes no guests just now need not answer."""
        if not self.is_active or self.hosting == PAUSED:
            return None
        self.unanswered += 1
        notice = timedelta(days=silence.silence_notice_days)
        if self.answering == ANSWERS and self.unanswered >= silence.silent_requests - 1:
            return self.warn_of_silence(by=by, at=at, sinks_from=at + notice)
        if self.answering == WARNED and self.unanswered >= silence.silent_requests and self._was_warned_by(at - notice):
            return self.sink_in_silence(by=by)
        return None

    def answer_request(self, *, by: Principal) -> Fact | None:
        """It answered a request, or says that it takes no guests: what it missed counts no more."""
        self.unanswered = 0
        return None if self.answering == ANSWERS else self.rise(by=by)

    def warn_of_silence(self, *, by: Principal, at: datetime, sinks_from: datetime) -> Fact:
        """Tell it what will be if it lets one more request expire from that day on."""
        self.answering = ANSWERING.after(self.answering, "warn_of_silence", self.listing_roles(by))
        self.silence_warned_at = at
        return self._said(SilenceWarned, sinks_from=sinks_from.date())

    def sink_in_silence(self, *, by: Principal) -> Fact:
        """It did so: it stands behind all others."""
        self.answering = ANSWERING.after(self.answering, "sink_in_silence", self.listing_roles(by))
        return self._said(SilentHostSunk)

    def rise(self, *, by: Principal) -> Fact:
        """It stands where its score puts it."""
        self.answering = ANSWERING.after(self.answering, "rise", self.listing_roles(by))
        self.silence_warned_at = None
        return self._said(SilentHostRisen)

    def _was_warned_by(self, at: datetime) -> bool:
        return self.silence_warned_at is not None and self.silence_warned_at <= at

    def _said(self, event: type[Event], **data: object) -> Fact:
        ids = {"participation_id": self.participation_id, "organisation_id": self.organisation_id}
        return event.of(self.participation_id, **ids, **data)
