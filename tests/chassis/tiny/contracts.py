"""What the tiny service promises, and what it hears from another that does not exist."""

from __future__ import annotations

from marshmallow import fields

from chassis.bare.fields import Text, Whole
from chassis.bare.message import ANYONE, SERVICES, SIGNED_IN, Command, Event, PageQuery, Query, View, page_of
from chassis.bare.refusals import Conflict, NotFound


class ThingNotFound(NotFound):
    """There is no such thing."""


class ThingSpoilt(Conflict):
    """The thing {thing_id} is spoilt."""


class ThingView(View):
    """A thing."""

    thing_id = fields.UUID(required=True, attribute="id")
    name = fields.String(required=True)
    version = fields.Integer(required=True)


class MakeThing(Command):
    """Make a thing; one called `spoilt` is refused after it was made, one called `bug` fails."""

    service, answers, allowed, asked_by = "tiny", ThingView, (SIGNED_IN, SERVICES), ("asker",)
    name = Text(50, required=True)
    seconds = fields.Float(load_default=0.0)


class TouchThing(Command):
    """Make a thing, too, but without keeping its answer."""

    service, answers, allowed, keyed = "tiny", ThingView, (SIGNED_IN,), False
    name = Text(50, required=True)


class RenameThing(Command):
    """Give a thing another name."""

    service, answers, allowed, if_match = "tiny", ThingView, (SIGNED_IN,), True
    thing_id = fields.UUID(required=True)
    name = Text(50, required=True)


class ForgetReply(Command):
    """A door with a bug: it changes something and answers nothing."""

    service, allowed = "tiny", (SIGNED_IN,)


class ListThings(PageQuery):
    """All things."""

    service, answers, allowed = "tiny", page_of(ThingView), (ANYONE,)


class ForAnyone(Query):
    """Whoever asks."""

    service, allowed = "tiny", (ANYONE,)


class ForServices(Query):
    """One service only."""

    service, allowed, asked_by = "tiny", (SERVICES,), ("registry",)


class ForPersons(Query):
    """Whoever is logged in."""

    service, allowed = "tiny", (SIGNED_IN,)


class ForPorters(Query):
    """One of two roles."""

    service, allowed = "tiny", ("porter", "keeper")


class ForPortersAndServices(Query):
    """A role, or a service."""

    service, allowed, asked_by = "tiny", ("porter", SERVICES), ("registry",)


class ForNobody(Query):
    """Nobody wrote down who may."""

    service = "tiny"


class SignThing(Command):
    """Needs the password of the last five minutes."""

    service, allowed, fresh = "tiny", (SIGNED_IN,), True


class ThingMade(Event):
    """A thing was made; tiny itself hears of it."""

    service, subject_kind, heard_by = "tiny", "thing", ("tiny",)
    tells, concerns = ("things:{name}",), ("auditor",)
    name = fields.String(required=True)


class ThingRenamed(Event):
    """A thing has another name; nobody listens."""

    service, subject_kind = "tiny", "thing"
    name = fields.String(required=True)


class WorkOrdered(Event):
    """Long work is wanted; `name` says how it goes: `fail` fails, `away` meets something unavailable, `idle` changes nothing."""

    service, subject_kind = "tiny", "thing"
    name = fields.String(required=True)
    steps = Whole(0, load_default=0)


class OrderWork(Command):
    """Order long work."""

    service, allowed = "tiny", (SIGNED_IN,)
    name = Text(50, required=True)
    steps = Whole(0, 10, load_default=0)


class ThingNamed(Event):
    """Another service gives a thing another name; the thing may not be here yet."""

    service, subject_kind, heard_by = "elsewhere", "thing", ("tiny",)
    name = fields.String(required=True)


class ThingPoked(Event):
    """Another service pokes; `how` says what happens: `raise` fails, `away:<file>` is unavailable until the file is there,

    `hold:<seconds>` holds the event loop, `busy:<seconds>` shares it, `long:<seconds>:<file>` holds it and notes the run in the file,
    `die:<file>` notes the run and ends the process.
    """

    service, subject_kind, heard_by = "elsewhere", "poke", ("tiny",)
    how = fields.String(required=True)
