"""Partnerships: the bodies that take care of participants, with their waves, budgets and parameters."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import fields

from chassis.bare.fields import Choice, Several, Text, Whole
from chassis.bare.message import ANYONE, Command, PageQuery, Query, View, page_of
from chassis.bare.refusals import Conflict, Forbidden, NotFound, StaleVersion
from contracts.words import ECOSYSTEMS, Country, Money, WebAddress


class PartnershipNotFound(NotFound):
    """There is no partnership under this address. Look for it at /v1/partnerships."""


class AcronymTaken(Conflict):
    """Another partnership already has the acronym {acronym}. Choose another one."""


class PartnershipNotYours(Forbidden):
    """A partnership is changed by its contact point for registrations and by administrators. Ask one of them."""


class FieldsOfAdministrators(Forbidden):
    """Only administrators change these fields of a partnership: {fields}. Leave them out, or ask an administrator."""


class PartnershipSummary(View):
    """A partnership as everybody sees it, but for its contact points."""

    partnership_id = fields.UUID(attribute="id", required=True)
    version = Whole(1, required=True)
    acronym = Text(40, required=True)
    name = Text(200, required=True)
    summary = Text(4000, required=True, lines=True)
    website = WebAddress(required=True, allow_none=True)
    country = Country(required=True)
    countries = fields.List(Country(), required=True)
    ecosystems = fields.List(Choice(ECOSYSTEMS), required=True)
    wave = Whole(1, 20, required=True)
    budget = Money(required=True)
    open_for_registration = fields.Boolean(required=True)
    others_may_visit = fields.Boolean(required=True)
    interest_every_months = Whole(1, 36, required=True)
    interest_answer_days = Whole(7, 180, required=True)

    example: ClassVar[dict[str, Any]] = {
        "partnership_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03",
        "version": 1,
        "acronym": "BLUES",
        "name": "Blue economy clusters",
        "summary": "Six maritime clusters of the Atlantic and the Baltic.",
        "website": "https://blues.example/",
        "country": "ES",
        "countries": ["ES", "PT", "EL"],
        "ecosystems": ["mobility", "tourism"],
        "wave": 1,
        "budget": {"minor": 9_900_000, "currency": "EUR"},
        "open_for_registration": True,
        "others_may_visit": False,
        "interest_every_months": 6,
        "interest_answer_days": 30,
    }


class ContactPointView(View):
    """A person who acts for the partnership, by id; names are identity's to tell."""

    person_id = fields.UUID(required=True)
    permissions = fields.List(fields.String(), required=True)

    example: ClassVar = {"person_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c04", "permissions": ["registrations"]}


class PartnershipView(PartnershipSummary):
    """A partnership with the people to turn to."""

    contact_points = fields.List(fields.Nested(ContactPointView), required=True)

    example: ClassVar = PartnershipSummary.example | {"contact_points": [ContactPointView.example]}


CONTENT_EXAMPLE = {name: value for name, value in PartnershipSummary.example.items() if name not in {"partnership_id", "version"}}


class CreatePartnership(Command):
    """Create a partnership.

    `others_may_visit`: whether training providers, large companies and public authorities may visit (public sources conflict).
    Continued interest is asked for every `interest_every_months`; who does not answer within `interest_answer_days` expires.
    Where one is left out, the figure of that name holds as it is today (/v1/reference/registration-figures).
    """

    service = "registry"
    answers = PartnershipView
    allowed = ("administrator",)
    refusals = (AcronymTaken,)
    acronym = Text(40, required=True)
    name = Text(200, required=True)
    summary = Text(4000, required=True, lines=True)
    website = WebAddress(load_default=None, allow_none=True)
    country = Country(required=True)
    countries = Several(Country(), fewest=1, most=60, required=True)
    ecosystems = Several(Choice(ECOSYSTEMS), fewest=1, most=14, required=True)
    wave = Whole(1, 20, load_default=1)
    budget = Money(required=True)
    open_for_registration = fields.Boolean(load_default=True)
    others_may_visit = fields.Boolean(load_default=False)
    interest_every_months = Whole(1, 36, load_default=None)
    interest_answer_days = Whole(7, 180, load_default=None)

    example: ClassVar = CONTENT_EXAMPLE


OF_CONTACT_POINTS = ("summary", "website", "open_for_registration", "interest_every_months", "interest_answer_days")
"""What a contact point may change of its partnership: what everybody reads of it, and how it takes and keeps its participants."""


class RevisePartnership(Command):
    """Change a partnership; what is left out stays as it is."""

    service = "registry"
    answers = PartnershipView
    allowed = ("administrator", "registrations")
    rule = f"Administrators; of the own partnership its contact point for registrations, but only {', '.join(OF_CONTACT_POINTS)}."
    refusals = (PartnershipNotFound, PartnershipNotYours, FieldsOfAdministrators, AcronymTaken, StaleVersion)
    if_match = True
    partnership_id = fields.UUID(required=True)
    acronym = Text(40)
    name = Text(200)
    summary = Text(4000, lines=True)
    website = WebAddress(allow_none=True)
    country = Country()
    countries = Several(Country(), fewest=1, most=60)
    ecosystems = Several(Choice(ECOSYSTEMS), fewest=1, most=14)
    wave = Whole(1, 20)
    budget = Money()
    open_for_registration = fields.Boolean()
    others_may_visit = fields.Boolean()
    interest_every_months = Whole(1, 36)
    interest_answer_days = Whole(7, 180)

    example: ClassVar = {"partnership_id": PartnershipSummary.example["partnership_id"], "open_for_registration": False}


class ReadPartnership(Query):
    """Read one partnership and who its contact points are."""

    service = "registry"
    answers = PartnershipView
    allowed = (ANYONE,)
    refusals = (PartnershipNotFound,)
    partnership_id = fields.UUID(required=True)

    example: ClassVar = {"partnership_id": PartnershipSummary.example["partnership_id"]}


PartnershipPage = page_of(PartnershipSummary)
MOST_PARTNERSHIPS = 500
"""As many as a scheme may have: a map or a choice of partnerships shows all of them."""


class ListPartnerships(PageQuery):
    """List partnerships by acronym; by a part of acronym or name, ecosystem, country, wave, and whether open for registration."""

    service = "registry"
    answers = PartnershipPage
    allowed = (ANYONE,)
    ecosystem = Choice(ECOSYSTEMS, load_default=None)
    country = Country(load_default=None)
    wave = Whole(1, 20, load_default=None)
    open_for_registration = fields.Boolean(load_default=None)
    text = Text(100, load_default=None, metadata={"description": "A part of acronym or name."})
    partnership_id = Several(fields.UUID(), load_default=list, metadata={"description": "Only these."})
    limit = Whole(1, MOST_PARTNERSHIPS, load_default=25, metadata={"description": "At most so many items, 1 to 500."})

    example: ClassVar = {"ecosystem": "mobility", "limit": 10}
