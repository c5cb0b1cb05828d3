"""Where a process can be ended on purpose, to show that nothing is lost and nothing done twice there.

There is no setting for it, neither in the environment nor in a file: a setting can be made by mistake, or by somebody who got hold of
one. Only code that runs in the process itself can arm it, which is what the tests' own programs do before they serve; and an armed
process reads no settings but those of development.
"""

from __future__ import annotations

from collections.abc import Callable

UNIT = ("unit.begun", "unit.before_commit", "unit.after_commit")

POINTS = {
    "call": ("call.received", *UNIT, "reply.before_send", "reply.after_send", "call.after_ack"),
    "event": ("event.received", *UNIT, "event.before_ack", "event.after_ack"),
    "due": UNIT,
    "job": ("job.after_claim", *UNIT, "job.before_finish", "job.after_finish"),
    "turn": (*UNIT, "carry.before_publish", "carry.before_confirm", "carry.after_confirm"),
    "wait": ("event.received", "unit.begun", "wait.before_commit", "wait.after_commit", "event.before_ack", "event.after_ack"),
    "again": (*UNIT, "again.before_forget", "again.after_forget"),
    "relay": ("relay.before_publish", "relay.before_confirm", "relay.after_confirm", "relay.after_note"),
    "copy": ("copy.before_publish", "copy.before_confirm", "copy.after_confirm"),
}
"""Every point there is, in the order in which it is reached, by what is under way: a call, an event heard, work at a date, long work,
a turn of what repeats (some carry messages to where no relay does), an event that came too early and is kept, one that was kept and is
tried again, a fact that is relayed, and the copy by which a failed event is passed on to a delay or to the parking."""

Reached = Callable[[str, str], None]

_told: list[Reached] = []


def arm(told: Reached) -> None:
    """Have this told of every point that is reached and at which door (`<kind>:<what opens it>`); it may end the process."""
    _told.append(told)


def is_armed() -> bool:
    """Whether somebody is told."""
    return bool(_told)


def reached(point: str, door: str) -> None:
    """Say that a point is reached at a door; nobody hears it outside of tests."""
    for told in _told:
        told(point, door)
