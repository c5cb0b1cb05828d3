"""How a participation presents itself to others, and what it wishes of them; registry tells it, matching shows it."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import EXCLUDE, fields, validate

from chassis.bare.fields import Choice, Text, Whole
from chassis.bare.message import Contract, View
from contracts.words import (
    ACTIVITY_TYPES,
    ECOSYSTEMS,
    ORGANISATION_SIZES,
    ORGANISATION_TYPES,
    ROLES,
    VISIBILITIES,
    Country,
    Language,
    LanguageSkill,
    Nace,
    Nuts,
    Party,
    WebAddress,
    Window,
)


class Preferences(Contract):
    """What one side wishes of the other; an empty list means: no preference, which counts as neutral."""

    countries = fields.List(Country(), load_default=list, validate=validate.Length(max=60))
    organisation_types = fields.List(Choice(ORGANISATION_TYPES), load_default=list, validate=validate.Length(max=20))
    activity_types = fields.List(Choice(ACTIVITY_TYPES), load_default=list, validate=validate.Length(max=10))
    languages = fields.List(Language(), load_default=list, validate=validate.Length(max=20))

    example: ClassVar = {
        "countries": ["PT", "EL"],
        "organisation_types": ["cluster_organisation"],
        "activity_types": ["knowledge_sharing", "networking"],
        "languages": ["en"],
    }


class PublicProfile(View):
    """A participation as accepted participants see it: no personal data, no accessibility needs."""

    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    legal_name = Text(200, required=True)
    organisation_type = Choice(ORGANISATION_TYPES, required=True)
    size = Choice(ORGANISATION_SIZES, required=True)
    country = Country(required=True)
    nuts = Nuts(required=True)
    outermost_region = fields.Boolean(required=True)
    town = Text(120, required=True)
    latitude = fields.Float(required=True, validate=validate.Range(-90, 90))
    longitude = fields.Float(required=True, validate=validate.Range(-180, 180))
    website = WebAddress(required=True)
    roles = fields.List(Choice(ROLES), required=True)
    motivation = Text(4000, required=True, lines=True)
    ecosystems = fields.List(Choice(ECOSYSTEMS), required=True)
    nace = fields.List(Nace(), required=True)
    technologies = fields.List(Text(80), required=True)
    topics = fields.List(Text(80), required=True)
    can_teach = fields.List(Text(200), required=True)
    want_to_learn = fields.List(Text(200), required=True)
    host_preferences = fields.Nested(Preferences, unknown=EXCLUDE, allow_none=True, required=True)
    visitor_preferences = fields.Nested(Preferences, unknown=EXCLUDE, allow_none=True, required=True)
    languages = fields.List(fields.Nested(LanguageSkill, unknown=EXCLUDE), required=True)
    availability = fields.List(fields.Nested(Window, unknown=EXCLUDE), required=True)
    min_days = Whole(1, 31, required=True)
    max_days = Whole(1, 31, required=True)
    group_size = Whole(1, 100, required=True)
    capacity = Whole(0, 100, required=True)
    visibility = Choice(VISIBILITIES, required=True)
    sme = fields.Boolean(required=True)
    cluster_member = fields.Boolean(required=True)
    may_visit = fields.Boolean(required=True)
    may_host = fields.Boolean(required=True)

    example: ClassVar = {
        **Party.example,
        "legal_name": "Blue Harbour Cluster",
        "organisation_type": "cluster_organisation",
        "size": "small",
        "country": "ES",
        "nuts": "ES111",
        "outermost_region": False,
        "town": "A Coruna",
        "latitude": 43.3713,
        "longitude": -8.396,
        "website": "https://cluster.example/",
        "roles": ["host", "visitor"],
        "motivation": "We want to see how other maritime clusters serve their members.",
        "ecosystems": ["digital", "mobility"],
        "nace": ["30", "62"],
        "technologies": ["digital twins"],
        "topics": ["port logistics"],
        "can_teach": ["running a members' laboratory"],
        "want_to_learn": ["financing of shared equipment"],
        "host_preferences": Preferences.example,
        "visitor_preferences": Preferences.example,
        "languages": [LanguageSkill.example],
        "availability": [Window.example],
        "min_days": 3,
        "max_days": 10,
        "group_size": 2,
        "capacity": 2,
        "visibility": "all",
        "sme": False,
        "cluster_member": True,
        "may_visit": True,
        "may_host": True,
    }
