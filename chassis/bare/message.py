"""What contracts are made of: requests with their answers, views, events, facts.

A contract is a marshmallow schema with one example. Requests refuse fields they do not know; views and events, read by others,
leave out what the reader does not know, so that contracts can grow.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any, ClassVar
from uuid import UUID, uuid4

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing

from chassis.bare.fields import Instant, Text, Whole
from chassis.bare.refusals import InvalidFields, Refusal, snake_case

ANYONE = "anyone"
SIGNED_IN = "signed_in"
SERVICES = "services"

MOST_PER_PAGE = 100


class Contract(Schema):
    """A promised shape."""

    example: ClassVar[dict[str, Any]] = {}

    def _serialize(self, obj: Any, *, many: bool = False) -> Any:
        # As marshmallow does it, but what is the same for every value is looked up once: half the time of an answer's dump.
        if many:
            return super()._serialize(obj, many=many)
        has_items, written = hasattr(obj, "__getitem__"), {}
        for key, name, attribute, field_ in self._plan:
            value = _value(obj, attribute, has_items) if attribute else missing
            value = field_.serialize(name, obj, self.get_attribute) if value is missing else field_._serialize(value, name, obj)
            if value is not missing:
                written[key] = value
        return written

    @cached_property
    def _plan(self) -> list[tuple[str, str, str, Any]]:
        """Of each field the key, the name, and the attribute it is read from: empty where that takes more than a look."""
        return [(each.data_key or name, name, _attribute(each, name), each) for name, each in self.dump_fields.items()]

    @classmethod
    def slug(cls) -> str:
        """The contract's name on the wire: `SignAgreement` is `sign_agreement`."""
        return snake_case(cls.__name__)

    @classmethod
    def description(cls) -> str:
        """Its docstring, as one text."""
        return inspect.getdoc(cls) or ""

    @classmethod
    @cache
    def _shape(cls) -> Contract:
        # Making a schema costs far more than using it, and nothing of a use stays in it.
        return cls()

    @classmethod
    def read(cls, data: Any) -> dict[str, Any]:
        """Load data of this shape; raises InvalidFields naming every field that is wrong."""
        try:
            return dict(cls._shape().load(data))
        except ValidationError as error:
            raise InvalidFields(fields=error.normalized_messages()) from error
        except RecursionError as error:
            raise InvalidFields(fields={"_schema": ["Nested too deeply."]}) from error

    @classmethod
    def write(cls, value: Any) -> dict[str, Any]:
        """Dump an object or mapping into this shape."""
        return dict(cls._shape().dump(value))


def _attribute(field_: Any, name: str) -> str:
    attribute = field_.attribute or name
    return attribute if field_._CHECK_ATTRIBUTE and "." not in attribute else ""


def _value(obj: Any, attribute: str, has_items: bool) -> Any:
    if has_items:
        try:
            return obj[attribute]
        except (KeyError, IndexError, TypeError, AttributeError):
            pass
    return getattr(obj, attribute, missing)


class View(Contract):
    """What is shown of something. A `version` in it becomes the ETag."""

    class Meta:
        unknown = EXCLUDE


class Nothing(View):
    """An answer without content (204)."""


class Stream(View):
    """An answer that goes on: the gateway sends words as they come, as server-sent events, until `ends_at`.

    The service says who listens: `hears` are the roles and places, in the form of a hint's `to`. None of it is shown to anybody.
    """

    session_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    hears = fields.List(fields.String(), required=True)
    ends_at = Instant(required=True)

    example: ClassVar = {
        "session_id": "2f1c1f56-6f1e-4c93-b6f7-3b1f7a1d3f13",
        "person_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c04",
        "hears": ["person@7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c04", "representative@7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c02"],
        "ends_at": "2026-11-02T21:00:00Z",
    }


class Request(Contract):
    """What one asks of a service. Subclass Query for reads and Command for everything that changes something."""

    service: ClassVar[str] = ""
    answers: ClassVar[type[View]] = Nothing
    allowed: ClassVar[tuple[str, ...]] = ()
    """Role names that may ask at all, or ANYONE, SIGNED_IN, SERVICES. The model decides the rest; nothing here refuses all."""
    asked_by: ClassVar[tuple[str, ...]] = ()
    """Which services, and whether the gateway, may ask as themselves, where SERVICES may: those that need to, and no other."""
    rule: ClassVar[str] = ""
    """The finer rule in one sentence, where roles alone do not say it."""
    refusals: ClassVar[tuple[type[Refusal], ...]] = ()
    file_types: ClassVar[tuple[str, ...]] = ()
    """The media types of the file that it answers with, if it does."""
    fresh: ClassVar[bool] = False
    """Whether the person must have given the password within the last five minutes."""
    heavy: ClassVar[bool] = False
    """Whether it keeps a processor busy for long (hashing a password); only a few such are let in at once, apart from all others."""

    class Meta:
        unknown = RAISE


