"""Why a unit is opened: a call, an event heard, work that fell due, a job. Each does its own bookkeeping inside the unit.

That bookkeeping is what makes repeats harmless: the key of a command, the id of an event, the claim of a due row or job are
written in the very transaction that has the effect.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.bare.crash_points import reached
from chassis.bare.message import Command, Heard, Query, Request, real_now
from chassis.bare.principal import Principal
from chassis.bare.refusals import KeyReused, Unavailable
from chassis.bare.tables import AnsweredRow, DueRow, HeardRow, JobRow, WaitingRow

if TYPE_CHECKING:
    from chassis.running.frame import Frame
    from chassis.running.unit import Unit

# Made once, and on the tables rather than the mapped classes: each is part of nearly every unit.
_ANSWERED, _HEARD = cast(Table, AnsweredRow.__table__), cast(Table, HeardRow.__table__)
CLAIM = insert(_ANSWERED).on_conflict_do_nothing().returning(_ANSWERED.c.key)
KEEP = update(_ANSWERED).where(_ANSWERED.c.actor == bindparam("mine"), _ANSWERED.c.key == bindparam("under"))
REMEMBER = insert(_HEARD).on_conflict_do_nothing().returning(_HEARD.c.listener)


class Replayed(Exception):
    """This command was carried out before; `reply` is the answer it got then."""

    def __init__(self, reply: dict[str, Any]) -> None:
        self.reply = reply
        super().__init__("carried out before")


class AlreadyDone(Exception):
    """This event was heard, or this work done, before: nothing is left to do."""


class NotYet(Exception):
    """A listener's precondition is not there yet; the event waits and is tried again."""


@dataclass
class Occasion:
    """Who acts, and under which correlation id."""

    who: Principal
    correlation_id: str

    @property
    def door(self) -> str:
        """The kind of door this came to, and what opens it."""
        return ""

    @property
    def only_reads(self) -> bool:
        """Whether its unit changes nothing."""
        return False

    def begin(self, unit: Unit) -> None:
        """Bookkeeping at the start of the unit."""

    def end(self, unit: Unit) -> None:
        """Bookkeeping just before the commit."""


