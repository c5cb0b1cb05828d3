"""Saved searches of the catalogue: kept under a name, run again, and told of by mail and in the tool when somebody newly fits."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import EXCLUDE, ValidationError, fields, validates_schema

from chassis.bare.fields import Choice, Instant, Text, Whole
from chassis.bare.message import SIGNED_IN, Command, FullPageQuery, PageQuery, Query, View, page_of
from contracts.matching.browsing import FROM_WHERE, Catalogue, check_order, is_from_nowhere
from contracts.matching.catalogue import LEAST
from contracts.matching.criteria import SORTS, CatalogueCriteria, described
from contracts.matching.events import MOMENT, SAVED_SEARCH_ID
from contracts.matching.refusals import (
    NotAcceptedYet,
    ParticipationNotFound,
    RoleNotTaken,
    SavedSearchNotFound,
    SearchTooWide,
    TooManySavedSearches,
)
from contracts.words import ROLES
from contracts.words.profile import PublicProfile

ALERTS = {
    "none": "Nothing is told",
    "at_once": "As soon as somebody newly fits",
    "daily": "Once a day, if somebody newly fits",
    "weekly": "Once a week, if somebody newly fits",
}
OWNER = "The person who saved it, as long as the catalogue is open to that person."
WHOLE = CatalogueCriteria.write(CatalogueCriteria.read(CatalogueCriteria.example))
"""Criteria as they are kept: what is not asked stands there, too."""


class SavedCriteria(CatalogueCriteria):
    """What is searched for, as it was saved; distances and matches are for the participation named with the search."""

    class Meta:
        unknown = EXCLUDE


class SavedSearchView(View):
    """A search that somebody saved: `alert` is when to tell that somebody newly fits, `told_at` when that was done last."""

    saved_search_id = fields.UUID(required=True, attribute="id")
    name = fields.String(required=True)
    criteria = fields.Nested(SavedCriteria, required=True)
    sort = Choice(SORTS, required=True)
    for_participation_id = fields.UUID(required=True, allow_none=True)
    as_ = Choice(ROLES, required=True, allow_none=True, data_key="as", attribute="role")
    alert = Choice(ALERTS, required=True)
    told = Whole(required=True, metadata=described("How many were told of so far."))
    told_at = Instant(required=True, allow_none=True)
    saved_at = Instant(required=True)
    version = Whole(1, required=True)

    example: ClassVar[dict[str, Any]] = {
        "saved_search_id": SAVED_SEARCH_ID,
        "name": "Ports in the south",
        "criteria": WHOLE,
        "sort": "name",
        "for_participation_id": None,
        "as": None,
        "alert": "daily",
        "told": 3,
        "told_at": MOMENT,
        "saved_at": MOMENT,
        "version": 1,
    }


class _Saving(Command):
    """What is kept of a search."""

    service = "matching"
    answers = SavedSearchView
    allowed = (SIGNED_IN,)
    rule = OWNER

    class Meta(Command.Meta):
        # A word of the language, which cannot be written as an attribute.
        include: ClassVar = {"as": Choice(ROLES, load_default=None, metadata=described("The role that participation looks in."))}

    name = Text(80, required=True)
    criteria = fields.Nested(CatalogueCriteria, required=True)
    sort = Choice(SORTS, load_default="name")
    for_participation_id = fields.UUID(
        load_default=None, metadata=described("One's own participation: for the order by match, and distances from its place.")
    )
    alert = Choice(ALERTS, load_default="none")

    example: ClassVar[dict[str, Any]] = {"name": "Ports in the south", "criteria": WHOLE, "alert": "daily"}

    @validates_schema
    def _sorted_by_something(self, data: dict[str, Any], **_: Any) -> None:
        criteria = data.get("criteria", {})
        check_order(data, criteria)
        if is_from_nowhere(data, criteria):
            raise ValidationError({"criteria": {"within_km": [FROM_WHERE]}})

    @validates_schema
    def _role_of_a_participation(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("as") and not data.get("for_participation_id"):
            raise ValidationError("Say for which participation.", "for_participation_id")


class SaveSearch(_Saving):
    """Save a search. Whoever fits it now is known; told is of those who fit later, of each once."""

    refusals = (NotAcceptedYet, ParticipationNotFound, RoleNotTaken, TooManySavedSearches, SearchTooWide)


class ChangeSavedSearch(_Saving):
    """Change a saved search, whole. With other criteria, whoever fits them now is known."""

    refusals = (NotAcceptedYet, ParticipationNotFound, RoleNotTaken, SavedSearchNotFound, SearchTooWide)
    if_match = True

    saved_search_id = fields.UUID(required=True)

    example: ClassVar[dict[str, Any]] = {"saved_search_id": SAVED_SEARCH_ID, **_Saving.example, "name": "Southern ports"}


class DeleteSavedSearch(Command):
    """Delete a saved search; nothing more is told of it."""

    service = "matching"
    allowed = (SIGNED_IN,)
    rule = OWNER
    refusals = (SavedSearchNotFound,)

    saved_search_id = fields.UUID(required=True)

    example: ClassVar = {"saved_search_id": SAVED_SEARCH_ID}


class ListSavedSearches(FullPageQuery):
    """My saved searches, by name."""

    service = "matching"
    answers = page_of(SavedSearchView)
    allowed = (SIGNED_IN,)
    rule = OWNER

    example: ClassVar = {"limit": 25}


class ReadSavedSearch(Query):
    """One saved search."""

    service = "matching"
    answers = SavedSearchView
    allowed = (SIGNED_IN,)
    rule = OWNER
    refusals = (SavedSearchNotFound,)

    saved_search_id = fields.UUID(required=True)

    example: ClassVar = {"saved_search_id": SAVED_SEARCH_ID}


class ToldOf(View):
    """A participant that was told of: that it newly fits, and when."""

    participation_id = fields.UUID(required=True)
    told_at = Instant(required=True)

    example: ClassVar = {"participation_id": PublicProfile.example["participation_id"], "told_at": MOMENT}


class SavedSearchResults(Catalogue):
    """What a saved search finds now, a page at a time; `told` are those on this page that were told of, with when."""

    told = fields.List(fields.Nested(ToldOf), required=True)

    example: ClassVar = {**Catalogue.example, "told": [ToldOf.example]}


class RunSavedSearch(PageQuery):
    """Run a saved search again."""

    service = "matching"
    answers = SavedSearchResults
    allowed = (SIGNED_IN,)
    rule = OWNER
    refusals = (NotAcceptedYet, ParticipationNotFound, RoleNotTaken, SavedSearchNotFound)

    saved_search_id = fields.UUID(required=True)
    at_least = Whole(load_default=0, metadata=LEAST)

    example: ClassVar = {"saved_search_id": SAVED_SEARCH_ID, "limit": 25}
