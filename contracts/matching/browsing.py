"""The catalogue of all participants: search, one entry, those alike, some side by side."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from chassis.bare.fields import Choice, Instant, Several, Whole
from chassis.bare.message import SIGNED_IN, Page, PageQuery, Query, View
from contracts.matching.catalogue import LEAST, Responsiveness
from contracts.matching.criteria import FACETS, SORTS, USUAL_FACETS, CatalogueCriteria, described
from contracts.matching.events import HOST_PARTY
from contracts.matching.refusals import NotAcceptedYet, ParticipationNotFound, RoleNotTaken
from contracts.words import ROLES
from contracts.words.profile import PublicProfile

CHOOSER = "a representative of an organisation with an accepted participation; contact points and the support office browse"
FROM_WHERE = "Say from where: a place or a participation."
SHARED = ("ecosystems", "nace", "topics", "technologies", "activity_types", "organisation_types", "sizes", "languages")


class MatchScores(View):
    """How well somebody fits the participation named, as in its ranked list: from 0 to 1000."""

    score = Whole(0, 1000, required=True)
    visitor_score = Whole(0, 1000, required=True)
    host_score = Whole(0, 1000, required=True)

    example: ClassVar = {"score": 612, "visitor_score": 640, "host_score": 587}


class CatalogueEntry(View):
    """A participant as the catalogue shows it: the public profile, how it answers, and what it is free for.

    `listed_at` is when it came into the catalogue. `match` is null where no participation is named or the two are no possible partners,
    `distance_km` where no place is known to count from.
    """

    profile = fields.Nested(PublicProfile, required=True)
    partnership = fields.String(required=True, allow_none=True, metadata={"description": "The partnership's acronym."})
    responsiveness = fields.Nested(Responsiveness, required=True)
    may_still_visit = fields.Boolean(required=True)
    places_left = Whole(required=True)
    listed_at = Instant(required=True)
    match = fields.Nested(MatchScores, required=True, allow_none=True)
    distance_km = Whole(required=True, allow_none=True)
    data_version = Whole(required=True)

    example: ClassVar = {
        "profile": PublicProfile.example,
        "partnership": "BLUES",
        "responsiveness": Responsiveness.example,
        "may_still_visit": True,
        "places_left": 2,
        "listed_at": "2026-11-02T09:00:00Z",
        "match": MatchScores.example,
        "distance_km": 430,
        "data_version": 1204,
    }


class Count(View):
    """How many participants have one value of one criterion, among all that fit everything else that is asked.

    So it says how many there would be with that value chosen (as well). Of `topics`, `technologies`, `towns`, `regions` and others with
    many values the most frequent ones are counted.
    """

    criterion = Choice(FACETS, required=True)
    value = fields.String(required=True)
    count = Whole(required=True)

    example: ClassVar = {"criterion": "countries", "value": "ES", "count": 1}


class CataloguePoint(View):
    """A place on the map, and how many that fit are there."""

    country = fields.String(required=True)
    town = fields.String(required=True)
    latitude = fields.Float(required=True)
    longitude = fields.Float(required=True)
    count = Whole(required=True)

    example: ClassVar = {"country": "ES", "town": "A Coruna", "latitude": 43.3713, "longitude": -8.396, "count": 3}


class Correction(View):
    """A word that nobody has, and the words that were looked for instead."""

    word = fields.String(required=True)
    taken_as = fields.List(fields.String(), required=True)

    example: ClassVar = {"word": "logistcis", "taken_as": ["logistics"]}


class Catalogue(Page):
    """A page of the catalogue; `total` and `points` are over all that fit the search, not the page alone.

    Slips in words are looked through only when nothing else is found; `corrected` says of which, and is empty otherwise.
    """

    items = fields.List(fields.Nested(CatalogueEntry), required=True)
    total = Whole(required=True)
    counts = fields.List(fields.Nested(Count), required=True)
    points = fields.List(fields.Nested(CataloguePoint), required=True)
    corrected = fields.List(fields.Nested(Correction), required=True)
    data_version = Whole(required=True)

    example: ClassVar = {
        "items": [CatalogueEntry.example],
        "next": None,
        "total": 1,
        "counts": [Count.example],
        "points": [CataloguePoint.example],
        "corrected": [],
        "data_version": 1204,
    }


class Looking(Query):
    """A look at the catalogue, perhaps for one's own participation in a role."""

    service = "matching"
    allowed = (SIGNED_IN,)
    rule = f"Asked by {CHOOSER}; for a participation by a representative of its organisation."
    refusals = (NotAcceptedYet, ParticipationNotFound, RoleNotTaken)

    class Meta(Query.Meta):
        # A word of the language, which cannot be written as an attribute.
        include: ClassVar = {
            "as": Choice(ROLES, load_default=None, metadata=described("The role in which that participation looks for partners."))
        }

    for_participation_id = fields.UUID(
        load_default=None, metadata=described("One's own participation: matches are shown for it, distances counted from its place.")
    )
    at_least = Whole(load_default=0, metadata=LEAST)

    @validates_schema
    def _role_of_a_participation(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("as") and not data.get("for_participation_id"):
            raise ValidationError("Say for which participation.", "for_participation_id")


class ListCatalogue(CatalogueCriteria, PageQuery, Looking):
    """Search among all accepted participants. Several values of one criterion mean any of them; several criteria mean all of them."""

    answers = Catalogue

    sort = Choice(SORTS, load_default="name", metadata=described("; ".join(f"`{name}`: {text}" for name, text in SORTS.items())))
    facets = Several(Choice(FACETS), load_default=lambda: list(USUAL_FACETS), metadata=described("The criteria to be counted."))
    most_values = Whole(1, 300, load_default=100, metadata=described("Of each criterion at most so many values, the most frequent ones."))
    points = fields.Boolean(load_default=False, metadata=described("true: also where they are, at most 500 places."))

    example: ClassVar[dict[str, Any]] = {"text": "port logistics", "countries": ["ES", "PT"], "role": "host", "limit": 25}

    @validates_schema
    def _sorted_by_something(self, data: dict[str, Any], **_: Any) -> None:
        check_order(data, data)
        if is_from_nowhere(data, data):
            raise ValidationError(FROM_WHERE, "within_km")


class ReadCatalogueEntry(Looking):
    """One participant in the catalogue."""

    answers = CatalogueEntry
    rule = f"Asked by {CHOOSER}. Whoever opens it from its own ranked list names its participation and role, which is logged if it takes part so."

    participation_id = fields.UUID(required=True)

    example: ClassVar = {"participation_id": PublicProfile.example["participation_id"]}


class Shared(View):
    """The values of one criterion that participants have in common."""

    criterion = Choice(SHARED, required=True)
    values = fields.List(fields.String(), required=True)

    example: ClassVar = {"criterion": "topics", "values": ["port logistics"]}


class AlikeEntry(View):
    """A participant like another one: how much of what that one says of itself it shares (0 to 1000), rare things counting for more."""

    likeness = Whole(0, 1000, required=True)
    shared = fields.List(fields.Nested(Shared), required=True)
    entry = fields.Nested(CatalogueEntry, required=True)

    example: ClassVar = {"likeness": 480, "shared": [Shared.example], "entry": CatalogueEntry.example}


class AlikeList(View):
    """Those most like a participant, the most alike first."""

    items = fields.List(fields.Nested(AlikeEntry), required=True)
    data_version = Whole(required=True)

    example: ClassVar = {"items": [AlikeEntry.example], "data_version": 1204}


class ListAlike(Looking):
    """More like this one: participants who say of themselves what it says."""

    answers = AlikeList

    participation_id = fields.UUID(required=True)
    limit = Whole(1, 20, load_default=6, metadata=described("At most so many, 1 to 20."))

    example: ClassVar = {"participation_id": PublicProfile.example["participation_id"], "limit": 6}


class Comparison(View):
    """Participants side by side, in the order asked for, and what all of them have in common.

    Whoever is not in the catalogue any more (or not for the asker) is left out.
    """

    items = fields.List(fields.Nested(CatalogueEntry), required=True)
    common = fields.List(fields.Nested(Shared), required=True)
    data_version = Whole(required=True)

    example: ClassVar = {"items": [CatalogueEntry.example], "common": [Shared.example], "data_version": 1204}


class CompareParticipants(Looking):
    """Up to four participants side by side."""

    answers = Comparison

    participations = Several(fields.UUID(), fewest=1, most=4, required=True)

    example: ClassVar = {"participations": [PublicProfile.example["participation_id"], HOST_PARTY["participation_id"]]}


def check_order(data: dict[str, Any], criteria: dict[str, Any]) -> None:
    """Refuse (ValidationError) an order for which it is not said from where, or for whom."""
    if data.get("sort") == "match" and not data.get("as"):
        raise ValidationError("For the order by match say for which participation and role.", "sort")
    if data.get("sort") == "distance" and not _has_place(data, criteria):
        raise ValidationError(FROM_WHERE, "sort")


def is_from_nowhere(data: dict[str, Any], criteria: dict[str, Any]) -> bool:
    """Whether a distance is asked for without a place from which it is counted."""
    return criteria.get("within_km") is not None and not _has_place(data, criteria)


def _has_place(data: dict[str, Any], criteria: dict[str, Any]) -> bool:
    return data.get("for_participation_id") is not None or criteria.get("latitude") is not None