@dataclass
class Call(Occasion):
    """A request that came by RPC."""

    content: dict[str, Any]
    key: str | None = None
    if_match: int | None = None
    deadline: float | None = None
    contract: type[Request] = Request
    reply: dict[str, Any] | None = None

    @property
    def door(self) -> str:
        """A call's, by the request's title."""
        return f"call:{self.contract.slug()}"

    @property
    def only_reads(self) -> bool:
        """A query does."""
        return issubclass(self.contract, Query)

    def begin(self, unit: Unit) -> None:
        """Claim the command's key; a concurrent repeat waits here for the first one's commit.

        Raises Unavailable when the caller's deadline has passed meanwhile: nobody waits for the effect any more.
        """
        if self.deadline is not None and time.time() > self.deadline:
            raise Unavailable("The call came to its turn too late.")
        if not self._is_keyed():
            return
        row = {"actor": self.who.actor, "key": self.key, "request": self.contract.slug(), "content_hash": self._hash()}
        if unit.session.scalar(CLAIM, row | {"reply": {}, "at": real_now()}) is None:
            self._answer_again(unit)

    def end(self, unit: Unit) -> None:
        """Keep the answer beside its key; a keyed command that ends its unit without one is a bug, for its repeat would find nothing."""
        if self._is_keyed():
            if self.reply is None:
                raise TypeError(f"{self.contract.slug()} ended its unit without a reply")
            unit.session.execute(KEEP, {"mine": self.who.actor, "under": self.key, "reply": self.reply | self._hidden()})

    def _answer_again(self, unit: Unit) -> None:
        row = unit.session.get_one(AnsweredRow, (self.who.actor, self.key))
        if (row.request, row.content_hash) != (self.contract.slug(), self._hash()):
            raise KeyReused
        raise Replayed(row.reply)

    def _hidden(self) -> dict[str, Any]:
        return dict.fromkeys(self.contract.shown_once) if issubclass(self.contract, Command) else {}

    def _is_keyed(self) -> bool:
        return self.key is not None and issubclass(self.contract, Command) and self.contract.keyed

    def _hash(self) -> str:
        text = json.dumps([self.content, self.if_match], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Hearing(Occasion):
    """An event that reached a listener; `envelope` is the CloudEvent as it came."""

    envelope: dict[str, Any]
    listener: str
    waiting_row: UUID | None = None
    event: Heard | None = None

    @property
    def door(self) -> str:
        """A listener's, by the event's type."""
        return f"event:{self.listener}"

    def begin(self, unit: Unit) -> None:
        """Remember the event; raises AlreadyDone when it was heard before."""
        row = {"listener": self.listener, "event_id": UUID(self.envelope["id"]), "at": real_now()}
        if self.waiting_row:
            unit.session.execute(delete(WaitingRow).where(WaitingRow.id == self.waiting_row))
        if unit.session.scalar(REMEMBER, row) is None:
            raise AlreadyDone

    def wait(self, frame: Frame, reason: str) -> None:
        """Keep the event in the waiting table, in a transaction of its own, with a longer pause each time."""
        row = {"listener": self.listener, "event_id": UUID(self.envelope["id"]), "event": self.envelope, "reason": reason}
        now = real_now()
        keep = insert(WaitingRow).values(**row, id=func.gen_random_uuid(), since=now, tries=1, next_try_at=now + timedelta(seconds=0.2))
        again = keep.on_conflict_do_update(
            index_elements=["listener", "event_id"],
            set_={"tries": WaitingRow.tries + 1, "reason": reason, "next_try_at": self._later(now)},
        )
        with frame.sessions.begin() as session:
            session.execute(again)
            reached("wait.before_commit", self.door)
        reached("wait.after_commit", self.door)

    @staticmethod
    def _later(now: datetime) -> Any:
        pause = func.least(func.power(2, func.least(WaitingRow.tries, 10)) * 0.2, 30)
        return now + pause * timedelta(seconds=1)


@dataclass
class Due(Occasion):
    """Work whose date has come."""

    row_id: UUID
    kind: str
    subject: str
    at: datetime
    arguments: dict[str, Any] = field(default_factory=dict)
    opened: bool = False
    claimed: bool = False

    @property
    def door(self) -> str:
        """That for due work of its kind."""
        return f"due:{self.kind}"

    @property
    def subject_id(self) -> UUID:
        """The id behind the slash of the subject."""
        return UUID(self.subject.partition("/")[2])

    def begin(self, unit: Unit) -> None:
        """Claim the row; raises AlreadyDone if another process has it or it was taken back."""
        self.opened = True
        claim = select(DueRow).where(DueRow.id == self.row_id, DueRow.done_at.is_(None)).with_for_update(skip_locked=True)
        row = unit.session.scalar(claim)
        if row is None:
            raise AlreadyDone
        self.claimed = True
        row.done_at, row.outcome = unit.now, "done"


@dataclass
class Turn(Occasion):
    """One more round of what a worker process repeats; it may open as many units as it needs, or none."""

    name: str

    @property
    def door(self) -> str:
        """That for turns of this name."""
        return f"turn:{self.name}"


@dataclass
class Job(Occasion):
    """Long work of a worker process, ordered by one of the service's own facts."""

    frame: Frame
    row_id: UUID
    event: Heard

    @property
    def door(self) -> str:
        """That for jobs of its kind."""
        return f"job:{self.event.type}"

    @property
    def data(self) -> dict[str, Any]:
        """The data of the fact that ordered the job."""
        return self.event.data

    @property
    def subject_id(self) -> UUID:
        """The id of the subject of that fact."""
        return self.event.subject_id

    def progress(self, done: int, total: int) -> None:
        """Say how far the work is; seen at once, and renews the claim."""
        from chassis.running.jobs import CLAIM

        values = {"done": done, "total": total, "next_try_at": real_now() + CLAIM}
        with self.frame.sessions.begin() as session:
            session.execute(update(JobRow).where(JobRow.id == self.row_id).values(**values))

    def begin(self, unit: Unit) -> None:
        """Lock the job; raises AlreadyDone when another worker finished it."""
        row = unit.session.scalar(select(JobRow).where(JobRow.id == self.row_id).with_for_update())
        if row is None or row.finished_at is not None:
            raise AlreadyDone
        row.state, row.finished_at, row.done, row.error = "done", real_now(), row.total, None
