"""What the catalogue is searched by: every public part of a registration."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.bare.fields import Choice, Several, Text, Whole
from chassis.bare.message import Contract
from contracts.words import (
    ACTIVITY_TYPES,
    CEFR,
    ECOSYSTEMS,
    ORGANISATION_SIZES,
    ORGANISATION_TYPES,
    ROLES,
    Country,
    Language,
    Nace,
    Nuts,
)

TRAITS = ("sme", "cluster_member", "outermost_region", "may_visit", "may_host")
FACETS = (
    "countries", "ecosystems", "organisation_types", "sizes", "nace", "activity_types", "languages", "partnerships", "towns", "regions",
    "topics", "technologies", "wished_countries", "wished_organisation_types", "wished_languages", "roles", *TRAITS,
)  # fmt: skip
"""The criteria of which it can be counted how many participants each value would leave."""
USUAL_FACETS = ("countries", "ecosystems", "organisation_types", "sizes")
SORTS = {
    "name": "By name",
    "match": "Those first that fit the participation named best, by both sides' wishes; then those that are no possible partners, by name",
    "distance": "The nearest first",
    "newest": "Whoever came into the catalogue last first",
    "responsiveness": "Those first that answer most of the requests they get",
}
IN_WORDS = "Words, each of which stands in it; the beginning of a word is enough."


def described(text: str) -> dict[str, str]:
    """What a field carries so that the documentation says more than its name."""
    return {"description": text}


class CatalogueCriteria(Contract):
    """Whom a search is for. Several values of one criterion mean any of them; several criteria mean all of them."""

    text = Text(
        200,
        load_default=None,
        metadata=described(
            "Words, all of which stand in the profile, in any spelling in use (accents, Köln or Koeln, Greek and Cyrillic in Latin letters); "
            "the beginning of a word is enough."
        ),
    )
    countries = Several(Country(), load_default=list)
    regions = Several(Nuts(), load_default=list, metadata=described("NUTS codes of any level: all that lies in them."))
    towns = Several(Text(120), most=20, load_default=list)
    ecosystems = Several(Choice(ECOSYSTEMS), load_default=list)
    nace = Several(Nace(), load_default=list)
    organisation_types = Several(Choice(ORGANISATION_TYPES), load_default=list)
    sizes = Several(Choice(ORGANISATION_SIZES), load_default=list)
    role = Choice(ROLES, load_default=None, metadata=described("Only those who are free in this role."))
    activity_types = Several(Choice(ACTIVITY_TYPES), load_default=list)
    languages = Several(Language(), load_default=list)
    language_level = Choice(
        CEFR, load_default=None, metadata=described("One of the languages (of any, where none is named) at least so well.")
    )
    topics = Several(Text(80), most=20, load_default=list)
    technologies = Several(Text(80), most=20, load_default=list)
    can_teach = Text(200, load_default=None, metadata=described(f"What they can teach. {IN_WORDS}"))
    want_to_learn = Text(200, load_default=None, metadata=described(f"What they want to learn. {IN_WORDS}"))
    wished_countries = Several(Country(), load_default=list, metadata=described("They wish for partners from one of these."))
    wished_organisation_types = Several(
        Choice(ORGANISATION_TYPES), load_default=list, metadata=described("They wish for partners of one of these kinds.")
    )
    wished_languages = Several(Language(), load_default=list, metadata=described("They wish for partners who speak one of these."))
    partnership_id = fields.UUID(load_default=None)
    partnerships = Several(fields.UUID(), most=50, load_default=list)
    start = fields.Date(load_default=None, metadata=described("Available on some day from here on."))
    end = fields.Date(load_default=None, metadata=described("Available on some day up to here."))
    stay_from = Whole(1, 31, load_default=None, metadata=described("A stay of at least so many working days suits them."))
    stay_to = Whole(1, 31, load_default=None, metadata=described("A stay of at most so many working days suits them."))
    group_from = Whole(1, 100, load_default=None, metadata=described("They take (as visitors: come with) at least so many people."))
    group_to = Whole(1, 100, load_default=None, metadata=described("They take (as visitors: come with) at most so many people."))
    places_from = Whole(1, 100, load_default=None, metadata=described("Hosts with at least so many places left."))
    answers_within_hours = Whole(1, 10_000, load_default=None, metadata=described("Half of their answers came within so many hours."))
    sme = fields.Boolean(load_default=None)
    cluster_member = fields.Boolean(load_default=None)
    outermost_region = fields.Boolean(load_default=None)
    may_visit = fields.Boolean(load_default=None)
    may_host = fields.Boolean(load_default=None)
    latitude = fields.Float(load_default=None, metadata=described("With `longitude`: the place from which distances are counted."))
    longitude = fields.Float(load_default=None)
    within_km = Whole(1, 20_000, load_default=None, metadata=described("No farther from that place, or else from the participation named."))

    example: ClassVar[dict[str, Any]] = {"text": "port logistics", "countries": ["ES", "PT"], "role": "host"}

    @validates_schema
    def _fits_together(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            raise ValidationError("The last day comes before the first.", "end")
        for name in ("stay", "group"):
            least, most = data.get(f"{name}_from"), data.get(f"{name}_to")
            if least is not None and most is not None and most < least:
                raise ValidationError("The most is less than the least.", f"{name}_to")
        if (data.get("latitude") is None) is not (data.get("longitude") is None):
            raise ValidationError("A place has both.", "longitude" if data.get("longitude") is None else "latitude")

    @validates_schema
    def _on_the_globe(self, data: dict[str, Any], **_: Any) -> None:
        for name, most in (("latitude", 90), ("longitude", 180)):
            # Whatever is not a number compares as false, so it is refused, too.
            if data.get(name) is not None and not -most <= data[name] <= most:
                raise ValidationError(f"A number from -{most} to {most}.", name)
