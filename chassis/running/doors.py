"""Doors: the methods of a service class through which anything comes in.

`@answers` takes calls, `@listens` events, `@due` work at a date, `@works` long work in the worker process, `@repeats` what that process
does again and again. Each loads what came by its contract, lets the method do its one unit, and turns the outcome into a message; none
trusts what is outside.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog

from chassis.bare.envelope import Envelope
from chassis.bare.message import ANYONE, SERVICES, SIGNED_IN, Event, Heard, Request
from chassis.bare.principal import PERSON, SERVICE, SYSTEM, Principal
from chassis.bare.refusals import LogInAgain, LogInRequired, NotFound, RoleRequired
from chassis.running.nameko_doors import CallEntrypoint, EventEntrypoint
from chassis.running.observability import observed
from chassis.running.occasions import AlreadyDone, Call, Due, Hearing, Job, NotYet, Replayed, Turn

__all__ = ["Answers", "Dues", "Listens", "NotYet", "Repeats", "Works", "answers", "due", "listens", "repeats", "works"]

log = structlog.get_logger()


@dataclass(frozen=True)
class Answers:
    """A door for calls."""

    contract: type[Request]
    method_name: str

    @property
    def opens_on(self) -> str:
        """The request's title."""
        return self.contract.slug()


@dataclass(frozen=True)
class Listens:
    """A door for events of one type."""

    contract: type[Event]
    method_name: str

    @property
    def opens_on(self) -> str:
        """The event's type."""
        return self.contract.slug()


@dataclass(frozen=True)
class Dues:
    """A door for work at a date."""

    opens_on: str
    method_name: str


@dataclass(frozen=True)
class Works:
    """A door for long work, ordered by one of the service's own facts."""

    contract: type[Event]
    method_name: str

    @property
    def opens_on(self) -> str:
        """The type of the fact that orders the work."""
        return self.contract.slug()


@dataclass(frozen=True)
class Repeats:
    """A door that opens by itself in the worker process, again and again, for one process at a time."""

    opens_on: str
    method_name: str
    pause_s: float


Method = Callable[..., Any]


def answers(contract: type[Request]) -> Callable[[Method], Method]:
    """Answer this request: the method gets `who` and the loaded request, and returns `unit.reply(...)`."""

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def door(self: Any, call: Call) -> dict[str, Any]:
            call.contract = contract
            with observed(contract.slug(), call.correlation_id):
                admit(call.who, contract)
                request = contract.read(call.content)
                try:
                    return _checked_reply(method(self, call.who, request), call)
                except Replayed as replayed:
                    return replayed.reply

        return _marked(CallEntrypoint.decorator(door), Answers(contract, method.__name__))

    return decorate


def listens(contract: type[Event]) -> Callable[[Method], Method]:
    """Hear this event: the method gets it as `Heard`; it may raise NotYet to hear it again later."""

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def door(self: Any, hearing: Hearing) -> None:
            with observed(f"on {contract.slug()}", hearing.correlation_id):
                hearing.event = read_event(hearing.envelope, contract)
                try:
                    method(self, hearing.event)
                except AlreadyDone:
                    log.debug("event known already", event_id=hearing.envelope["id"], listener=hearing.listener)

        return _marked(EventEntrypoint.decorator(contract=contract)(door), Listens(contract, method.__name__))

    return decorate


def due(kind: str) -> Callable[[Method], Method]:
    """Do what was planned under this kind: the method gets the Due row's subject, date and arguments."""

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def door(self: Any, occasion: Due) -> None:
            with observed(f"due {kind}", occasion.correlation_id):
                try:
                    method(self, occasion)
                except AlreadyDone:
                    log.debug("due work taken already", kind=kind, subject=occasion.subject)

        return _marked(door, Dues(kind, method.__name__))

    return decorate


def works(contract: type[Event]) -> Callable[[Method], Method]:
    """Do long work in the worker process when the service's own fact orders it."""

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def door(self: Any, job: Job) -> None:
            with observed(f"job {contract.slug()}", job.correlation_id):
                try:
                    method(self, job)
                except AlreadyDone:
                    log.debug("job finished already", kind=contract.slug(), subject=job.event.subject)

        return _marked(door, Works(contract, method.__name__))

    return decorate


def repeats(pause_s: float) -> Callable[[Method], Method]:
    """Do this in the worker process again and again, with that pause in real seconds; of several processes one at a time does it."""

    def decorate(method: Method) -> Method:
        @functools.wraps(method)
        def door(self: Any, turn: Turn) -> None:
            with observed(f"turn {method.__name__}", turn.correlation_id):
                method(self)

        return _marked(door, Repeats(method.__name__, method.__name__, pause_s))

    return decorate


def admit(who: Principal, contract: type[Request]) -> None:
    """Refuse whoever may not ask this at all; deny by default."""
    allowed = set(contract.allowed)
    if ANYONE in allowed:
        return
    if SERVICES in allowed and who.kind == SERVICE and who.id in contract.asked_by:
        return
    if allowed <= {SERVICES}:
        # What services ask each other does not exist for anybody else.
        raise NotFound
    if who.kind == SYSTEM and allowed & who.role_names():
        return
    if who.kind != PERSON:
        raise LogInRequired
    if SIGNED_IN not in allowed and not allowed & who.role_names():
        raise RoleRequired(roles=", ".join(sorted(allowed)))
    if contract.fresh and not who.is_fresh():
        raise LogInAgain


def read_event(envelope: dict[str, Any], contract: type[Event]) -> Heard:
    """An event as its listener hears it; raises InvalidFields when it does not fit its contract."""
    outer = Envelope.read(envelope)
    return Heard(
        id=outer["id"], type=outer["type"], subject=outer["subject"], subject_version=outer["subjectversion"],
        at=outer["time"], actor=outer["actor"], data=contract.read(outer["data"]), audience=tuple(outer["audience"]),
    )  # fmt: skip


def heard_from_row(row: Any, contract: type[Event]) -> Heard:
    """The fact that ordered a job, out of the job's row."""
    return Heard(
        id=row.event_id, type=row.kind, subject=row.subject, subject_version=row.subject_version,
        at=row.at.astimezone(UTC) if isinstance(row.at, datetime) else row.at, actor=row.actor,
        data=contract.read(row.data), audience=tuple(UUID(each) for each in row.audience),
    )  # fmt: skip


def _checked_reply(reply: Any, call: Call) -> dict[str, Any]:
    if call.reply is None or reply is not call.reply:
        raise TypeError(f"the door for {call.contract.slug()} must return unit.reply(...)")
    return call.reply


def _marked(method: Method, door: Any) -> Method:
    method.doors = [*getattr(method, "doors", []), door]  # type: ignore[attr-defined]
    return method
