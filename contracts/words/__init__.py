"""The domain's closed lists and the field types made of them; every contract shares these words.

Codes are what programs compare and databases store; the names beside them are English and for people. Which of these codes is
eligible when, and by which source, is dated reference data of the registry and not said here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import pycountry
from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.bare.fields import Choice, Whole
from chassis.bare.message import Contract, View
from chassis.bare.texts import languages_in
from contracts.countries import COUNTRIES
from contracts.nace import NACE_DIVISIONS

TEXTS = Path(__file__).parent / "texts"
"""What the system writes to people, a file for each language."""
TOOL_LANGUAGES = languages_in(TEXTS)
"""The languages that the tool itself speaks, the first one where nobody chose: in pages, mails, notices and documents."""

LANGUAGES: dict[str, str] = {each.alpha_2: each.name for each in pycountry.languages if hasattr(each, "alpha_2")}
"""ISO 639-1."""

CEFR: dict[str, str] = {
    "A1": "Breakthrough",
    "A2": "Waystage",
    "B1": "Threshold",
    "B2": "Vantage",
    "C1": "Effective operational proficiency",
    "C2": "Mastery",
}
"""Levels of the Common European Framework of Reference for Languages, the lowest first."""

ECOSYSTEMS: dict[str, str] = {
    "aerospace_defence": "Aerospace & Defence",
    "agri_food": "Agri-food",
    "construction": "Construction",
    "creative_industries": "Cultural & Creative Industries",
    "digital": "Digital",
    "electronics": "Electronics",
    "energy_intensive": "Energy-Intensive Industries",
    "energy_renewables": "Energy-Renewables",
    "health": "Health",
    "mobility": "Mobility-Transport-Automotive",
    "proximity": "Proximity, Social Economy & Civil Security",
    "retail": "Retail",
    "textile": "Textile",
    "tourism": "Tourism",
}
"""The European Union's 14 industrial ecosystems."""

SCALING_UP_TYPES: dict[str, str] = {
    "technology_centre": "Technology centre",
    "research_institute": "Research institute",
    "innovation_hub": "Innovation hub",
    "fab_lab": "Fab lab",
    "creative_hub": "Creative hub",
    "resource_efficiency_service": "Resource-efficiency service",
    "incubator": "Incubator",
    "accelerator": "Accelerator",
}
"""The kinds of scaling-up support organisation."""

ORGANISATION_TYPES: dict[str, str] = {
    "cluster_organisation": "Cluster organisation",
    "business_network": "Business network similar to a cluster",
    **SCALING_UP_TYPES,
    "sme": "Small or medium-sized enterprise",
    "training_provider": "Training provider",
    "large_company": "Large company",
    "public_authority": "Public authority",
}

ORGANISATION_SIZES: dict[str, str] = {
    "micro": "Fewer than 10 staff",
    "small": "10 to 49 staff",
    "medium": "50 to 249 staff",
    "large": "250 staff or more",
}
"""Size classes by staff, after Recommendation 2003/361/EC."""

ACTIVITY_TYPES: dict[str, str] = {
    "individual_capacity_building": "Capacity building for one person",
    "group_capacity_building": "Capacity building for a group",
    "knowledge_sharing": "Sharing knowledge and experience",
    "project_development": "Project development, innovation, research and development",
    "market_research": "Market research",
    "networking": "Networking, new partners and business opportunities",
}

ROLES: dict[str, str] = {"host": "Host", "visitor": "Visitor"}
"""In what capacity an organisation takes part; it may take part in both."""

VISIBILITIES: dict[str, str] = {
    "all": "Every accepted participant",
    "partnerships": "Accepted participants of the same partnership, and contact points",
    "hidden": "Nobody in the catalogue",
}

TITLES = ("Mr", "Ms", "Mx", "Dr", "Prof")
"""How people are addressed, in their accounts and in registrations."""

CURRENCY = "EUR"

NUTS_CODE = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}\Z")


class Country(Choice):
    """A country by its two letters as the European Union writes them (EL, UK, XK); any country, eligible or not."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(COUNTRIES, **kwargs)


class Language(Choice):
    """A language by its two letters of ISO 639-1."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(LANGUAGES, **kwargs)


class Nace(Choice):
    """An economic activity: a division of NACE Rev. 2.1 by its two digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(NACE_DIVISIONS, **kwargs)


class Nuts(fields.String):
    """A region: a NUTS code of a country (two letters) and up to three more signs.

    Where an organisation says where it sits, the code is looked up as well (`contracts.regions`); what is kept and shown may be of an
    earlier edition.
    """

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        code = super()._deserialize(value, attr, data, **kwargs)
        if not NUTS_CODE.match(code) or code[:2] not in COUNTRIES:
            raise ValidationError("A NUTS code is a country's two letters and up to three digits or capital letters.")
        return code


class Amount(Contract):
    """An amount of money: `minor` whole cents, and the currency."""

    minor = Whole(0, 10**12, required=True)
    currency = Choice((CURRENCY,), load_default=CURRENCY)

    example: ClassVar = {"minor": 78000, "currency": CURRENCY}


class Money(fields.Nested):
    """A field that holds an Amount: {"minor": 78000, "currency": "EUR"} is EUR 780.00."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Amount, **kwargs)


class Party(View):
    """One side of a contact or exchange: which participation, whose, in which partnership, and the person answering for it."""

    participation_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    partnership_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)

    example: ClassVar = {
        "participation_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c01",
        "organisation_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c02",
        "partnership_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c03",
        "person_id": "7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c04",
    }


class LanguageSkill(Contract):
    """A language somebody speaks, and how well."""

    language = Language(required=True)
    level = Choice(CEFR, required=True)

    example: ClassVar = {"language": "en", "level": "C1"}


class Window(Contract):
    """A stretch of days, first and last included."""

    start = fields.Date(required=True)
    end = fields.Date(required=True)

    example: ClassVar = {"start": "2027-03-01", "end": "2027-05-31"}

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if "start" in data and "end" in data and data["end"] < data["start"]:
            raise ValidationError("The last day comes before the first.", "end")


class WebAddress(fields.Url):
    """A web page's address: http or https, at most 500 characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(schemes={"http", "https"}, validate=validate.Length(max=500), **kwargs)


class MailAddress(fields.Email):
    """An e-mail address of at most 254 characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(max=254), **kwargs)
