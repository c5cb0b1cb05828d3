"""A unit is one database transaction: everything a door changes, it changes in one unit.

Facts announced in it become journal rows of the same transaction, numbered and chained per subject; a relay publishes them later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import structlog
from nameko.extensions import DependencyProvider
from sqlalchemy import Select, insert, select, text, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from chassis.bare.crash_points import reached
from chassis.bare.lifecycle import noting
from chassis.bare.message import Command, Fact, new_id, real_now
from chassis.bare.principal import Principal
from chassis.bare.refusals import ConcurrentChange, IfMatchRequired, Refusal, StaleVersion, Unavailable
from chassis.bare.tables import DueRow, JobRow, JournalRow
from chassis.running import observability
from chassis.running.frame import Frame, Provided
from chassis.running.occasions import Call, Occasion
from chassis.running.paging import page_rows

T = TypeVar("T")

log = structlog.get_logger()

JOURNAL_LOCK = 7_201
LOCK_AND_LOOK = text(
    "SELECT pg_advisory_xact_lock(:lock, hashtext(:subject));"
    " SELECT subject_version, hash FROM journal WHERE subject = :subject ORDER BY subject_version DESC LIMIT 1"
)
"""The end of a subject's chain, which nobody else writes on until this transaction ends.

Two statements in one message: the second begins when the first has its lock, and so sees what that had to wait for. The lock has two
keys: those with one are the relay's and the migrations'.
"""
WRITE = insert(JournalRow.__table__)  # type: ignore[arg-type]
TAKEN = {"23505", "23P01"}
"""PostgreSQL's codes for a unique key and an exclusion that somebody else took first."""
AWAY = (OperationalError, InterfaceError, PoolExhausted)
"""What the database's absence looks like; a pool without a free connection counts, for it frees itself."""
DISK_FULL = "53100"
"""PostgreSQL's code for a disk without room: it goes on reading, and writes again as soon as there is some."""


