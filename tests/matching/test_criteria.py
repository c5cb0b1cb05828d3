"""Every attribute by which a participant presents itself is one that the catalogue can be narrowed by."""

from __future__ import annotations

from contracts.matching.criteria import CatalogueCriteria
from contracts.words.profile import Preferences, PublicProfile

NARROWED_BY = {
    "legal_name": {"text"}, "motivation": {"text"}, "organisation_type": {"organisation_types"}, "size": {"sizes"}, "country": {"countries"},
    "nuts": {"regions"}, "outermost_region": {"outermost_region"}, "town": {"towns"}, "latitude": {"latitude", "within_km"},
    "longitude": {"longitude", "within_km"}, "roles": {"role"}, "ecosystems": {"ecosystems"}, "nace": {"nace"}, "technologies": {"technologies"},
    "topics": {"topics"}, "can_teach": {"can_teach"}, "want_to_learn": {"want_to_learn"}, "languages": {"languages", "language_level"},
    "availability": {"start", "end"}, "min_days": {"stay_from"}, "max_days": {"stay_to"}, "group_size": {"group_from", "group_to"},
    "capacity": {"places_from"}, "sme": {"sme"}, "cluster_member": {"cluster_member"}, "may_visit": {"may_visit"}, "may_host": {"may_host"},
    "partnership_id": {"partnership_id", "partnerships"},
}  # fmt: skip
WISHES_NARROWED_BY = {
    "countries": "wished_countries",
    "organisation_types": "wished_organisation_types",
    "activity_types": "activity_types",
    "languages": "wished_languages",
}
NOT = {
    "participation_id": "one is opened by it",
    "organisation_id": "nobody types it",
    "person_id": "no person is looked for",
    "website": "an address that leads elsewhere",
    "visibility": "it decides who is found, and by whom",
}
OF_NO_FIELD = {"answers_within_hours"}
"""What is told of a participant, and is no answer of its form."""


def test_every_attribute_narrows_the_catalogue() -> None:
    """A new one of the profile, or of its wishes, needs a criterion, or a reason why it is none; no criterion is about nothing."""
    wishes = {"host_preferences", "visitor_preferences"}
    assert NARROWED_BY.keys() | NOT.keys() | wishes == PublicProfile().fields.keys()
    assert WISHES_NARROWED_BY.keys() == Preferences().fields.keys()
    named = set().union(*NARROWED_BY.values(), WISHES_NARROWED_BY.values())
    assert named | OF_NO_FIELD == CatalogueCriteria().fields.keys()
