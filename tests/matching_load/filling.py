"""A crowd as the matching service keeps it: accepted participations in its own tables, as if the registry had told of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from contracts.words import CEFR
from contracts.words.profile import PublicProfile
from services.matching.model import Participant
from services.matching.model.listing import OPEN
from services.matching.model.participant import ACCEPTED
from services.matching.ranking import Candidate, Wishes
from tests.matching_load.crowd import Crowd

AT_ONCE = 2000
LEVELS = tuple(CEFR)
PERSON = UUID(int=5 << 100)
LISTED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def fill(engine: Engine, made: Crowd, organisation: UUID, own: int, say: Callable[[str], None]) -> list[UUID]:
    """Write all of them, the first `own` visitors as this organisation's; returns the participations of those."""
    asking: list[UUID] = []
    for start in range(0, len(made), AT_ONCE):
        if start % (20 * AT_ONCE) == 0:
            say(f"{start} of {len(made)} participants are in the database")
        with Session(engine) as session, session.begin():
            for one in map(made.candidate, range(start, min(start + AT_ONCE, len(made)))):
                is_own = len(asking) < own and one.active and "visitor" in one.roles
                asking += [one.participation_id] if is_own else []
                session.add(_participant(one, organisation if is_own else one.organisation_id))
    with engine.begin() as connection:
        # In life so many rows come over weeks, and the database has looked at them long since.
        connection.execute(text("ANALYZE"))
    return asking


def _participant(one: Candidate, organisation: UUID) -> Participant:
    standing = {"state": ACCEPTED if one.active else "paused", "hosting": OPEN, "listing": "current", "listed_at": LISTED_AT}
    found = Participant(participation_id=one.participation_id, revision=None, **standing)
    found.take_over(profile(one, organisation), 1)
    return found


def profile(one: Candidate, organisation: UUID) -> dict[str, Any]:
    """The public profile of a candidate out of the crowd, in plain JSON."""
    told = {
        "participation_id": str(one.participation_id), "organisation_id": str(organisation), "partnership_id": str(one.partnership_id),
        "person_id": str(PERSON), "legal_name": f"Organisation {one.participation_id.hex[:8]}", "organisation_type": one.organisation_type,
        "size": one.size, "country": one.country, "roles": sorted(one.roles), "may_visit": True, "may_host": True,
        "motivation": " ".join(sorted(one.said)), "ecosystems": sorted(one.ecosystems), "nace": sorted(one.nace),
        "technologies": sorted(one.technologies), "topics": sorted(one.topics),
        "can_teach": [item for item, _ in one.can_teach], "want_to_learn": [item for item, _ in one.want_to_learn],
        "languages": [{"language": code, "level": LEVELS[level - 1]} for code, level in sorted(one.languages.items())],
        "availability": [{"start": start.isoformat(), "end": end.isoformat()} for start, end in one.availability],
        "min_days": one.min_days, "max_days": one.max_days, "group_size": one.group_size, "capacity": one.capacity,
        "visibility": one.visibility,
    }  # fmt: skip
    preferences = {f"{role}_preferences": dict(_wished(one.wishes[role])) if role in one.roles else None for role in ("host", "visitor")}
    return {**PublicProfile.example, **told, **preferences}


def _wished(wishes: Wishes) -> Iterator[tuple[str, list[str]]]:
    for name in ("countries", "organisation_types", "activity_types", "languages"):
        yield name, sorted(getattr(wishes, name))