class Unit:
    """One transaction of one occasion. `now` is domain time, `who` the principal who acts."""

    def __init__(self, frame: Frame, session: Session, occasion: Occasion) -> None:
        self.session = session
        self.now: datetime = frame.clock.now()
        self.who: Principal = occasion.who
        self._frame, self._occasion = frame, occasion
        self._facts: list[Fact] = []

    def announce(self, facts: Fact | Iterable[Fact] | None) -> None:
        """Write what happened to the journal when this unit commits."""
        if isinstance(facts, Fact):
            self._facts.append(facts)
        elif facts is not None:
            self._facts.extend(facts)

    def plan(self, kind: str, subject_id: UUID, at: datetime, /, **arguments: Any) -> None:
        """Have the service's `@due(kind)` door opened at that domain time; arguments are plain JSON."""
        self.session.add(DueRow(kind=kind, subject=f"{kind}/{subject_id}", arguments=arguments, at=at))

    def unplan(self, kind: str, subject_id: UUID) -> None:
        """Take back what was planned of that kind for that subject, is not done yet and is not being done just now."""
        is_open = (DueRow.kind == kind, DueRow.subject == f"{kind}/{subject_id}", DueRow.done_at.is_(None))
        # Work that has begun has claimed its row and waits for the subject, which we hold: waiting for it in turn would be a deadlock.
        # It looks again whether it still applies when its turn comes.
        rows = select(DueRow.id).where(*is_open).with_for_update(skip_locked=True)
        self.session.execute(update(DueRow).where(DueRow.id.in_(rows)).values(done_at=self.now, outcome="taken back"))

    def expect(self, row: Any) -> None:
        """Refuse with StaleVersion unless the caller named the version that the row has now (If-Match).

        `row` may be None where the first writing needs no version (`if_match_again`). Raises IfMatchRequired if none is named.
        """
        if row is not None:
            self.expect_version(row.version)

    def expect_version(self, version: int) -> None:
        """The same for what is no row of its own, but has a version all the same."""
        call = self._occasion
        if not isinstance(call, Call) or not issubclass(call.contract, Command):
            return
        if not (call.contract.if_match or call.contract.if_match_again):
            return
        if call.if_match is None:
            raise IfMatchRequired
        if call.if_match != version:
            raise StaleVersion(version=version)

    def answer_repeat(self) -> None:
        """Raise Replayed if this command was carried out before: for doors whose work outside of any unit must not be done again."""
        if isinstance(self._occasion, Call):
            self._occasion.answer_repeat(self)

    def one(self, statement: Select[T], refusal: type[Refusal], **details: Any) -> T:
        """The one row of a statement; raises the refusal if there is none."""
        found = self.session.scalar(statement)
        if found is None:
            raise refusal(**details)
        return found

    def page(self, statement: Select[Any], order: tuple[Any, ...], request: dict[str, Any]) -> dict[str, Any]:
        """One page of a statement, in that order, as `{"items", "next"}`; the last column of the order must be unique."""
        return page_rows(self.session, statement, order, request["after"], request["limit"])

    def reply(self, value: Any = None, **extras: Any) -> dict[str, Any]:
        """Dump a value by the request's view (extras stand in for attributes) and keep it as the answer to this command."""
        self.session.flush()
        if not isinstance(self._occasion, Call):
            raise TypeError("only a call is replied to")
        self._occasion.reply = self._occasion.contract.answers.write(_Overlay(value, extras) if extras else value)
        return self._occasion.reply

    def history_page(self, subject: str, request: dict[str, Any]) -> dict[str, Any]:
        """One page of the journal rows of a subject (`<kind>/<id>`), the oldest first."""
        return self.page(select(JournalRow).where(JournalRow.subject == subject), (JournalRow.subject_version,), request)

    def history(self, subject: str) -> list[JournalRow]:
        """The journal rows of one subject (`<kind>/<id>`), in order: its history."""
        return list(self.session.scalars(select(JournalRow).where(JournalRow.subject == subject).order_by(JournalRow.subject_version)))

    @property
    def has_announced(self) -> bool:
        """Whether there is something for the relay and the workers."""
        return bool(self._facts)

    def write_journal(self) -> None:
        """Number, chain and add the announced facts; and the jobs they order."""
        if not self._facts:
            return
        self.session.flush()
        by_subject: dict[str, list[Fact]] = defaultdict(list)
        for fact in self._facts:
            by_subject[fact.subject].append(fact)
        rows: dict[int, JournalRow] = {}
        # Locked in one order everywhere, so that two units with the same subjects cannot wait for each other.
        for subject in sorted(by_subject):
            rows |= {id(fact): row for fact, row in zip(by_subject[subject], self._chained(subject, by_subject[subject]), strict=True)}
        written = [rows[id(fact)] for fact in self._facts]
        self.session.execute(WRITE, [row.as_written() for row in written])
        self._order_jobs(written)

    def _chained(self, subject: str, facts: list[Fact]) -> list[JournalRow]:
        last = self.session.execute(LOCK_AND_LOOK, {"lock": JOURNAL_LOCK, "subject": subject}).first()
        version, previous_hash = last or (0, "")
        rows = []
        for number, fact in enumerate(facts, version + 1):
            row = self._row(fact, number)
            row.seal(previous_hash)
            previous_hash = row.hash
            rows.append(row)
        return rows

    def _row(self, fact: Fact, number: int) -> JournalRow:
        return JournalRow(
            id=new_id(), type=fact.type, subject=fact.subject, subject_version=number, at=self.now, actor=self.who.actor,
            audience=list(fact.audience), data=fact.data, correlation_id=self._occasion.correlation_id, recorded_at=real_now(),
        )  # fmt: skip

    def _order_jobs(self, rows: list[JournalRow]) -> None:
        from chassis.running.doors import Works

        doors = self._frame.doors(Works)
        for row in rows:
            if row.type in doors:
                same = {
                    name: getattr(row, name) for name in ("subject", "data", "audience", "actor", "subject_version", "at", "correlation_id")
                }
                self.session.add(JobRow(kind=row.type, event_id=row.id, next_try_at=real_now(), state="queued", **same))