class Query(Request):
    """A read; it changes nothing."""


class Command(Request):
    """A change; repeated with the same key by the same actor it has its effect once and answers the same."""

    keyed: ClassVar[bool] = True
    """Whether HTTP clients must send an Idempotency-Key."""
    if_match: ClassVar[bool] = False
    """Whether the caller must name the version it read (If-Match)."""
    if_match_again: ClassVar[bool] = False
    """The same from the second time on: the first time there is no version to name."""
    shown_once: ClassVar[tuple[str, ...]] = ()
    """Fields of the answer that are kept nowhere, as a secret must not be: a repeat under the same key finds null there."""


class PageQuery(Query):
    """A read of a list, a page at a time; `after` is the cursor that the page before gave as `next`."""

    after = Text(500, load_default=None, metadata={"description": "Cursor: the `next` of the page before."})
    limit = Whole(1, MOST_PER_PAGE, load_default=25, metadata={"description": "At most so many items, 1 to 100."})


class FullPageQuery(PageQuery):
    """The same for lists that are short as a rule: a page is as long as pages may be, unless fewer items are asked for."""

    limit = Whole(1, MOST_PER_PAGE, load_default=MOST_PER_PAGE, metadata={"description": "At most so many items, 1 to 100."})


class Page(View):
    """A page of a list; `next` is null on the last one."""

    next = fields.String(allow_none=True)


def page_of(view: type[View]) -> type[Page]:
    """The page contract for items of one view."""
    name = f"{view.__name__}Page"
    doc = f"A page of: {view.description().splitlines()[0]}"
    body = {"items": fields.List(fields.Nested(view)), "__doc__": doc, "example": {"items": [view.example], "next": None}}
    return type(name, (Page,), body)


class Event(Contract):
    """Something that happened. Its subject is `<kind>/<id>`; its fields are ids, times and amounts, nothing personal."""

    service: ClassVar[str] = ""
    subject_kind: ClassVar[str] = ""
    heard_by: ClassVar[tuple[str, ...]] = ()
    """The services that listen. A check holds this against the listeners in the code; the topology is made from it."""
    for_partnerships: ClassVar[bool] = False
    """Whether partnership systems in the fact's audience receive it."""
    tells: ClassVar[tuple[str, ...]] = ()
    """What pages fetch anew when it happened: words of the API's addresses, `exchanges:{exchange_id}` with what the data hold."""
    concerns: ClassVar[tuple[str, ...]] = ()
    """Whom that is told, and nobody else: `role@field` or `person@field` (fields of fields with dots), or a role held everywhere."""

    class Meta:
        unknown = EXCLUDE

    @classmethod
    def of(cls, subject: UUID, /, *, audience: Any = (), **data: Any) -> Fact:
        """A fact of this type about one subject; raises InvalidFields if the data do not fit (a bug)."""
        plain = cls.write(data)
        cls.read(plain)
        if missing := set(data) - set(cls._declared_fields):
            raise TypeError(f"{cls.slug()} has no field {', '.join(sorted(missing))}")
        return Fact(cls.slug(), f"{cls.subject_kind}/{subject}", plain, tuple(sorted({str(each) for each in audience if each})))


@dataclass(frozen=True)
class Fact:
    """One thing that happened, as a rule returns it: plain data, so that two facts compare with ==."""

    type: str
    subject: str
    data: dict[str, Any] = field(default_factory=dict)
    audience: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heard:
    """An event as a listener hears it; `data` is loaded by its contract."""

    id: UUID
    type: str
    subject: str
    subject_version: int
    at: datetime
    actor: str
    data: dict[str, Any]
    audience: tuple[UUID, ...] = ()

    @property
    def subject_id(self) -> UUID:
        """The id behind the slash of the subject."""
        return UUID(self.subject.partition("/")[2])


def new_id() -> UUID:
    """A fresh random identifier; identifiers are never reused."""
    return uuid4()


def real_now() -> datetime:
    """Real time, aware, in UTC: for tokens, deadlines and logs, never for rules."""
    return datetime.now(UTC)


def kinds_of(event: type[Event]) -> Iterator[type[Event]]:
    """Every contract that builds on this one."""
    for kind in event.__subclasses__():
        yield kind
        yield from kinds_of(kind)
