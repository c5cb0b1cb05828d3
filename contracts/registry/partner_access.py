"""Partnership systems' access: a login with a queue of its own on the broker, and the same events over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from marshmallow import fields

from chassis.bare.fields import Choice, Instant, Several, Text, Whole
from chassis.bare.message import SERVICES, Command, PageQuery, View, page_of
from chassis.bare.refusals import Conflict, Forbidden, MoveNotAllowed, NotFound, TooManyAttempts
from contracts.partners.envelope import EVENT_ID, PartnerEnvelope
from contracts.registry.partnerships import PartnershipNotFound, PartnershipSummary

PARTNER_SYSTEM = "partner_system"
"""The role of a partnership's system: it reads that partnership's events, and nothing else."""
CONTACT_POINTS = ("registrations", "agreements", "finance")
OFFICES = ("administrator", "support_officer")
ACCESS_STATES = ("open", "revoked")
PARTNERSHIP_ID = PartnershipSummary.example["partnership_id"]
HERE: dict[str, Any] = {"partnership_id": PARTNERSHIP_ID}


class NoPartnerAccess(NotFound):
    """This partnership has no access for a system, or none that you may see. Open one first."""


class PartnerAccessOpen(Conflict):
    """This partnership's access is open already. Rotate it for a new secret, or revoke it first."""


class PartnerLogInFailed(Forbidden):
    """Login or secret of the partnership system is not right. Ask a contact point to rotate the access for a new secret."""


class PartnerAccessView(View):
    """A partnership system's access, and how its queue was when it was looked at last (`measured_at`; null: not yet).

    `ready` is true once the broker has login, rights and queue as they are to be. `waiting` counts the events in the queue, `parked`
    those that were rejected, too old or too many, and `consumers` the programs that read it.
    """

    partnership_id = fields.UUID(required=True)
    login = Text(100, required=True)
    queue = Text(100, required=True)
    amqp_address = fields.String(required=True, allow_none=True)
    state = Choice(ACCESS_STATES, required=True)
    ready = fields.Boolean(required=True)
    opened_at = Instant(required=True)
    secret_since = Instant(required=True)
    revoked_at = Instant(required=True, allow_none=True)
    waiting = Whole(required=True, allow_none=True)
    parked = Whole(required=True, allow_none=True)
    consumers = Whole(required=True, allow_none=True)
    measured_at = Instant(required=True, allow_none=True)
    last_consumer_at = Instant(required=True, allow_none=True)

    example: ClassVar[dict[str, Any]] = {
        "partnership_id": PARTNERSHIP_ID,
        "login": "partner.blues-7d1c0a4e3b52",
        "queue": "partner.blues-7d1c0a4e3b52.5f0c9a71d2e84b36",
        "amqp_address": "amqps://broker.example.org:5671/partners",
        "state": "open",
        "ready": True,
        "opened_at": "2027-01-08T09:00:00Z",
        "secret_since": "2027-01-08T09:00:00Z",
        "revoked_at": None,
        "waiting": 0,
        "parked": 0,
        "consumers": 1,
        "measured_at": "2027-01-08T09:15:00Z",
        "last_consumer_at": "2027-01-08T09:15:00Z",
    }


class PartnerAccessSecret(PartnerAccessView):
    """An access with its secret, which is shown this once and kept nowhere: a repeat finds null. Who loses it rotates the access."""

    secret = fields.String(required=True, allow_none=True)

    example: ClassVar[dict[str, Any]] = {
        **PartnerAccessView.example,
        "ready": False,
        "waiting": None,
        "parked": None,
        "consumers": None,
        "measured_at": None,
        "last_consumer_at": None,
        "secret": "(48 letters and digits)",
    }


class _OfOnePartnership(Command):
    """A command about one partnership's access; its secret is shown to whoever asks first, and a repeat changes nothing."""

    service = "registry"
    answers: ClassVar[type[View]] = PartnerAccessSecret
    allowed: ClassVar[tuple[str, ...]] = CONTACT_POINTS
    rule = "The partnership's own contact points."
    shown_once: ClassVar[tuple[str, ...]] = ("secret",)
    fresh = True
    partnership_id = fields.UUID(required=True)

    example: ClassVar = HERE


