"""Public profiles of two who fit each other, to be changed one thing at a time."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from contracts.words.profile import PublicProfile
from services.matching.ranking import Candidate, read_candidate

SPACE = UUID("5b0e2a52-62a4-4a53-9d4c-6f2f5f0a7e00")
TODAY = date(2027, 2, 1)


def an_id(name: str) -> UUID:
    """The same id for the same name, in every test."""
    return uuid5(SPACE, name)


def profile(name: str = "one", **changes: Any) -> dict[str, Any]:
    """A valid public profile in plain JSON, of the participation called `name`, in which only the changes differ."""
    whose = {f"{kind}_id": str(an_id(f"{name} {kind}")) for kind in ("participation", "organisation", "partnership", "person")}
    return {**PublicProfile.example, **whose, "legal_name": f"Organisation {name}", **changes}


def visitor_profile(name: str = "visitor", **changes: Any) -> dict[str, Any]:
    """A visitor from Spain."""
    own = {
        "roles": ["visitor"], "country": "ES", "can_teach": ["lean production"], "want_to_learn": ["robot welding"],
        "host_preferences": None, "capacity": 0,
        "visitor_preferences": {
            "countries": ["PT"], "organisation_types": ["sme"], "activity_types": ["knowledge_sharing"], "languages": ["en"],
        },
    }  # fmt: skip
    return profile(name, **{**own, **changes})


def host_profile(name: str = "host", **changes: Any) -> dict[str, Any]:
    """A host in Portugal."""
    own = {
        "roles": ["host"], "country": "PT", "organisation_type": "sme", "can_teach": ["robot welding"], "want_to_learn": ["lean production"],
        "visitor_preferences": None, "capacity": 1,
        "host_preferences": {
            "countries": ["ES"], "organisation_types": ["cluster_organisation"], "activity_types": ["knowledge_sharing"], "languages": ["en"],
        },
    }  # fmt: skip
    return profile(name, **{**own, **changes})


def visitor(name: str = "visitor", *, standing: dict[str, Any] | None = None, **changes: Any) -> Candidate:
    """The visitor as the ranking sees it."""
    return read_candidate(visitor_profile(name, **changes), **(standing or {}))


def host(name: str = "host", *, standing: dict[str, Any] | None = None, **changes: Any) -> Candidate:
    """The host as the ranking sees it."""
    return read_candidate(host_profile(name, **changes), **(standing or {}))
