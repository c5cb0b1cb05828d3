"""The registration form's eight steps. A draft may leave out any field; null takes an answer back."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.bare.fields import Choice, Instant, Several, Text, Whole
from chassis.bare.message import Contract
from contracts.regions import region_problem
from contracts.registry.numbers import NUMBER_KINDS, check_form, vat_problem
from contracts.registry.reference import NOTICES
from contracts.words import (
    ACTIVITY_TYPES,
    ECOSYSTEMS,
    ORGANISATION_SIZES,
    ORGANISATION_TYPES,
    ROLES,
    TITLES,
    VISIBILITIES,
    Country,
    Language,
    LanguageSkill,
    MailAddress,
    Nace,
    Nuts,
    WebAddress,
    Window,
)


class OrganisationStep(Contract):
    """Step 1, the organisation. The address is structured because SEPA takes no other since November 2026.

    `latitude` and `longitude` (degrees) are found from the town; give them where a town is not known to the system.
    """

    legal_name = Text(200, allow_none=True)
    organisation_type = Choice(ORGANISATION_TYPES, allow_none=True)
    street = Text(140, allow_none=True)
    house_number = Text(16, allow_none=True)
    postcode = Text(16, allow_none=True)
    town = Text(120, allow_none=True)
    country = Country(allow_none=True)
    nuts = Nuts(allow_none=True)
    latitude = fields.Float(allow_none=True, validate=validate.Range(-90, 90))
    longitude = fields.Float(allow_none=True, validate=validate.Range(-180, 180))
    website = WebAddress(allow_none=True)
    number_kind = Choice(NUMBER_KINDS, allow_none=True, metadata={"description": "Which of both `registration_number` is."})
    registration_number = Text(
        40, allow_none=True, validate=check_form,
        metadata={"description": "VAT number with its country's letters (EL, XI), or number in a public register; see `number_kind`."},
    )  # fmt: skip
    size = Choice(ORGANISATION_SIZES, allow_none=True)
    cluster_member = fields.Boolean(allow_none=True)
    cluster_name = Text(200, allow_none=True)
    cluster_page = WebAddress(
        allow_none=True,
        metadata={"description": "The cluster's profile on the collaboration platform; its hosts: /v1/reference/cluster-page-hosts."},
    )

    example: ClassVar = {
        "legal_name": "Blue Harbour Cluster",
        "organisation_type": "cluster_organisation",
        "street": "Rua do Porto",
        "house_number": "12",
        "postcode": "15001",
        "town": "Vigo",
        "country": "ES",
        "nuts": "ES114",
        "latitude": 42.2328,
        "longitude": -8.7226,
        "website": "https://cluster.example/",
        "number_kind": "vat",
        "registration_number": "ESB76048354",
        "size": "small",
        "cluster_member": False,
        "cluster_name": None,
        "cluster_page": None,
    }

    @validates_schema
    def _in_one_country(self, data: dict[str, Any], **_: Any) -> None:
        nuts = data.get("nuts")
        if nuts and (problem := region_problem(nuts, data.get("country") or nuts[:2])):
            raise ValidationError(problem, "nuts")

    @validates_schema
    def _number_of_that_country(self, data: dict[str, Any], **_: Any) -> None:
        number, country = data.get("registration_number"), data.get("country")
        if number and country and data.get("number_kind") == "vat" and (problem := vat_problem(number, country)):
            raise ValidationError(problem, "registration_number")


class PersonStep(Contract):
    """Step 2, the person who answers for the participation. Personal data: seen by the organisation and its contact point."""

    title = Choice(TITLES, allow_none=True)
    first_name = Text(100, allow_none=True)
    last_name = Text(100, allow_none=True)
    function = Text(120, allow_none=True)
    e_mail = MailAddress(allow_none=True)
    phone = Text(40, shortest=5, allow_none=True, validate=validate.Regexp(r"\+?[0-9 ()/.-]+\Z"))
    languages = Several(fields.Nested(LanguageSkill), most=20)

    example: ClassVar = {
        "title": "Ms",
        "first_name": "Given",
        "last_name": "Family",
        "function": "Project officer",
        "e_mail": "person@cluster.example",
        "phone": "+34 600 000 000",
        "languages": [LanguageSkill.example],
    }

    @validates_schema
    def _each_language_once(self, data: dict[str, Any], **_: Any) -> None:
        named = [skill["language"] for skill in data.get("languages", [])]
        if len(set(named)) < len(named):
            raise ValidationError("Each language stands here once.", "languages")


class RoleStep(Contract):
    """Step 3, in what capacity (host, visitor, or both) and why."""

    roles = Several(Choice(ROLES), most=2)
    motivation = Text(4000, lines=True, allow_none=True)

    example: ClassVar = {"roles": ["host", "visitor"], "motivation": "We want to see how other clusters serve their members."}


class OfferStep(Contract):
    """Step 4, what the organisation offers and what it seeks."""

    ecosystems = Several(Choice(ECOSYSTEMS), most=14)
    nace = Several(Nace(), most=20)
    technologies = Several(Text(80), most=20)
    topics = Several(Text(80), most=20)
    can_teach = Several(Text(200), most=20)
    want_to_learn = Several(Text(200), most=20)

    example: ClassVar = {
        "ecosystems": ["digital", "mobility"],
        "nace": ["30", "62"],
        "technologies": ["digital twins"],
        "topics": ["port logistics"],
        "can_teach": ["running a members' laboratory"],
        "want_to_learn": ["financing of shared equipment"],
    }


class Wishes(Contract):
    """What a host wishes of its visitors, or a visitor of its hosts; an empty list is no preference."""

    countries = Several(Country(), most=60)
    organisation_types = Several(Choice(ORGANISATION_TYPES), most=20)
    activity_types = Several(Choice(ACTIVITY_TYPES), most=10)
    languages = Several(Language(), most=20)

    example: ClassVar = {
        "countries": ["PT", "EL"],
        "organisation_types": ["cluster_organisation"],
        "activity_types": ["knowledge_sharing"],
        "languages": ["en"],
    }


class PreferencesStep(Contract):
    """Step 5, preferences: separate for each role."""

    host = fields.Nested(Wishes)
    visitor = fields.Nested(Wishes)

    example: ClassVar = {"host": Wishes.example, "visitor": Wishes.example}


class PeriodStep(Contract):
    """Step 6, when and for how many: days are working days of one stay, `capacity` how many stays a host takes at a time.

    `group_size` is how many people come on a visit, and for a host how many it takes on one.
    Accessibility needs may tell about a person's health: given freely, never shown in the catalogue.
    """

    availability = Several(fields.Nested(Window), most=20)
    min_days = Whole(3, 31, allow_none=True)
    max_days = Whole(3, 31, allow_none=True)
    group_size = Whole(1, 50, allow_none=True)
    capacity = Whole(1, 50, allow_none=True)
    accessibility_needs = Text(1000, lines=True, allow_none=True)

    example: ClassVar = {
        "availability": [Window.example],
        "min_days": 3,
        "max_days": 10,
        "group_size": 2,
        "capacity": 2,
        "accessibility_needs": None,
    }


class PartnershipStep(Contract):
    """Step 7, the partnership that takes care of this participation (or `assign`: the best one is chosen), and the visibility."""

    partnership_id = fields.UUID(allow_none=True)
    assign = fields.Boolean()
    visibility = Choice(VISIBILITIES)

    example: ClassVar = {"partnership_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03", "assign": False, "visibility": "all"}


class ConsentStep(Contract):
    """Step 8, one consent: which notice was read, in which version."""

    notice = Choice(NOTICES, required=True)
    version = Text(20, required=True)
    given_at = Instant(dump_only=True)

    example: ClassVar = {"notice": "privacy_notice", "version": "2026-1"}