class _Overlay:
    """A value with some attributes laid over it for dumping."""

    def __init__(self, value: Any, extras: dict[str, Any]) -> None:
        self._value, self._extras = value, extras

    def __getattr__(self, name: str) -> Any:
        if name in self._extras:
            return self._extras[name]
        if isinstance(self._value, dict):
            try:
                return self._value[name]
            except KeyError:
                raise AttributeError(name) from None
        return getattr(self._value, name)


OpenUnit = Callable[..., AbstractContextManager[Unit]]


class Units(DependencyProvider, Provided):
    """Gives a service `self.unit`: `with self.unit() as unit:`.

    `self.unit(reading=True)` only looks: for what must be known before slow work outside of any unit.
    `self.unit(steady=True)` sees everything as it was at its first look, whatever others commit meanwhile: for answers that
    several statements make together. What it changes must be its own rows only, or the database refuses a concurrent change.
    `self.unit(traced=True)` is a query's that announces something nevertheless: that somebody read. Other queries have no transaction.
    """

    if TYPE_CHECKING:

        def __call__(self, *, reading: bool = False, steady: bool = False, traced: bool = False) -> AbstractContextManager[Unit]:
            """What a door sees is not this provider but what it provides."""

    def get_dependency(self, worker_ctx: Any) -> OpenUnit:
        """nameko's way of asking."""
        return self.given(self.container.config["frame"], worker_ctx.args[0])

    def given(self, frame: Frame, occasion: Occasion) -> OpenUnit:
        """A function that opens a unit for this occasion."""

        def unit(*, reading: bool = False, steady: bool = False, traced: bool = False) -> AbstractContextManager[Unit]:
            return look(frame, occasion) if reading else open_unit(frame, occasion, steady, traced)

        return unit


@contextmanager
def look(frame: Frame, occasion: Occasion) -> Iterator[Unit]:
    """Looks without the occasion's bookkeeping; nothing can be changed in it. Raises Unavailable."""
    try:
        with frame.looking() as session:
            yield Unit(frame, session, occasion)
    except AWAY as error:
        raise Unavailable(_why_away(error)) from error


@contextmanager
def open_unit(frame: Frame, occasion: Occasion, steady: bool = False, traced: bool = False) -> Iterator[Unit]:
    """Run one transaction; it commits on leaving, rolls back on any exception. A `steady` one looks at one state of the database.

    A query changes nothing, so it needs no transaction (unless it is `traced`): each of its statements sees what is committed by then.
    Raises ConcurrentChange when a concurrent change won, Unavailable when the database is away or had to break a deadlock.
    """
    try:
        sessions = frame.looking if occasion.only_reads and not (steady or traced) else frame.sessions
        with noting() as moves, sessions.begin() as session:
            if steady:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            unit = Unit(frame, session, occasion)
            occasion.begin(unit)
            reached("unit.begun", occasion.door)
            yield unit
            unit.write_journal()
            occasion.end(unit)
            reached("unit.before_commit", occasion.door)
    except StaleDataError as error:
        raise ConcurrentChange from error
    except AWAY as error:
        raise Unavailable(_why_away(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("The connection to the database broke.") from error
        if getattr(error.orig, "pgcode", None) in TAKEN:
            log.warning("two did the same at once", constraint=error.orig.diag.constraint_name)  # type: ignore[union-attr]
            raise ConcurrentChange from error
        raise
    observability.count_moves(frame.name, occasion.door, moves)
    reached("unit.after_commit", occasion.door)
    if unit.has_announced:
        frame.committed()


def _why_away(error: Exception) -> str:
    if getattr(getattr(error, "orig", None), "pgcode", None) == DISK_FULL:
        log.error("the database has no room left on its disk")
        return "The database has no room for changes just now."
    return "The database cannot be reached just now."