class OpenPartnerAccess(_OfOnePartnership):
    """Give the partnership's system access to its events: a login for AMQP and HTTP, and a queue of its own.

    Events from now on come into the queue; all of them, also the earlier ones, are at /v1/events. The secret is in this answer only.
    """

    refusals = (PartnershipNotFound, PartnerAccessOpen)


class RotatePartnerAccess(_OfOnePartnership):
    """Replace the secret. The queue and what waits in it stay; with the old secret nobody reads on."""

    refusals = (NoPartnerAccess, MoveNotAllowed)


class RevokePartnerAccess(_OfOnePartnership):
    """End the access: its login and queue go. An access that is opened again later has a new queue, and all events over HTTP."""

    answers = PartnerAccessView
    shown_once = ()
    allowed = (*CONTACT_POINTS, *OFFICES)
    rule = "The partnership's own contact points; the programme's offices where a secret leaked."
    refusals = (NoPartnerAccess, MoveNotAllowed)


class ListPartnerAccesses(PageQuery):
    """List the accesses of one's partnerships; administrators and the support office see all."""

    service = "registry"
    answers = page_of(PartnerAccessView)
    allowed = (*CONTACT_POINTS, *OFFICES)
    rule = "Those of the own partnerships; all for the programme's offices."
    partnership_id = fields.UUID(load_default=None)
    state = Several(Choice(ACCESS_STATES), load_default=list)

    example: ClassVar = {"limit": 25}


class SystemToken(View):
    """A short-lived token that speaks for a partnership's system; `lifetime_s` in seconds."""

    token = fields.String(required=True)
    lifetime_s = Whole(required=True)

    example: ClassVar = {"token": "eyJ…", "lifetime_s": 60}


class IssueSystemToken(Command):
    """Exchange a partnership system's login and secret for a token, for the gateway only; `address` stands for where they came from.

    Wrong ones make the next attempt from there wait, ever longer. A repeat counts as one more attempt and does no other harm.
    """

    service = "registry"
    answers = SystemToken
    allowed = (SERVICES,)
    asked_by = ("gateway",)
    refusals = (PartnerLogInFailed, TooManyAttempts)
    keyed = False

    login = Text(100, required=True)
    secret = Text(200, required=True)
    address = Text(64, required=True)

    example: ClassVar = {"login": PartnerAccessView.example["login"], "secret": "(48 letters and digits)", "address": "c0ffee00"}


class EventFeed(View):
    """A page of events, the oldest first, each the same bytes as in the queue. `next` is the `after` to go on with, also at the end."""

    items = fields.List(fields.Dict(metadata={"contract": PartnerEnvelope}), required=True)
    next = fields.UUID(required=True, allow_none=True)

    example: ClassVar = {"items": [PartnerEnvelope.example], "next": EVENT_ID}


class ReadEvents(PageQuery):
    """Read a partnership's events from the first one on, for its system (HTTP Basic with login and secret) and its contact points.

    `after` is the `id` of an event, however it was received: the page begins behind it. Ask again with `next` as `after`, also when
    no items came: the same `after` never skips an event that came late. `partnership_id` is needed only by those who act for several.
    """

    service = "registry"
    answers = EventFeed
    allowed = (PARTNER_SYSTEM, *CONTACT_POINTS)
    rule = "The own partnership's events."
    refusals = (PartnershipNotFound,)
    after: Any = fields.UUID(load_default=None, metadata={"description": "The id of the last event one has."})
    partnership_id: Any = fields.UUID(load_default=None, metadata={"description": "Of which partnership, for who acts for several."})

    example: ClassVar = {"after": EVENT_ID, "limit": 100}


def places_of(roles: frozenset[tuple[str, UUID | None]]) -> set[UUID]:
    """The partnerships whose events somebody with these roles may read."""
    return {place for role, place in roles if place is not None and role in ReadEvents.allowed}
