"""The public profile: what accepted participants see of a participation; nothing personal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.registry.model.participation import Participation

OF_PARTICIPATION = (
    "organisation_id", "partnership_id", "person_id", "roles", "motivation", "ecosystems", "nace", "technologies", "topics",
    "can_teach", "want_to_learn", "languages", "availability", "min_days", "max_days", "group_size", "visibility",
    "may_visit", "may_host", "outermost_region",
)  # fmt: skip
OF_ORGANISATION = (
    "legal_name", "organisation_type", "size", "country", "nuts", "town", "latitude", "longitude", "website", "cluster_member",
)  # fmt: skip


def public_profile(participation: Participation) -> dict[str, Any]:
    """The profile as the catalogue shows it; preferences of a role not taken are None, the capacity of who hosts nobody is 0."""
    hosts, visits = "host" in participation.roles, "visitor" in participation.roles
    organisation = participation.organisation
    return {
        "participation_id": participation.id,
        **{name: getattr(participation, name) for name in OF_PARTICIPATION},
        **{name: getattr(organisation, name) for name in OF_ORGANISATION},
        "host_preferences": participation.preferences["host"] if hosts else None,
        "visitor_preferences": participation.preferences["visitor"] if visits else None,
        "capacity": (participation.capacity or 0) if hosts else 0,
        "sme": organisation.organisation_type == "sme",
    }
